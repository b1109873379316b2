"""What people do with flags: open them, answer them with an interview."""

import json
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.choices import EntryKind, Outcome
from assessments.diagnosis_words import with_source
from assessments.models import Flag, Interview
from xinyu.audit.entries import record
from xinyu.students.models import Student
from xinyu.vault.fields import conceal

from .concerns import show_closed, show_seen
from .growth import add_entry


class AlreadyHandledError(Exception):
    """Somebody else has just answered one of the flags (409); the message names who and when."""


@transaction.atomic
def mark_seen(student: Student, *, actor) -> int:
    """The counselor opens the item: every open, unread flag of the student counts as read. How many there were."""
    now = timezone.now()
    unread = Flag.objects.filter(student=student, handled_at__isnull=True, seen_at__isnull=True)
    count = unread.update(seen_at=now, seen_by=actor)
    show_seen(student, now, actor=actor)
    if count:
        record(
            "assessments.open_flags",
            subject=student,
            student_id=student.pk,
            school_id=student.school_id,
            detail={"count": count},
        )
    return count


@transaction.atomic
def acknowledge_flag(flag: Flag, *, actor) -> bool:
    """Whoever a flag climbed to says that he knows and has spoken to the counselor; it stays open."""
    changed = Flag.objects.filter(pk=flag.pk, climbed_to=actor, handled_at__isnull=True, seen_at__isnull=True).update(
        seen_at=timezone.now(), seen_by=actor
    )
    if changed:
        record("assessments.acknowledge_flag", subject=flag)
    return bool(changed)


def _lock_flags(student: Student, flag_ids: Collection[int] | None) -> list[Flag]:
    """The flags to answer, locked in one order. Raises AlreadyHandledError when one is answered already."""
    wanted = Q(handled_at__isnull=True) if flag_ids is None else Q(pk__in=flag_ids)
    flags = list(Flag.objects.select_for_update().filter(wanted, student=student).order_by("pk"))
    done = next((flag for flag in flags if flag.handled_at is not None), None)
    if done is not None:
        talk = Interview.objects.select_related("by").filter(flags=done).first()
        who = talk.by.name if talk else "同事"
        raise AlreadyHandledError(
            f"{who}已于{timezone.localtime(done.handled_at):%m月%d日 %H:%M}登记过这名学生的访谈。"
        )
    return flags


@transaction.atomic
def record_interview(
    student: Student,
    *,
    actor,
    at: datetime,
    outcome: str,
    summary: str,
    watch_until: date | None = None,
    flag_ids: Collection[int] | None = None,
    is_from_hospital: bool = False,
    screeners: dict | None = None,
    is_acute: bool = False,
) -> Interview:
    """Save a talk and answer the student's open flags with it, in one transaction.

    `flag_ids`: the flags that stood on the form; one raised while it was being written stays open. None: every open
    flag. Raises AlreadyHandledError. The outcome 'case' is a row that the crisis app sweeps.
    """
    flags = _lock_flags(student, flag_ids)
    interview = Interview(
        student=student,
        by=actor,
        at=at,
        outcome=Outcome(outcome),
        watch_until=watch_until if outcome == Outcome.WATCH else None,
        is_acute=is_acute,
    )
    answers = json.dumps(screeners, ensure_ascii=False) if screeners else ""
    conceal(interview, summary=with_source(summary) if is_from_hospital else summary, answers=answers)
    interview.save()
    now = timezone.now()
    answered = Flag.objects.filter(pk__in=[flag.pk for flag in flags])
    answered.filter(seen_at__isnull=True).update(seen_at=now, seen_by=actor)
    answered.update(handled_at=now, interview=interview)
    show_closed([flag.pk for flag in flags], now, actor=actor)
    title = f"访谈：{interview.get_outcome_display()}"
    source = f"assessments_interview:{interview.pk}:held"
    add_entry(student, EntryKind.INTERVIEW, timezone.localdate(at), title, source=source, author=actor)
    record("assessments.record_interview", subject=interview, detail={"outcome": str(outcome), "flags": len(flags)})
    return interview
