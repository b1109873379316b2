"""建议就医: advise, write down the answer, keep the hospital's own paper."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from crisis.duty import roles_at
from crisis.models import AdviceAnswer, AdviceDocument, Case, MedicalAdvice
from crisis.refusals import CaseRefusedError
from xinyu.access.uploads import Kept
from xinyu.audit.entries import record
from xinyu.vault.fields import conceal

from .guardian_dues import owe_advice
from .rows import lock_case, write_note


@transaction.atomic
def advise_hospital(case: Case, *, actor, advised_at: datetime, reason: str, key: UUID) -> MedicalAdvice:
    """The student may need a doctor: the guardians are to be told at once. `key`: a second click is the same advice."""
    roles_at(case.school_id, "crisis.advise")
    locked = lock_case(case)
    before = MedicalAdvice.objects.filter(vault_id=key, case=locked).first()
    if before is not None:
        return before
    if locked.closed_at is not None:
        raise CaseRefusedError("个案已经结束，请先重新立案。")
    advice = MedicalAdvice(vault_id=key, case=locked, student_id=locked.student_id, advised_at=advised_at, by=actor)
    conceal(advice, reason=reason)
    advice.save()
    owe_advice(locked, advice)
    write_note(locked, "建议就医，立即告知监护人。", actor=actor)
    record("crisis.advise_hospital", subject=advice, detail={"case": case.pk})
    return advice


@transaction.atomic
def answer_advice(
    advice: MedicalAdvice, *, actor, answer: str, on: date, words: str, key: UUID, hospital: str = ""
) -> AdviceAnswer:
    """What the guardian says or has done by that day; the newest answer counts."""
    roles_at(advice.school_id, "crisis.advise")
    before = AdviceAnswer.objects.filter(vault_id=key, advice=advice).first()
    if before is not None:
        return before
    row = AdviceAnswer(
        vault_id=key,
        advice=advice,
        case_id=advice.case_id,
        student_id=advice.student_id,
        answer=answer,
        on=on,
        hospital=hospital,
        by=actor,
    )
    conceal(row, words=words)
    row.save()
    record("crisis.answer_advice", subject=row, detail={"advice": advice.pk, "answer": answer})
    return row


@transaction.atomic
def keep_document(
    case: Case,
    file: Kept,
    *,
    actor,
    advice: MedicalAdvice | None = None,
    is_medical: bool = True,
    title: str,
    hospital: str,
    brought_by: str,
    received_on: date,
    key: UUID,
) -> AdviceDocument:
    """A paper as it came, under the student's key; what it says is nowhere else. `advice`: the one that it answers."""
    roles_at(case.school_id, "crisis.medical_papers")
    if advice is not None and advice.case_id != case.pk:
        raise CaseRefusedError("这条就医建议不属于这份个案。")
    before = AdviceDocument.objects.filter(vault_id=key, case=case).first()
    if before is not None:
        return before
    row = AdviceDocument(
        vault_id=key,
        advice=advice,
        is_medical=is_medical,
        case=case,
        student_id=case.student_id,
        title=title,
        hospital=hospital,
        brought_by=brought_by,
        received_on=received_on,
        mime=file.mime,
        digest=file.digest,
        by=actor,
    )
    conceal(row, file=file.text)
    row.save()
    record("crisis.keep_document", subject=row, detail={"advice": row.advice_id, "digest": row.digest})
    return row
