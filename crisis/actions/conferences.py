"""研判会: convene, write the minutes with what was decided, confirm them one by one."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from crisis.duty import roles_at
from crisis.looks import level_of
from crisis.models import ActionCard, Case, Conference, MinutesCopy, Seat
from crisis.queries.people import colleagues
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record
from xinyu.audit.signing import sign
from xinyu.vault.fields import conceal

from .rows import lock_case, write_note

FEWEST = 2


@transaction.atomic
def convene(
    case: Case, *, actor, meets_at: datetime, place: str, people: Collection[int], expert: str = ""
) -> Conference:
    """Invite colleagues of the school; whoever convenes has a seat too. Raises CaseRefusedError."""
    roles_at(case.school_id, "crisis.convene")
    locked = lock_case(case)
    if locked.closed_at is not None:
        raise CaseRefusedError("个案已经结束，请先重新立案。")
    invited = {actor.pk, *people}
    if len(invited) < FEWEST:
        raise CaseRefusedError("研判会至少两人参加，请再选一位。")
    if not invited <= {person for person, _ in colleagues(case.school_id)}:
        raise CaseRefusedError("只能邀请本校现有岗位的老师；校外专家请写在“校外专家”里。")
    meeting = Conference.objects.create(
        case=locked, student_id=locked.student_id, convened_by=actor, meets_at=meets_at, place=place, expert=expert
    )
    for person in sorted(invited):
        Seat.objects.create(conference=meeting, case=locked, student_id=locked.student_id, person_id=person)
    record("crisis.convene", subject=meeting, detail={"case": case.pk, "people": len(invited)})
    return meeting


@transaction.atomic
def write_minutes(
    meeting: Conference,
    *,
    actor,
    present: Collection[int],
    body: str,
    level: str,
    colour_until: date | None = None,
) -> Conference:
    """Who was there, what was said (a copy for each of them) and the level that the team puts forward.

    The level itself changes by the statement or the lowering that follows. Raises CaseRefusedError.
    """
    roles_at(meeting.school_id, "crisis.convene")
    case = lock_case(meeting.case)
    meeting = Conference.objects.select_for_update().get(pk=meeting.pk)
    _require_writable(case, meeting, present, colour_until)
    wanted = level_of(level)
    meeting.decided_level, meeting.decided_at, meeting.colour_until = level, timezone.now(), colour_until
    meeting.save(update_fields=["decided_level", "decided_at", "colour_until"])
    meeting.seats.filter(person__in=present).update(was_there=True)
    meeting.seats.exclude(person__in=present).update(was_there=False)
    for person in sorted({actor.pk, *present}):
        copy = MinutesCopy(
            conference=meeting,
            case=case,
            student_id=case.student_id,
            by=actor,
            reader_id=person,
            met_at=meeting.meets_at,
        )
        conceal(copy, body=body)
        copy.save()
    if colour_until is not None and level == case.level:
        ActionCard.objects.filter(case=case, is_live=True).update(shown_level=level, shown_until=colour_until)
    write_note(case, f"研判会（{len(present)} 人到会）：研判级别为{wanted.label}。", actor=actor)
    record("crisis.write_minutes", subject=meeting, detail={"case": case.pk, "level": level, "present": len(present)})
    return meeting


def _require_writable(case: Case, meeting: Conference, present: Collection[int], colour_until: date | None) -> None:
    if meeting.decided_at is not None:
        raise CaseRefusedError("这次研判会的纪要已经登记，不能修改；有新的情况请再开一次。")
    if meeting.meets_at > timezone.now():
        raise CaseRefusedError("研判会还没有开，不能登记纪要。")
    if case.closed_at is not None:
        raise CaseRefusedError("个案已经结束，请先重新立案。")
    if len(set(present)) < FEWEST:
        raise CaseRefusedError("研判会至少两人到会。")
    if not set(present) <= set(meeting.seats.values_list("person_id", flat=True)):
        raise CaseRefusedError("到会人员要在邀请名单里。")
    if colour_until is not None and not timezone.localdate() < colour_until <= case.level_until:
        raise CaseRefusedError("班主任可见级别的日期要晚于今天，且不晚于级别的有效期。")


@transaction.atomic
def sign_minutes(copy: MinutesCopy, *, actor, text: str) -> Seat:
    """Confirm the minutes as read; the view has asked again who it is. A second click changes nothing."""
    seat = Seat.objects.select_for_update().filter(conference_id=copy.conference_id, person=actor).first()
    if seat is None or not seat.was_there:
        raise CaseRefusedError("只有到会人员可以签字确认。")
    if seat.signed_at is None:
        signature = sign(
            f"crisis_conference:{copy.conference_id}",
            purpose="minutes",
            title="研判会纪要",
            content=text,
            role=roles_at(copy.school_id, "crisis.read_minutes")[0],
            school_id=copy.school_id,
        )
        seat.signed_at, seat.signed_digest = signature.at, signature.digest
        seat.save(update_fields=["signed_at", "signed_digest"])
        record("crisis.sign_minutes", subject=seat, detail={"digest": seat.signed_digest})
    return seat
