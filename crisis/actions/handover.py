"""What passes between school and bureau about one case: handed over, acknowledged, guided, handed back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from crisis.duty import roles_at
from crisis.looks import level_of
from crisis.models import Case, Guidance, Handover
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record
from xinyu.organisations.models import School
from xinyu.vault.fields import conceal

from .chain import SHOWN_FOR, new_handover
from .rows import lock_case, write_note

#: the row must still be in the officer's sight when the change is checked; a second later it is not
LET_GO = timedelta(seconds=1)
OVER = "这份移交已经交回学校。"


@transaction.atomic
def hand_over(case: Case, *, actor, reason: str) -> Handover:
    """The school hands the case over formally: with the reason, and for the gravest level with the student's name.

    Below the gravest level the bureau helps without knowing who it is (4-workflow D8).
    """
    roles_at(case.school_id, "crisis.hand_over")
    locked = lock_case(case)
    if locked.closed_at is not None:
        raise CaseRefusedError("个案已经结束，不能移交。")
    if not reason.strip():
        raise CaseRefusedError("请填写移交事由。")
    school = School.objects.select_related("county").get(pk=locked.school_id)
    row = Handover.objects.filter(case=locked, returned_at__isnull=True).first() or new_handover(locked, school)
    is_named, student = level_of(locked.level).gravity == 1, locked.student
    name = f"{student.name}，{student.klass.name_on(timezone.localdate())}" if is_named else ""
    conceal(row, reason=reason, identity=name)
    row.level, row.handed_by, row.handed_at = locked.level, actor, timezone.now()
    row.open_until = row.handed_at + SHOWN_FOR
    row.save()
    write_note(locked, f"移交教育局：{'含学生身份' if is_named else '不含学生身份'}。", actor=actor)
    record("crisis.hand_over", subject=row, detail={"level": locked.level, "named": is_named})
    return row


def _lock(row: Handover) -> Handover:
    locked = Handover.objects.select_for_update().filter(pk=row.pk).first()
    if locked is None or locked.returned_at is not None:
        raise CaseRefusedError(OVER)
    return locked


@transaction.atomic
def acknowledge(row: Handover, *, actor) -> Handover:
    """The bureau has seen it; the clock of the step at the bureau stops. A second tap changes nothing."""
    locked = _lock(row)
    if locked.acknowledged_at is None:
        locked.acknowledged_at, locked.acknowledged_by = timezone.now(), actor
        locked.save(update_fields=["acknowledged_at", "acknowledged_by"])
        record("crisis.acknowledge_handover", subject=locked)
    return locked


@transaction.atomic
def guide(row: Handover, *, actor, body: str) -> Guidance:
    """A text to the school. The first one is the bureau's action of the duty clock."""
    locked = acknowledge(row, actor=actor)
    guidance = Guidance(handover=locked, by=actor)
    conceal(guidance, body=body)
    guidance.save()
    if locked.acted_at is None:
        locked.acted_at = timezone.now()
        locked.save(update_fields=["acted_at"])
    record("crisis.guide", subject=guidance, school_id=locked.school_id, detail={"handover": locked.pk})
    return guidance


@transaction.atomic
def hand_back(row: Handover, *, actor) -> Handover:
    """The bureau's sight of the case ends; what it wrote stays with the school."""
    locked = _lock(row)
    locked.returned_at = timezone.now()
    locked.open_until = locked.returned_at + LET_GO
    locked.save(update_fields=["returned_at", "open_until"])
    record("crisis.hand_back", subject=locked)
    return locked
