"""What the pages that a whole school asks for at once save themselves must not cost them anything."""

import time

import pghistory.models
import psycopg2
import pytest
from django.apps import apps
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import path

from assessments.queries.answering import desk
from tests.assessments.sittings import enter, invite, open_screening
from xinyu import urls
from xinyu.access.actor import acting_as
from xinyu.access.allow import for_keyed
from xinyu.access.sessions import SessionStore
from xinyu.audit.entries import record
from xinyu.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
REASONS = {"gone": Http404, "refused": PermissionDenied, "broken": RuntimeError}


@for_keyed("sitting")
def writes_then(request, reason):
    own = desk(int(request.actor.partition(":")[2]))
    record("assessments.begin_sitting", subject="written", school_id=own.school_id)
    if reason in REASONS:
        raise REASONS[reason]
    return HttpResponse(status=409)


handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
urlpatterns = [path("a/<str:reason>/", writes_then)]


@pytest.fixture
def student(here):
    open_screening(here)
    client = enter(invite(here, here.students[0])[1])
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("reason", "status", "kept"), [("gone", 404, 0), ("refused", 403, 0), ("broken", 500, 0), ("answered", 409, 1)]
)
def test_a_page_that_raises_keeps_no_writes(student, settings, reason, status, kept):
    settings.ROOT_URLCONF = __name__
    assert student.get(f"/a/{reason}/").status_code == status
    with acting_as("system:demo"):
        assert AuditEntry.objects.filter(subject="written").count() == kept
        assert AuditEntry.objects.filter(verb="access.denied").count() == (reason == "refused")


def test_who_answers_can_not_change_a_row_that_keeps_its_history(db):
    tracked = [m.pgh_tracked_model for m in apps.get_models() if issubclass(m, pghistory.models.Event)]
    assert len(tracked) >= 3
    with connection.cursor() as cursor:
        for table in {model._meta.db_table for model in tracked}:
            for role in ("xinyu_sitting", "xinyu_door"):
                cursor.execute("SELECT has_table_privilege(%s, %s, 'INSERT, UPDATE, DELETE')", [role, table])
                assert cursor.fetchone() == (False,), (role, table)


def test_a_session_is_kept_and_ends(db):
    first = SessionStore()
    first["actor"] = "sitting:1"
    first.save()
    again = SessionStore(first.session_key)
    assert again["actor"] == "sitting:1" and SessionStore("x" * 32).get("actor") is None
    again["seen"] = 5
    again.save()
    assert SessionStore(first.session_key).load() == {"actor": "sitting:1", "seen": 5}
    first.cycle_key()
    assert first.session_key != again.session_key and not SessionStore(again.session_key).load()
    with pytest.raises(UpdateError):
        again.save()  # ended elsewhere meanwhile
    key = first.session_key
    first.flush()
    assert not SessionStore(key).load() and SessionStore(key).exists(key) is False


def test_an_expired_session_is_nobody(db):
    session = SessionStore()
    session["actor"] = "sitting:1"
    session.set_expiry(-1)
    session.save()
    assert SessionStore(session.session_key).load() == {}


def test_a_connection_that_the_server_has_ended_is_noticed_without_asking(transactional_db):
    connection.ensure_connection()
    assert connection.is_usable()
    login = connection.get_connection_params()
    other = psycopg2.connect(**{k: login[k] for k in ("host", "port", "dbname", "user", "password")})
    with other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    other.close()
    deadline = time.monotonic() + 5
    while connection.is_usable() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not connection.is_usable()
    connection.close()
    assert Client().get("/a/").status_code == 200
