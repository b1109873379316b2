"""The typed sections of 一人一案: a version is added, never changed; an entry of another student goes to that one."""

import json
from collections.abc import Mapping

from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from crisis.dossier import BY_CODE, TYPED, checked, merged
from crisis.duty import roles_at
from crisis.models import Case, CaseNote, EntryMove, MoveSide, NoteKind, SectionText
from crisis.refusals import CaseRefusedError, StaleVersionError
from xinyu.audit.entries import record
from xinyu.vault.fields import conceal, reveal

from .rows import lock_case

STALE = "在您打开页面之后，这一栏已由别人保存了新的版本。两份内容都在，请核对后再保存。"
NOT_YOURS = "只有写的人和个案责任人可以移动这条内容。"
GONE = "这条内容已经移走。"


def standing(case: Case, section: str) -> SectionText | None:
    """The version that counts: the newest one that was not moved away."""
    return SectionText.objects.filter(case=case, section=section, moved_at=None).order_by("-version").first()


def words_of(row: SectionText | None) -> dict[str, str]:
    return json.loads(reveal(row, "body")) if row is not None and row.body is not None else {}


def _add(case: Case, section: str, texts: Mapping[str, str], *, actor, base: int) -> SectionText:
    last = SectionText.objects.filter(case=case, section=section).aggregate(last=Max("version"))["last"] or 0
    row = SectionText(
        case=case, student_id=case.student_id, section=section, version=last + 1, base=base, by=actor
    )  # fmt: skip
    conceal(row, body=json.dumps(texts, ensure_ascii=False))
    row.save()
    return row


@transaction.atomic
def write_section(case: Case, section: str, texts: Mapping[str, str], *, actor, base: int) -> SectionText:
    """Add a version that was written on version `base` (0: there was none). The same words again add nothing.

    Raises StaleVersionError when another version stands there now: nothing is overwritten. Raises KeyError for a
    section that is not typed.
    """
    roles_at(case.school_id, "crisis.notes")
    typed = {one.code: one for one in TYPED}[section]
    locked, texts = lock_case(case), checked(typed, texts)
    now = standing(locked, section)
    if now is not None and words_of(now) == texts:
        return now
    if (now.version if now else 0) != base:
        raise StaleVersionError(STALE)
    if not texts and now is None:
        raise CaseRefusedError("还没有填写内容。")
    row = _add(locked, section, texts, actor=actor, base=base)
    record("crisis.write_section", subject=row, detail={"case": case.pk, "section": section, "version": row.version})
    return row


def _require_movable(entry: CaseNote | SectionText, held: Case, goal: Case, actor) -> None:
    roles_at(held.school_id, "crisis.notes")
    roles_at(goal.school_id, "crisis.notes")
    if entry.moved_at is not None:
        raise CaseRefusedError(GONE)
    if actor.pk not in (entry.by_id, held.owner_id):
        raise CaseRefusedError(NOT_YOURS)
    if goal.school_id != held.school_id or goal.student_id == held.student_id:
        raise CaseRefusedError("请选择本校另一名学生的个案。")


def _ask_database(statement: str, values: list) -> None:
    """The database asks once more whether she may; what it refuses is a refusal, not an error."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        raise CaseRefusedError(NOT_YOURS) from error


def _write_sides(held: Case, goal: Case, *, actor, what: str, written_at, reason: str) -> None:
    for case, side in ((held, MoveSide.OUT), (goal, MoveSide.IN)):
        move = EntryMove(
            case=case, student_id=case.student_id, side=side, what=what, written_at=written_at, by=actor
        )  # fmt: skip
        conceal(move, reason=reason)
        move.save()


def _lock_both(held: Case, goal: Case) -> tuple[Case, Case]:
    """In one order, whoever moves what where at the same moment."""
    rows = {case.pk: lock_case(case) for case in sorted((held, goal), key=lambda case: case.pk)}
    return rows[held.pk], rows[goal.pk]


@transaction.atomic
def move_note(note: CaseNote, goal: Case, *, actor, reason: str) -> None:
    """The note leaves the wrong file whole and stands in `goal` under that student's key, with its author and time.

    Raises CaseRefusedError for whoever is neither author nor owner, and for what the platform itself wrote.
    """
    held, goal = _lock_both(note.case, goal)
    note = CaseNote.objects.get(pk=note.pk)
    _require_movable(note, held, goal, actor)
    if note.kind == NoteKind.MOVE:
        raise CaseRefusedError("系统写下的状态变更属于这份个案，不能移走。")
    anew = CaseNote(case=goal, student_id=goal.student_id)
    conceal(anew, body=reveal(note, "body"))
    _ask_database("SELECT access_move_note(%s, %s, %s, %s)", [note.pk, goal.pk, anew.vault_id, anew.body])
    _write_sides(held, goal, actor=actor, what=note.kind, written_at=note.added_at, reason=reason)
    detail = {"from": held.pk, "to": goal.pk, "note": str(anew.vault_id)}
    record("crisis.move_note", subject=note, student_id=held.student_id, detail=detail)
    record("crisis.receive_note", subject=goal, student_id=goal.student_id, detail=detail)


@transaction.atomic
def move_section(row: SectionText, goal: Case, *, actor, reason: str) -> SectionText:
    """The newest version leaves the wrong file, which falls back to the one before; its words are added to `goal`.

    Nothing that stands in `goal` is replaced. Raises CaseRefusedError as `move_note`, and for an older version.
    """
    held, goal = _lock_both(row.case, goal)
    row = SectionText.objects.get(pk=row.pk)
    _require_movable(row, held, goal, actor)
    now = standing(held, row.section)
    if now is None or now.pk != row.pk:
        raise CaseRefusedError("这一版之后又有修改：请从最新的一版开始移。")
    there = standing(goal, row.section)
    texts = merged(BY_CODE[row.section], words_of(there), words_of(row))
    _ask_database("SELECT access_empty_section(%s)", [row.pk])
    made = _add(goal, row.section, texts, actor=actor, base=there.version if there else 0)
    _write_sides(held, goal, actor=actor, what=row.section, written_at=row.at, reason=reason)
    detail = {"from": held.pk, "to": goal.pk, "section": row.section}
    record("crisis.move_section", subject=row, student_id=held.student_id, detail=detail)
    record("crisis.receive_section", subject=made, student_id=goal.student_id, detail=detail)
    return made
