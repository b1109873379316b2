"""A screening is over: what was saved and never handed in is scored as incomplete, and checked for what cannot wait."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from assessments.actions.answering import close_sitting, flag_left_open
from assessments.models import Sitting
from xinyu.access.actor import acting_as

log = logging.getLogger("xinyu.assessments")
TRIAGE = "system:triage"
#: pages in flight when the screening ended may still arrive and be handed in by the students themselves
GRACE = timedelta(minutes=2)
#: a session ends after half an hour without a request: then the student has left
IDLE, STALE = timedelta(minutes=30), timedelta(days=1)


def close_overdue_sittings(now: datetime) -> int:
    """End every begun sitting of an ended screening; returns how many. One transaction each, one failure stops none."""
    with acting_as(TRIAGE):
        overdue = list(_overdue(now))
    return each(overdue, close_sitting)


def flag_idle_sittings(now: datetime) -> int:
    """Saved critical answers of students who walked away; returns how many flags are new."""
    with acting_as(TRIAGE):
        idle = list(_idle(now))
    return each(idle, flag_left_open)


def each(ids: Iterable[int], do: Callable[[int], int]) -> int:
    """Do it to every row, each in a transaction of its own; the sum of what came of it. One failure stops none."""
    done = 0
    for pk in ids:
        try:
            with acting_as(TRIAGE):
                done += do(pk)
        except Exception:  # noqa: BLE001 - the other children's critical answers must not wait for this one
            log.exception("%s could not be done for row %s", do.__name__, pk)
    return done


def _overdue(now: datetime) -> QuerySet:
    """A screening ends by its clock or by hand, whichever comes first."""
    ended = Q(screening__closes_at__lt=now - GRACE) | Q(screening__state="closed", screening__closed_at__lt=now - GRACE)
    return Sitting.objects.filter(ended, state="started").order_by("pk").values_list("pk", flat=True)


def _idle(now: datetime) -> QuerySet:
    """Nothing saved for as long as a session lasts, or the student said "enough for today"; not looked at again after a
    day, closing does that.

    Of a screening that was stopped or paused everything at once: answers in flight get their grace, critical ones do
    not wait until somebody resumes.
    """
    idle = Q(saved__saved_at__range=(now - STALE, now - IDLE))
    stopped = Q(screening__stopped_by__isnull=False, screening__closed_at__gte=now - GRACE)
    said = Q(left_at__gte=now - STALE)
    paused = Q(screening__state="paused", saved__saved_at__gte=now - STALE)
    left = Sitting.objects.filter(idle | stopped | paused | said, state="started", saved__isnull=False)
    return left.order_by("pk").values_list("pk", flat=True)
