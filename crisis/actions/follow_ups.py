"""Follow-ups: begun with a level, the next one made when one is held, called off when the case ends."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from crisis.duty import roles_at
from crisis.follow_ups import due_day, load_series
from crisis.looks import level_of
from crisis.models import Case, FollowUp
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record

from .notes import add_note
from .rows import lock_case


def call_off(case: Case) -> int:
    """No follow-up waits any more. How many did."""
    waiting = FollowUp.objects.filter(case=case, held_at=None, called_off_at=None)
    return waiting.update(called_off_at=timezone.now())


def begin_series(case: Case) -> FollowUp:
    """The series of the case's level from today on; what waited of an older one is called off."""
    call_off(case)
    return _plan(case, case.level, timezone.localdate(), 1)


def _plan(case: Case, level: str, began_on, step: int) -> FollowUp:
    series = load_series()
    due_on = due_day(series, level_of(level).common_code, began_on, step, timezone.localdate())
    return FollowUp.objects.create(
        case=case,
        student_id=case.student_id,
        level=level,
        series=series.version,
        began_on=began_on,
        step=step,
        due_on=due_on,
    )


@transaction.atomic
def hold_follow_up(
    follow_up: FollowUp,
    *,
    actor,
    kind: str,
    happened_at: datetime,
    body: str,
    key: UUID,
    is_from_hospital: bool = False,
) -> FollowUp:
    """Write down what was found as a note of the case and make the next follow-up; returns that one.

    Raises CaseRefusedError when it was held or called off meanwhile; nothing is written twice.
    """
    roles_at(follow_up.school_id, "crisis.notes")
    case = lock_case(follow_up.case)
    row = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if row.held_at is not None or row.called_off_at is not None:
        raise CaseRefusedError("这次随访已经登记或取消，请看最新的安排。")
    add_note(
        case, actor=actor, kind=kind, happened_at=happened_at, body=body, key=key, is_from_hospital=is_from_hospital
    )
    row.held_at, row.held_by = happened_at, actor
    row.save(update_fields=["held_at", "held_by"])
    record("crisis.hold_follow_up", subject=row, detail={"case": case.pk, "step": row.step})
    return _plan(case, row.level, row.began_on, row.step + 1)
