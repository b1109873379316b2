"""The chase after an acute talk without a level: the sweep asks one person after the other, a statement ends it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from assessments.actions.climbing import crew_of
from assessments.models import Interview
from crisis.acute import due_calls, plan
from crisis.models import AcuteCall, LevelStatement
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record

TRIAGE = "system:triage"


def acute_without_level() -> QuerySet[Interview]:
    """Acute talks after which nobody has stated a level for the student."""
    stated = LevelStatement.objects.filter(student=OuterRef("student"), at__gte=OuterRef("added_at"))
    return Interview.objects.filter(~Exists(stated.order_by()), is_acute=True).order_by("added_at", "pk")


def chase_acute_talks(now: datetime | None = None) -> int:
    """The sweep: whoever has to be asked by now is; how many were new. One transaction per talk."""
    now = now or timezone.now()
    with acting_as(TRIAGE):
        waiting = [talk.pk for talk in acute_without_level()]
    called = 0
    for pk in waiting:
        with acting_as(TRIAGE):
            called += _call(pk, now)
    return called


def _call(interview_id: int, now: datetime) -> int:
    talk = Interview.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=interview_id).first()
    if talk is None:  # a level is being confirmed this moment: the next round looks again
        return 0
    ladder = crew_of(talk.school_id, now).people
    people = {**ladder, "counselor": [*ladder.get("counselor", ()), *ladder.get("deputy", ())]}
    known = set(AcuteCall.objects.filter(interview=talk).values_list("person_id", flat=True))
    fresh = [one for one in due_calls(plan(talk.added_at, talk.by_id, people), now) if one.person not in known]
    for one in fresh:
        AcuteCall.objects.create(
            student_id=talk.student_id,
            interview=talk,
            person_id=one.person,
            rung=one.rung,
            held_at=talk.added_at,
            due_at=one.due_at,
        )
    if fresh:
        record("crisis.call_acute", subject=talk, detail={"rungs": sorted({one.rung for one in fresh})})
    return len(fresh)


def end_calls(student_id: int) -> int:
    """A level has been stated: nobody is asked any more. Called in that transaction."""
    return AcuteCall.objects.filter(student_id=student_id, ended_at=None).update(ended_at=timezone.now())


@transaction.atomic
def see_call(call: AcuteCall, *, actor) -> None:
    """A leader says that he knows and that somebody is with the student; the chase goes on until there is a level."""
    mine = AcuteCall.objects.filter(pk=call.pk, person=actor, seen_at=None, ended_at=None)
    if mine.update(seen_at=timezone.now()):
        record("crisis.see_acute_call", subject=call)
