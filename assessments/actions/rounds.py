"""The same-day round for several counselors at once: who talks with whom, and what came of it in three taps."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.choices import FlagLevel, FlagSource
from assessments.models import Flag, Interview
from xinyu.audit.entries import record
from xinyu.students.models import Student

from .interviews import AlreadyHandledError, record_interview


class TakenError(Exception):
    """A colleague has this student (409); the message names her."""


class NotForTheRoundError(Exception):
    """Three taps are not enough here, or something has come that nobody has read (409); nothing was answered."""


def in_the_round(school_id: int) -> Q:
    """Open flags of the same-day round: an answer of 1 to the critical item."""
    return Q(school_id=school_id, handled_at=None, source=FlagSource.ITEM, level=FlagLevel.SAME_DAY)


@transaction.atomic
def claim(student: Student, *, actor: Any, is_takeover: bool = False) -> None:
    """This student's open flags are the actor's. Raises TakenError when a colleague has them and it is no takeover."""
    flags = list(Flag.objects.select_for_update(of=("self",)).filter(student=student, handled_at=None).order_by("pk"))
    others = {flag.owner_id for flag in flags} - {None, actor.pk}
    if others and not is_takeover:
        owner = next(flag.owner for flag in flags if flag.owner_id in others)
        raise TakenError(f"{owner.name if owner else '同事'}正在办理这名学生。需要时请先“接手”。")
    mine = [flag.pk for flag in flags if flag.owner_id != actor.pk]
    if mine:
        Flag.objects.filter(pk__in=mine).update(owner=actor)
        record("assessments.claim_flags", subject=student, student_id=student.pk, school_id=student.school_id,
               detail={"count": len(mine), "takeover": bool(others)})  # fmt: skip


@transaction.atomic
def claim_next(school_id: int, *, actor: Any) -> int | None:
    """Whom the actor talks with next: what is hers already, else the longest wait that nobody has; None at the end.

    Rows that a colleague claims at this moment are passed over, not waited for.
    """
    waiting = Flag.objects.filter(in_the_round(school_id)).order_by("klass_id", "raised_at", "pk")
    found = waiting.filter(owner=actor).first()
    if found is None:
        free = waiting.filter(owner=None).select_for_update(skip_locked=True, of=("self",)).first()
        if free is None:
            return None
        claim(Student.objects.get(pk=free.student_id), actor=actor)
        found = free
    return found.student_id


@transaction.atomic
def record_round(
    student: Student, *, actor: Any, outcome: str, note: str, shown: Collection[int], watch_until: Any = None
) -> Interview:
    """A talk of the round: the outcome and a line. It answers the flags that stood on the page (`shown`, their ids).

    Raises TakenError, AlreadyHandledError, and NotForTheRoundError when an immediate flag is open, which wants the full
    form, or one that came while they talked.
    """
    claim(student, actor=actor)
    flags = list(Flag.objects.filter(student=student, handled_at=None))
    if not flags:  # a second click, or a colleague's full form a moment ago
        raise AlreadyHandledError("这名学生的提示刚刚已经办结，没有重复保存。")
    if any(flag.level == FlagLevel.IMMEDIATE for flag in flags):
        raise NotForTheRoundError("这名学生有“立即访谈”的提示，不能用三步办结。请改用“完整访谈”。")
    if {flag.pk for flag in flags} - set(shown):
        raise NotForTheRoundError("谈话时这名学生又有了新的提示，已列在下面。请看过以后再保存。")
    return record_interview(
        student,
        actor=actor,
        at=timezone.now(),
        outcome=outcome,
        summary=note,
        watch_until=watch_until,
        flag_ids=[flag.pk for flag in flags],
    )
