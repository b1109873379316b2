"""Contacts with guardians and how they were confirmed; only added to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crisis.duty import roles_at
from crisis.guardian_clock import Confirmation, Told, refuse_confirmation, refuse_contact
from crisis.models import Case, ContactChannel, ContactProof, GuardianContact, MedicalAdvice, NoteKind, SafetyPlan
from crisis.queries.people import colleagues
from crisis.refusals import CaseRefusedError, FieldRefusedError
from xinyu.access.uploads import Kept
from xinyu.audit.entries import record
from xinyu.students.holds import held_guardians
from xinyu.students.models import Guardian
from xinyu.vault.fields import conceal

from .guardian_dues import meet_dues
from .rows import lock_case, write_note

HELD = "这位监护人的联系已暂停（可能与家中伤害有关）：书面决定之前不告知，也不能登记告知。请先办理强制报告。"


@dataclass(frozen=True)
class ContactValues:
    guardian: Guardian
    happened_at: datetime
    channel: str
    is_reached: bool
    told_by: int
    beside: int | None
    content: str = ""
    answer: str = ""
    stance: str = ""
    about_situation: bool = False
    advice: MedicalAdvice | None = None
    safety_plan: SafetyPlan | None = None


def _refuse(case: Case, values: ContactValues) -> None:
    if values.guardian.student_id != case.student_id:
        raise CaseRefusedError("这位监护人不是该学生的监护人。")
    if values.guardian.pk in held_guardians(case.student):
        raise FieldRefusedError("guardian", HELD)
    for row in (values.advice, values.safety_plan):
        if row is not None and row.case_id != case.pk:
            raise CaseRefusedError("告知的内容不属于这份个案。")
    staff = {person for person, _ in colleagues(case.school_id)}
    if not {values.told_by, *filter(None, [values.beside])} <= staff:
        raise CaseRefusedError("告知人和在场老师要是本校现有岗位的老师。")
    has_topic = values.about_situation or values.advice is not None or values.safety_plan is not None
    told = Told(values.channel, values.is_reached, values.told_by, values.beside, values.content, has_topic)
    refused = refuse_contact(told)
    if refused:
        raise FieldRefusedError(*refused)


@transaction.atomic
def record_contact(case: Case, values: ContactValues, *, actor, key: UUID) -> GuardianContact:
    """Write down that a guardian was told, or that nobody answered. `key`: a second click is the same contact.

    Raises FieldRefusedError (also for a guardian who is held back) and CaseRefusedError; nothing is written then.
    """
    roles_at(case.school_id, "crisis.tell_guardian")
    locked = lock_case(case)
    before = GuardianContact.objects.filter(vault_id=key, case=locked).first()
    if before is not None:
        return before
    _refuse(locked, values)
    reached = values.is_reached
    contact = GuardianContact(
        vault_id=key,
        case=locked,
        student_id=locked.student_id,
        guardian=values.guardian,
        happened_at=values.happened_at,
        channel=values.channel,
        is_reached=reached,
        told_by_id=values.told_by,
        beside_id=values.beside,
        about_situation=values.about_situation and reached,
        advice=values.advice if reached else None,
        safety_plan=values.safety_plan if reached else None,
        stance=values.stance if reached else "",
        by=actor,
    )
    conceal(contact, content=values.content, answer=values.answer)
    contact.save()
    met = meet_dues(locked, contact)
    how = ContactChannel(values.channel).label
    if reached:
        body, kind = f"{how}告知监护人（{values.guardian.relation}）。", NoteKind.GUARDIAN
    else:
        body, kind = f"{how}联系监护人（{values.guardian.relation}），没有联系上。", NoteKind.MOVE
    write_note(locked, body, actor=actor, kind=kind, happened_at=values.happened_at)
    record("crisis.tell_guardian", subject=contact, detail={"case": case.pk, "reached": reached, "met": met})
    return contact


@dataclass(frozen=True)
class ProofValues:
    kind: str
    confirmed_at: datetime
    channel: str
    witness: str = ""
    file: Kept | None = None


@transaction.atomic
def confirm_contact(contact: GuardianContact, values: ProofValues, *, actor, key: UUID) -> ContactProof:
    """A signature, a scanned paper, or a refusal with its witness. Raises FieldRefusedError."""
    roles_at(contact.school_id, "crisis.tell_guardian")
    before = ContactProof.objects.filter(vault_id=key, contact=contact).first()
    if before is not None:
        return before
    if not contact.is_reached:
        raise CaseRefusedError("这一次没有联系上监护人，不能登记签字。")
    said = Confirmation(values.kind, values.file is not None, values.witness, contact.told_by.name)
    refused = refuse_confirmation(said)
    if refused:
        raise FieldRefusedError(*refused)
    file = values.file if values.kind in ("drawn", "scan") else None
    proof = ContactProof(
        vault_id=key,
        contact=contact,
        case_id=contact.case_id,
        student_id=contact.student_id,
        kind=values.kind,
        confirmed_at=values.confirmed_at,
        channel=values.channel,
        witness="" if file else values.witness.strip(),
        mime=file.mime if file else "",
        digest=file.digest if file else "",
        by=actor,
    )
    conceal(proof, file=file.text if file else "")
    proof.save()
    record(
        "crisis.confirm_contact",
        subject=proof,
        detail={"contact": contact.pk, "kind": values.kind, "digest": proof.digest},
    )
    return proof
