"""The owner of a case says who else reads its notes, and takes it back."""

from django.db import transaction
from django.utils import timezone

from crisis.duty import roles_at
from crisis.models import Case, NoteReader
from crisis.queries.people import counselors
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record

from .rows import lock_case

OWNERS = "只有个案责任人能决定谁可以看过程记录。"


def _require_owner(case: Case, actor) -> None:
    roles_at(case.school_id, "crisis.notes")
    if case.owner_id != actor.pk:
        raise CaseRefusedError(OWNERS)


@transaction.atomic
def name_reader(case: Case, *, actor, reader_id: int) -> NoteReader:
    """Let another counselor of the school read the notes; naming her twice changes nothing. Raises CaseRefusedError."""
    locked = lock_case(case)
    _require_owner(locked, actor)
    if reader_id == actor.pk or reader_id not in dict(counselors(locked.school_id)):
        raise CaseRefusedError("只能指定本校别的心理教师。")
    row, is_new = NoteReader.objects.get_or_create(
        case=locked, reader_id=reader_id, ended_at=None, defaults={"named_by": actor}
    )
    if is_new:
        record("crisis.name_reader", subject=row, student_id=locked.student_id, detail={"reader": reader_id})
    return row


@transaction.atomic
def end_reader(row: NoteReader, *, actor) -> None:
    """From the next request on she reads only what she wrote. A second click changes nothing."""
    case = lock_case(row.case)
    _require_owner(case, actor)
    if NoteReader.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=timezone.now()):
        record("crisis.end_reader", subject=row, student_id=case.student_id, detail={"reader": row.reader_id})
