"""A guardian's decision as a member of staff took it down. Decisions are only added; the newest one counts."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from xinyu.audit.entries import record

from ..holds import HELD, held_guardians
from ..models import Channel, Decision, Guardian, GuardianDecision, Purpose, Student
from ..notices import digest_of

#: channels by which staff take decisions down; the others come from the guardian's own link or code
BY_STAFF = (Channel.PAPER, Channel.PHONE)


@transaction.atomic
def record_decision(
    student: Student,
    guardian: Guardian | None,
    *,
    purpose: Purpose | str,
    decision: Decision | str,
    channel: Channel | str,
    notice_version: str,
    decided_at: datetime,
    is_verified: bool = False,
    actor=None,
) -> GuardianDecision:
    """`guardian` None: the student's own decision (from 14). Raises PermissionDenied for another student's guardian."""
    if guardian is not None and guardian.student_id != student.pk:
        raise PermissionDenied("这位监护人不是该学生的监护人。")
    if guardian is not None and decision == Decision.GIVEN and guardian.pk in held_guardians(student):
        raise PermissionDenied(HELD)
    row = GuardianDecision(
        student=student,
        guardian=guardian,
        purpose=purpose,
        decision=decision,
        channel=channel,
        notice_version=notice_version,
        notice_hash=digest_of(notice_version),
        decided_at=decided_at,
        is_verified=is_verified,
        recorded_by=actor,
    )
    row.save()
    detail = {"purpose": str(purpose), "decision": str(decision), "channel": str(channel)}
    record("students.record_decision", subject=row, student_id=student.pk, detail=detail)
    return row
