"""The system administrator's page: accounts and passwords, no posts and no student."""

import pytest
from django.urls import reverse

from xinyu.access.actor import acting_as
from xinyu.accounts.models import User
from xinyu.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_reset_password_is_shown_once_and_works(here, enter):
    url = reverse("accounts:staff-reset", args=[here.homeroom.pk])
    page = enter(here.system_admin).post(url)
    person = User.objects.get(pk=here.homeroom.pk)
    shown = page.context["password"]
    assert shown in page.text and person.check_password(shown)
    assert shown not in enter(here.system_admin).get(reverse("accounts:staff-list")).text
    with acting_as(here.audit_admin):
        entry = AuditEntry.objects.get(verb="accounts.reset_password")
    assert shown not in str(entry.detail) and entry.subject == f"accounts_user:{here.homeroom.pk}"


def test_a_stopped_account_sees_nothing_and_can_come_back(here, enter):
    url = reverse("accounts:staff-toggle", args=[here.counselor.pk])
    enter(here.system_admin).post(url)
    assert not User.objects.get(pk=here.counselor.pk).is_active
    assert enter(here.counselor).get(reverse("students:list")).status_code in (302, 403)
    enter(here.system_admin).post(url)
    assert enter(here.counselor).get(reverse("students:list")).status_code == 200


def test_nobody_resets_or_stops_herself(here, enter):
    client = enter(here.system_admin)
    for name in ("accounts:staff-reset", "accounts:staff-toggle"):
        assert client.post(reverse(name, args=[here.system_admin.pk])).status_code == 302
    person = User.objects.get(pk=here.system_admin.pk)
    assert person.is_active and person.password == here.system_admin.password


@pytest.mark.parametrize("role", ["security_admin", "audit_admin", "counselor", "principal", "city_officer", "expired"])
def test_other_roles_are_refused(here, enter, role):
    client = enter(here.users[role])
    assert client.get(reverse("accounts:staff-list")).status_code == 403
    assert client.post(reverse("accounts:staff-reset", args=[here.homeroom.pk])).status_code == 403


def test_the_list_costs_the_same_for_many(here, there, enter, django_assert_max_num_queries):
    client = enter(here.system_admin)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("accounts:staff-list"))
    assert here.homeroom.username in page.text and "重置密码" in page.text and "甲同学" not in page.text
