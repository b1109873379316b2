"""The log only grows, under one's own name; the chain names the row that somebody changed behind our back."""

import threading

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, connections, transaction

from xinyu.access.actor import NoActorError, acting_as
from xinyu.access.postgres.base import as_owner
from xinyu.audit.entries import record, record_view
from xinyu.audit.models import AccessEntry, AuditEntry
from xinyu.audit.verify import signature, verify


def run(sql, *args):
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.mark.django_db
def test_an_entry_needs_an_actor(here):
    with pytest.raises(NoActorError):
        record("x.y", subject="")


@pytest.mark.django_db
def test_nobody_changes_or_deletes_an_entry(here):
    with acting_as(here.counselor):
        record("x.y", subject=here.case)
        record_view([here.students[0]], "growth_file", purpose="月度复核")
        for model in (AuditEntry, AccessEntry):
            for change in (lambda m=model: m.objects.update(actor="user:0"), lambda m=model: m.objects.all().delete()):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    change()
        assert AccessEntry.objects.get().what == "growth_file"


@pytest.mark.django_db
def test_an_entry_is_written_under_ones_own_name_only(here):
    with acting_as(here.counselor), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        columns = "(actor, verb, subject, request_id, detail)"
        run(f"INSERT INTO audit_auditentry {columns} VALUES ('user:1', 'x', '', '', '{{}}')")


@pytest.mark.django_db
def test_the_auditor_reads_codes_of_the_whole_city_and_a_counselor_her_school(here, there):
    with acting_as(here.counselor):
        record("x.here", subject=here.case)
    with acting_as(there.counselor):
        record("x.there", subject=there.case)
        assert [e.verb for e in AuditEntry.objects.filter(verb__startswith="x.")] == ["x.there"]
    with acting_as(here.audit_admin):
        assert {e.verb for e in AuditEntry.objects.filter(verb__startswith="x.")} == {"x.here", "x.there"}


@pytest.mark.django_db(transaction=True)
def test_a_change_behind_our_back_breaks_the_chain(here):
    with acting_as(here.counselor):
        for n in range(3):
            record("x.y", subject=here.case, detail={"n": n})
    call_command("verify_audit")
    with as_owner():
        assert verify().is_sound
        middle = run("SELECT id FROM audit_auditentry WHERE detail = '{\"n\": 1}'")[0][0]
        run("ALTER TABLE audit_auditentry DISABLE TRIGGER access_keep")
        run("UPDATE audit_auditentry SET verb = 'forged' WHERE id = %s", middle)
        run("ALTER TABLE audit_auditentry ENABLE TRIGGER access_keep")
        assert [entry for _, entry in verify().broken] == [middle]
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit")


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_do_not_fork_the_chain(here):
    def write(n: int) -> None:
        for _ in range(10):
            with acting_as(here.counselor):
                record("x.y", subject=here.case, detail={"writer": n})
        connections.close_all()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with as_owner():
        verdict = verify()
    assert verdict.is_sound and verdict.entries >= 60


@pytest.mark.django_db
def test_a_refusal_is_recorded_though_the_request_rolls_back(here, enter):
    client = enter(here.teacher)
    assert client.get("/students/").status_code == 403
    with acting_as(here.audit_admin):
        entry = AuditEntry.objects.get(verb="access.denied")
    assert entry.detail["path"] == "/students/" and entry.actor == f"user:{here.teacher.pk}"


def test_the_signature_of_a_head_depends_on_head_and_time(settings):
    first = signature("abc", "2026-01-01T00:00:00+00:00")
    assert first != signature("abd", "2026-01-01T00:00:00+00:00") != signature("abc", "2026-01-01T01:00:00+00:00")
    settings.SECRET_KEY = "another"
    assert signature("abc", "2026-01-01T00:00:00+00:00") != first
