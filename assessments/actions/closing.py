"""A screening is over: what was saved and never handed in is scored as incomplete, and checked for what cannot wait."""

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from assessments.actions.answering import close_sitting
from assessments.models import Sitting
from xinyu.access.actor import acting_as

log = logging.getLogger("xinyu.assessments")
TRIAGE = "system:triage"
#: pages in flight when the screening ended may still arrive and be handed in by the students themselves
GRACE = timedelta(minutes=2)


def close_overdue_sittings(now: datetime) -> int:
    """End every begun sitting of an ended screening; returns how many. One transaction each, one failure stops none."""
    with acting_as(TRIAGE):
        overdue = list(_overdue(now))
    closed = 0
    for sitting_id in overdue:
        try:
            with acting_as(TRIAGE):
                closed += close_sitting(sitting_id)
        except Exception:  # noqa: BLE001 - the other children's critical answers must not wait for this one
            log.exception("sitting %s could not be closed", sitting_id)
    return closed


def _overdue(now: datetime):
    """A screening ends by its clock or by hand, whichever comes first."""
    ended = Q(screening__closes_at__lt=now - GRACE) | Q(screening__state="closed", screening__closed_at__lt=now - GRACE)
    begun = Sitting.objects.filter(ended, state="started").order_by("pk")
    return begun.values_list("pk", flat=True)
