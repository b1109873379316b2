"""Whose notes are whose: asked of the database directly, then of the page."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from crisis.actions.note_readers import end_reader, name_reader
from crisis.models import Case
from crisis.queries.facts import has_medical_opinion, is_guardian_told
from crisis.refusals import CaseRefusedError
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post

from .cases import noted, second_counselor

pytestmark = pytest.mark.django_db
CANARY = "canary-甲-note"


def notes_seen_by(user) -> int:
    with acting_as(user), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crisis_casenote WHERE body IS NOT NULL")
        return cursor.fetchone()[0]


def test_no_row_of_a_note_body_for_anybody_else(here, there):
    people = {role: user for role, user in here.users.items() if role != "counselor"}
    people |= {"second counselor": second_counselor(here), "outsider": there.counselor}
    there_notes = notes_seen_by(there.counselor)
    seen = {name: notes_seen_by(user) for name, user in people.items()}
    assert notes_seen_by(here.counselor) == 1 and there_notes == 1
    assert {name for name, count in seen.items() if count} == {"outsider"}, "and that one is her own school's"
    with acting_as(there.counselor), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crisis_casenote WHERE school_id = %s", [here.school.pk])
        assert cursor.fetchone()[0] == 0


def test_whom_the_owner_names_reads_until_it_is_taken_back(here):
    other = second_counselor(here)
    with acting_as(here.counselor):
        row = name_reader(here.case, actor=here.counselor, reader_id=other.pk)
        assert name_reader(here.case, actor=here.counselor, reader_id=other.pk).pk == row.pk
    assert notes_seen_by(other) == 1
    with acting_as(here.counselor):
        end_reader(row, actor=here.counselor)
    assert notes_seen_by(other) == 0


def test_only_the_owner_names_and_only_counselors_of_the_school(here, there):
    other = second_counselor(here)
    with acting_as(other), pytest.raises(CaseRefusedError, match="责任人"):
        name_reader(here.case, actor=other, reader_id=other.pk)
    for stranger in (there.counselor, here.principal, here.counselor):
        with acting_as(here.counselor), pytest.raises(CaseRefusedError, match="本校"):
            name_reader(here.case, actor=here.counselor, reader_id=stranger.pk)


def test_notes_go_with_the_case_to_a_new_owner_and_the_author_keeps_her_own(here):
    other = second_counselor(here)
    with acting_as(here.counselor):
        Case.objects.filter(pk=here.case.pk).update(owner=other)
    assert notes_seen_by(other) == 1 and notes_seen_by(here.counselor) == 1


def test_a_named_reader_whose_post_ended_reads_nothing(here):
    other = second_counselor(here)
    with acting_as(here.counselor):
        name_reader(here.case, actor=here.counselor, reader_id=other.pk)
    with acting_as("system:posts"):
        Post.objects.filter(user=other).update(revoked_at=timezone.now(), revoked_by=here.granter)
    assert notes_seen_by(other) == 0


def test_nobody_names_herself_with_a_statement_of_her_own(here):
    other = second_counselor(here)
    name_self = """INSERT INTO crisis_notereader (case_id, reader_id, named_by_id, named_at, school_id)
        VALUES (%s, %s, %s, now(), 0)"""
    with acting_as(other), connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="named_by_another"), transaction.atomic():
            cursor.execute(name_self, [here.case.pk, other.pk, other.pk])
        cursor.execute("SELECT pg_get_functiondef('access_kept_cases'::regproc)")
        assert "named_by_id <> reader_id" in cursor.fetchone()[0], "a row from before the constraint opens nothing"
    assert notes_seen_by(other) == 0


def test_facts_are_the_same_for_whoever_reads_no_note(here):
    other = second_counselor(here)
    noted(here, here.case, kind="medical")
    noted(here, here.case, kind="guardian")
    for user in (other, here.principal):
        with acting_as(user):
            assert has_medical_opinion(here.case) and is_guardian_told(here.case)


def test_the_outsider_learns_no_kind_of_note(here, there):
    noted(here, here.case, kind="medical")
    with acting_as(there.counselor):
        assert not has_medical_opinion(here.case)


def test_the_owner_names_a_reader_on_the_page(here, there, client):
    other = second_counselor(here)

    def enter(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    case_page, readers = (reverse(f"crisis:{name}", args=[here.case.pk]) for name in ("case-page", "reader-list"))
    assert readers in enter(here.counselor).get(case_page).content.decode()
    assert CANARY not in enter(other).get(case_page).content.decode()
    assert "只有责任人能增减" in enter(other).get(readers).content.decode()
    assert enter(other).post(readers, {"reader_id": other.pk}).status_code == 409
    assert enter(here.counselor).post(readers, {"reader_id": ""}).status_code == 422
    assert enter(here.counselor).post(readers, {"reader_id": other.pk}).status_code == 302
    assert CANARY in enter(other).get(case_page).content.decode()
    assert enter(there.counselor).get(readers).status_code == 404
    assert enter(here.principal).get(readers).status_code == 403
