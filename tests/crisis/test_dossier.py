"""Typed sections: added version by version, read by the school's counselors, never overwritten, moved whole."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crisis.actions.dossier import move_note, move_section, standing, words_of, write_section
from crisis.actions.notes import add_note
from crisis.models import Case, CaseNote, EntryMove, SectionText
from crisis.queries.facts import is_guardian_told
from crisis.refusals import CaseRefusedError, StaleVersionError
from xinyu.access.actor import acting_as
from xinyu.access.postgres.base import as_owner
from xinyu.audit.models import AuditEntry
from xinyu.vault.fields import reveal

from .cases import noted, opened, second_counselor

pytestmark = pytest.mark.django_db
WRONG = "canary-写错了的话"


def write(user, case, *, base=0, section="risk", **texts):
    with acting_as(user):
        return write_section(case, section, texts or {"plan": "没有"}, actor=user, base=base)


def everything_in(case) -> bytes:
    """Every sealed byte and every plain word of the case's notes and sections, as the owner of the tables sees them."""
    with acting_as("system:reports"):
        found = []
        for model in (CaseNote, SectionText, EntryMove):
            found += [bytes(row.body or b"") for row in model.objects.filter(case=case) if hasattr(row, "body")]
    return b"|".join(found)


def test_versions_are_added_and_say_on_which_they_stand(here):
    first = write(here.counselor, here.case, plan="没有")
    second = write(here.counselor, here.case, base=first.version, plan="有，说过时间")
    assert (second.version, second.base, second.by_id) == (2, 1, here.counselor.pk)
    with acting_as(here.counselor):
        assert words_of(SectionText.objects.get(pk=first.pk)) == {"plan": "没有"}
        assert write_section(here.case, "risk", {"plan": "有，说过时间"}, actor=here.counselor, base=1).pk == second.pk


def test_the_second_of_two_writers_overwrites_nothing(here):
    other = second_counselor(here)
    write(here.counselor, here.case, plan="甲看到的")
    with pytest.raises(StaleVersionError):
        write(other, here.case, base=0, plan="乙看到的")
    write(other, here.case, base=1, plan="甲看到的\n乙看到的")
    with acting_as(other):
        assert SectionText.objects.filter(case=here.case).count() == 2


def test_a_version_is_never_changed_not_even_by_its_author(here):
    row = write(here.counselor, here.case)
    with acting_as(here.counselor), pytest.raises(DatabaseError), transaction.atomic():
        SectionText.objects.filter(pk=row.pk).update(body=None, moved_at=timezone.now())
    with acting_as(here.counselor), pytest.raises(DatabaseError), transaction.atomic():
        SectionText.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    "change",
    [
        "body = 'x'",
        "kind = 'talk'",
        "moved_at = now()",
        "body = NULL",
        "body = NULL, moved_at = now(), kind = 'medical'",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_the_table_lets_go_of_a_text_and_of_nothing_else(here, change):
    noted(here, here.case, kind="home_visit", body=WRONG)
    with as_owner(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(f"UPDATE crisis_casenote SET {change} WHERE kind = 'home_visit'")  # noqa: S608 - constants
        cursor.execute("UPDATE crisis_casenote SET body = NULL, moved_at = now() WHERE kind = 'home_visit'")
        assert cursor.rowcount == 1
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():  # once, and never back
            cursor.execute("UPDATE crisis_casenote SET body = 'x', moved_at = NULL WHERE kind = 'home_visit'")


def test_only_counselors_of_the_school_have_a_row_of_a_section(here, there):
    write(here.counselor, here.case)
    write(there.counselor, there.case)
    people = here.users | {"second": second_counselor(here), "outsider": there.counselor}
    seen = set()
    for name, user in people.items():
        with acting_as(user):
            if SectionText.objects.filter(case_id=here.case.pk).exists():
                seen.add(name)
    assert seen == {"counselor", "second"}


def test_principal_and_outsider_write_nothing(here, there):
    for user in (here.principal, there.counselor):
        with pytest.raises(PermissionDenied):
            write(user, here.case)


def test_a_moved_note_leaves_whole_and_keeps_author_and_time(here):
    goal, other = opened(here, here.students[1]), second_counselor(here)
    with acting_as(other):
        note = add_note(
            here.case, actor=other, kind="guardian", happened_at=timezone.now(), body=WRONG, key=uuid4()
        )  # fmt: skip
    with acting_as(here.counselor):
        assert is_guardian_told(here.case) and not is_guardian_told(goal)
        old = bytes(note.body)
        move_note(note, goal, actor=here.counselor, reason="选错了学生")  # the owner of the wrong case
        assert not is_guardian_told(here.case) and is_guardian_told(goal)
        moved = CaseNote.objects.get(case=goal, kind="guardian")
        assert (moved.by_id, moved.happened_at, moved.added_at) == (other.pk, note.happened_at, note.added_at)
        gone = CaseNote.objects.get(pk=note.pk)
        assert gone.body is None and gone.moved_at is not None
        assert reveal(moved, "body") == WRONG
        sides = dict(EntryMove.objects.values_list("side", "case_id"))
        assert sides == {"out": here.case.pk, "in": goal.pk}
    assert old not in everything_in(here.case)
    with acting_as(here.audit_admin):
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
        details = str(list(AuditEntry.objects.filter(verb__contains="_note").values_list("detail", flat=True)))
    assert {"crisis.move_note", "crisis.receive_note"} <= verbs and WRONG not in details


def test_only_author_and_owner_move_and_never_out_of_the_school(here, there):
    goal, other = opened(here, here.students[1]), second_counselor(here)
    note = noted(here, here.case, body=WRONG)
    row = write(here.counselor, here.case)
    for entry, move in ((note, move_note), (row, move_section)):
        with acting_as(other), pytest.raises((CaseRefusedError, type(entry).DoesNotExist)):
            move(entry, goal, actor=other, reason="不该")
        with acting_as(here.counselor), pytest.raises(Case.DoesNotExist):
            move(entry, there.case, actor=here.counselor, reason="不该")
    with acting_as(here.counselor):
        assert CaseNote.objects.get(pk=note.pk).moved_at is None
        own = CaseNote.objects.filter(case=goal, kind="move").first()
        with pytest.raises(CaseRefusedError, match="状态变更"):
            move_note(own, here.case, actor=here.counselor, reason="不该")


@pytest.mark.parametrize("who", ["principal", "homeroom", "outsider", "second"])
def test_the_database_itself_moves_nothing_for_anybody_else(here, there, who):
    goal, note = opened(here, here.students[1]), noted(here, here.case, body=WRONG)
    row = write(here.counselor, here.case)
    user = {"outsider": there.counselor, "second": second_counselor(here)}.get(who) or here.users[who]
    for statement, values in (
        ("SELECT access_move_note(%s, %s, %s, %s)", [note.pk, goal.pk, uuid4(), b"x"]),
        ("SELECT access_empty_section(%s)", [row.pk]),
    ):
        with acting_as(user), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)


def test_a_moved_section_falls_back_and_replaces_nothing(here):
    goal = opened(here, here.students[1])
    write(here.counselor, here.case, plan="这名学生的")
    write(here.counselor, goal, plan="那名学生的")
    wrong = write(here.counselor, here.case, base=1, plan=WRONG)
    with acting_as(here.counselor):
        move_section(wrong, goal, actor=here.counselor, reason="选错了学生")
        assert words_of(standing(here.case, "risk")) == {"plan": "这名学生的"}
        assert words_of(standing(goal, "risk")) == {"plan": f"那名学生的\n{WRONG}"}
        with pytest.raises(CaseRefusedError, match="移走"):
            move_section(wrong, goal, actor=here.counselor, reason="再点一次")
        assert EntryMove.objects.count() == 2
    again = write(here.counselor, here.case, base=1, plan="后来补的")
    assert again.version == 3


def test_an_older_version_waits_for_the_newer_one(here):
    goal = opened(here, here.students[1])
    first = write(here.counselor, here.case, plan="一")
    write(here.counselor, here.case, base=1, plan="二")
    with acting_as(here.counselor), pytest.raises(CaseRefusedError, match="最新"):
        move_section(first, goal, actor=here.counselor, reason="不行")
