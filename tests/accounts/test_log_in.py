"""Logging in and out, the second factor, failures and their limit."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache

from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSWORD = "quiet-river-42"


@pytest.fixture(autouse=True)
def forget_limits():
    cache.clear()


@pytest.fixture
def counselor(here):
    here.counselor.set_password(PASSWORD)
    here.counselor.save(update_fields=["password"])
    return here.counselor


def log_in(client, user, password=PASSWORD):
    return client.post("/account/login/", {"login": user.username, "password": password})


def entries(verb):
    with acting_as("system:demo"):
        return list(AuditEntry.objects.filter(verb=verb))


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_in_and_out(client, counselor, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    assert "密码" in client.get("/account/login/").text
    assert log_in(client, counselor).url == "/"
    assert client.get("/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/").url.startswith("/account/")
    assert len(entries("accounts.logged_in")) == 1 and len(entries("accounts.logged_out")) == 1


def test_a_failed_log_in_is_recorded_without_what_was_typed(client, counselor):
    answer = log_in(client, counselor, "wrong-password-1")
    assert answer.status_code == 200 and "wrong-password-1" not in answer.text
    [entry] = entries("accounts.login_failed")
    assert counselor.username not in str(entry.detail) + entry.subject


def test_failures_are_limited_per_account_and_not_per_address(client, counselor, here, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    for _ in range(12):
        answer = log_in(client, counselor, "wrong-password-1")
    assert "过多" in answer.text
    assert "_auth_user_id" not in client.session
    here.homeroom.set_password(PASSWORD)
    here.homeroom.save(update_fields=["password"])
    assert log_in(client, here.homeroom).url == "/"


def test_whoever_sees_names_must_set_up_a_second_factor_and_then_use_it(client, counselor, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    log_in(client, counselor)
    assert client.get("/students/").url == "/account/2fa/totp/activate/"
    again = client.get(
        "/account/2fa/totp/activate/"
    ).url  # secrets are shown only after the password was asked once more
    assert client.post(again, {"password": PASSWORD}).status_code == 302
    page = client.get("/account/2fa/totp/activate/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.text)[1]
    done = client.post("/account/2fa/totp/activate/", {"code": code_for(secret)})
    assert done.status_code == 302, done.text
    assert client.get("/students/").status_code == 200
    client.post("/account/logout/")
    assert "2fa" in log_in(client, counselor).url
    assert client.get("/students/").status_code == 302
    cache.clear()  # the same code counts once within its half minute
    assert client.post("/account/2fa/authenticate/", {"code": code_for(secret)}).status_code == 302
    assert client.get("/students/").status_code == 200


def test_nobody_needs_a_second_factor_who_sees_no_names(client, here, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(here.county_officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/").status_code == 200


def test_there_is_no_sign_up(client, db):
    answer = client.get("/account/signup/")
    assert "signup" not in answer.text and "<form" not in answer.text
