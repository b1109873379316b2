"""What every action of this app writes beside its own change: a note of the move, a line in the growth file."""

from datetime import datetime

from django.utils import timezone

from assessments.actions.growth import add_entry
from assessments.choices import EntryKind
from crisis.models import Case, CaseNote, NoteKind
from crisis.refusals import STALE, StaleVersionError
from xinyu.vault.fields import conceal


def lock_case(case: Case, version: int | None = None) -> Case:
    """The case as it stands, locked until commit. Raises StaleVersionError when it is not `version`."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if version is not None and locked.version != version:
        raise StaleVersionError(STALE)
    return locked


def write_note(
    case: Case, body: str, *, actor, kind: str = NoteKind.MOVE, happened_at: datetime | None = None
) -> CaseNote:
    """A note that the platform words itself; the person who acted is its author. It happened now unless said."""
    at = happened_at or timezone.now()
    note = CaseNote(case=case, student_id=case.student_id, kind=kind, happened_at=at, by=actor)
    conceal(note, body=body)
    note.save()
    return note


def write_entry(case: Case, event: str, title: str, *, actor) -> None:
    """One line in the student's growth file; `event` makes it the same line when it is told twice."""
    add_entry(
        case.student,
        EntryKind.CASE,
        timezone.localdate(),
        title,
        source=f"crisis_case:{case.pk}:{event}",
        author=actor,
    )
