"""Notes of a case: only added to. A mistake is corrected by a note of its own."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from assessments.diagnosis_words import with_source
from crisis.duty import roles_at
from crisis.models import Case, CaseNote, NoteKind
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record
from xinyu.students.holds import is_held
from xinyu.vault.fields import conceal


@transaction.atomic
def add_note(
    case: Case,
    *,
    actor,
    kind: str,
    happened_at: datetime,
    body: str,
    key: UUID,
    is_from_hospital: bool = False,
) -> CaseNote:
    """Add a note; `key` comes with the form, so that a second click is the same note.

    Medical information is always marked as given by a hospital or a guardian (精神卫生法 §23).
    """
    roles_at(case.school_id, "crisis.notes")
    before = CaseNote.objects.filter(vault_id=key, case=case).first()
    if before is not None:
        return before
    if kind == NoteKind.GUARDIAN and is_held(case.student):
        raise CaseRefusedError("监护人告知已暂停，书面决定之前不能登记告知。")
    note = CaseNote(
        case=case, student_id=case.student_id, kind=NoteKind(kind), happened_at=happened_at, by=actor, vault_id=key
    )
    conceal(note, body=with_source(body) if is_from_hospital else body)
    note.save()
    record("crisis.add_note", subject=note, detail={"case": case.pk, "kind": str(kind)})
    return note
