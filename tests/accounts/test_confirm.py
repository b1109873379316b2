"""An unlocked screen is not a person: granting, approving and exporting ask for the password again."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import add_post, make_user
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post
from xinyu.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSWORD = "quiet-river-42"


@pytest.fixture
def with_password(here):
    def log_in(user):
        client = Client()
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        entered = client.post("/account/login/", {"login": user.username, "password": PASSWORD})
        assert entered.status_code == 302, entered.text
        return client

    return log_in


def test_a_form_that_grants_or_exports_asks_before_anything_is_typed(here, with_password):
    for user, url in (
        (here.security_admin, reverse("accounts:post-grant")),
        (here.security_admin, reverse("accounts:staff-create")),
        (here.counselor, reverse("reports:growth-file-request", args=[here.students[0].pk])),
        (here.counselor, reverse("reports:case-file-request", args=[here.case.pk])),
    ):
        client = with_password(user)
        asked = client.get(url)
        assert asked.status_code == 302 and asked.url.startswith("/account/reauthenticate/")
        assert client.post(asked.url, {"password": "wrong"}).status_code == 200
        assert client.get(url).status_code == 302
        back = client.post(asked.url, {"password": PASSWORD})
        assert back.url == url and client.get(url).status_code == 200


def test_a_pressed_approval_is_carried_out_after_the_proof_and_not_before(here, with_password):
    with acting_as("system:demo"):
        waiting = add_post(
            make_user("newcomer"), "counselor", here.school, granter=here.granter, approver=None, approved_at=None
        )
    client = with_password(here.principal)
    asked = client.post(reverse("accounts:post-approve", args=[waiting.pk]))
    with acting_as(here.principal):
        assert Post.objects.get(pk=waiting.pk).approved_at is None
    done = client.post(asked.url, {"password": PASSWORD})
    assert done.status_code == 302 and done.url == reverse("accounts:post-list")
    with acting_as(here.principal):
        assert Post.objects.get(pk=waiting.pk).approved_by == here.principal


def test_what_is_sent_after_the_proof_has_run_out_is_not_done_and_not_lost(here, with_password):
    page, typed = reverse("crisis:ledgers"), {"ledger": "register", "kind": "xlsx", "purpose": "迎检自查"}
    client = with_password(here.principal)
    asked = client.post(page, typed)
    assert asked.status_code == 409 and 'name="purpose" value="迎检自查"' in asked.content.decode()
    with acting_as(here.audit_admin):
        assert not AuditEntry.objects.filter(verb="crisis.print_ledger").exists()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(page, typed).status_code == 200
