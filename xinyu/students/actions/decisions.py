"""A guardian's decision as a member of staff took it down. Decisions are only added; the newest one counts.

A yes on the telephone counts once a second person, who listened, has said so herself; a no counts at once.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from xinyu.audit.entries import record

from ..holds import HELD, held_guardians
from ..models import Channel, Decision, Guardian, GuardianDecision, GuardianNotice, Purpose, Student
from ..notices import NOTICES, digest_of

#: channels by which staff take decisions down; the others come from the guardian's own link or code
BY_STAFF = (Channel.PAPER, Channel.PHONE)


class DecisionRefused(ValueError):
    """It can not be taken down like this; the text says why."""


def needs_witness(channel: Channel | str, decision: Decision | str) -> bool:
    return channel == Channel.PHONE and decision == Decision.GIVEN


def hash_of(version: str) -> str:
    """SHA-256 of the text that a version stands for. Raises KeyError for a version that was never issued."""
    if version in NOTICES:
        return digest_of(version)
    row = GuardianNotice.objects.filter(version=version).only("digest").first()
    if row is None:
        raise KeyError(version)
    return row.digest


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
    witness=None,
    actor=None,
) -> GuardianDecision:
    """`guardian` None: the student's own decision (from 14). Raises PermissionDenied for another student's guardian.

    `witness`: who listened to a telephone call; the decision is unverified until she confirms it.
    """
    if guardian is not None and guardian.student_id != student.pk:
        raise PermissionDenied("这位监护人不是该学生的监护人。")
    if guardian is not None and decision == Decision.GIVEN and guardian.pk in held_guardians(student):
        raise PermissionDenied(HELD)
    by_two = needs_witness(channel, decision)
    if by_two and (witness is None or witness == actor):
        raise DecisionRefused("电话同意须由另一位在场的老师确认。")
    row = GuardianDecision(
        student=student,
        guardian=guardian,
        purpose=purpose,
        decision=decision,
        channel=channel,
        notice_version=notice_version,
        notice_hash=hash_of(notice_version),
        decided_at=decided_at,
        is_verified=is_verified and not by_two,
        witness=witness if by_two else None,
        recorded_by=actor,
    )
    row.save()
    detail = {"purpose": str(purpose), "decision": str(decision), "channel": str(channel)}
    record("students.record_decision", subject=row, student_id=student.pk, detail=detail)
    return row


@transaction.atomic
def confirm_decision(heard: GuardianDecision, *, actor) -> GuardianDecision:
    """The second person at the telephone: her own row says the same, verified. Raises DecisionRefused."""
    if heard.witness_id != actor.pk or heard.recorded_by_id == actor.pk:
        raise DecisionRefused("这条电话决定不是请您确认的。")
    if GuardianDecision.objects.filter(confirms=heard).exists():
        raise DecisionRefused("您已经确认过。")
    row = GuardianDecision.objects.create(
        student_id=heard.student_id,
        guardian_id=heard.guardian_id,
        purpose=heard.purpose,
        decision=heard.decision,
        channel=heard.channel,
        notice_version=heard.notice_version,
        notice_hash=heard.notice_hash,
        decided_at=heard.decided_at,
        is_verified=True,
        recorded_by=actor,
        confirms=heard,
    )
    record("students.confirm_decision", subject=row, detail={"decision": heard.decision})
    return row
