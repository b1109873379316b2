"""What the guardian is owed: begun by a level or an advice, met by a contact, begun anew after a hold."""

from django.utils import timezone

from crisis.guardian_clock import AT_ONCE_MINUTES, counts, due_at, restarted
from crisis.looks import level_of
from crisis.models import Case, DueCause, GuardianContact, GuardianDue, LevelStatement, MedicalAdvice


def open_dues(case: Case):
    return GuardianDue.objects.filter(case=case, met_at__isnull=True, called_off_at__isnull=True)


def call_off_dues(case: Case, cause: str = "") -> int:
    waiting = open_dues(case).filter(cause=cause) if cause else open_dues(case)
    return waiting.update(called_off_at=timezone.now())


def owe_level(case: Case, statement: LevelStatement) -> GuardianDue | None:
    """A level was confirmed or raised: its limit takes the place of an older one that still waits."""
    hours = level_of(statement.level).guardian_hours
    if hours is None:
        return None
    call_off_dues(case, DueCause.LEVEL)
    now = timezone.now()
    return GuardianDue.objects.create(
        case=case,
        student_id=case.student_id,
        cause=DueCause.LEVEL,
        statement=statement,
        since_at=now,
        within_minutes=hours * 60,
        due_at=due_at(now, hours * 60),
    )


def owe_advice(case: Case, advice: MedicalAdvice) -> GuardianDue:
    """A mental disorder may be there: the school tells the guardians at once (预防未成年人犯罪法 §19)."""
    return GuardianDue.objects.create(
        case=case,
        student_id=case.student_id,
        cause=DueCause.ADVICE,
        advice=advice,
        since_at=advice.advised_at,
        within_minutes=AT_ONCE_MINUTES,
        due_at=due_at(advice.advised_at, AT_ONCE_MINUTES),
    )


def restart_dues(case: Case) -> int:
    """The hold is over: the clock of whatever still waits runs from now on."""
    now, waiting = timezone.now(), list(open_dues(case))
    for due in waiting:
        due.due_at = restarted(due.due_at, due.within_minutes, now)
        due.save(update_fields=["due_at"])
    return len(waiting)


def meet_dues(case: Case, contact: GuardianContact) -> int:
    """The contact meets what it was about. How many dues it met."""
    met = 0
    for due in open_dues(case):
        is_about = contact.about_situation if due.cause == DueCause.LEVEL else contact.advice_id == due.advice_id
        if is_about and counts(due.since_at, contact.happened_at, is_reached=contact.is_reached):
            due.contact, due.met_at = contact, contact.happened_at
            due.save(update_fields=["contact", "met_at"])
            met += 1
    return met
