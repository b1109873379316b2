"""A no that comes while a screening runs: whoever has not begun is taken out, whoever has begun is let go.

The door itself asks for a no before a sitting begins (door_functions); this sweep makes lists, boards and reminders say
the same, and ends what is under way. A yes that comes late is followed where lists are made (screenings, waves).
"""

import logging

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessments.actions.answering import let_go
from assessments.actions.closing import each
from assessments.choices import WAITING, SittingState, WordKind
from assessments.consent import may_be_asked
from assessments.models import CoverageTicket, Screening, Sitting, SittingWord
from assessments.queries.screenings import consents
from assessments.screening_flow import CLOSED
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.students.models import Decision, GuardianDecision, Purpose, Student

log = logging.getLogger("xinyu.assessments")
JOB = "system:reminders"


def heed_refusals() -> str:
    """One of the sweeps: every screening that is not over, private ones as well; the outcome in words.

    What is over by hand or by the clock stays as it was: its figures have been told.
    """
    with acting_as(JOB):
        waiting = Sitting.objects.filter(screening=OuterRef("pk"), state__in=WAITING)
        running = Screening.objects.exclude(state=CLOSED).filter(Exists(waiting), closes_at__gt=timezone.now())
        ids = list(running.order_by("pk").values_list("pk", flat=True))
    out = ended = 0
    for pk in ids:
        try:
            with acting_as(JOB):
                begun, taken = _heed(pk)
            out += taken
            ended += each(begun, let_go)
        except Exception:  # noqa: BLE001 - one school's trouble must not keep another family's no waiting
            log.exception("refusals in screening %s could not be heeded", pk)
    return f"{out} taken out, {ended} let go" if out or ended else ""


@transaction.atomic
def _heed(pk: int) -> tuple[list[int], int]:
    """(sittings under way that must end, how many were taken out before they began)."""
    screening = Screening.objects.select_for_update(no_key=True).get(pk=pk)
    waiting = Sitting.objects.filter(screening=screening, state__in=WAITING)
    if screening.state == CLOSED or screening.closes_at <= timezone.now():
        return [], 0
    no = GuardianDecision.objects.filter(purpose=Purpose.SCREENING).exclude(decision=Decision.GIVEN)
    asked = Student.objects.filter(pk__in=waiting.values("student_id"))
    spoken = list(asked.filter(pk__in=no.values("student_id")))
    if not spoken:
        return [], 0
    found = consents(screening, spoken, timezone.localdate())
    refused = {pk for pk, consent in found.items() if not may_be_asked(consent, screening.legal_basis)}
    rows = list(waiting.select_for_update().filter(student_id__in=refused))
    out = [row for row in rows if row.state == SittingState.INVITED]
    Sitting.objects.filter(pk__in=[row.pk for row in out]).update(state=SittingState.EXEMPT)
    words = [SittingWord(sitting=row, kind=WordKind.NO_CONSENT) for row in rows]
    SittingWord.objects.bulk_create(words, ignore_conflicts=True)
    if out:
        CoverageTicket.objects.create(screening=screening)
        record("assessments.heed_refusals", subject=screening, detail={"taken_out": len(out)})
    return [row.pk for row in rows if row.state == SittingState.STARTED], len(out)
