"""The plan of a case: cause → goal → action → person → due."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from crisis.duty import roles_at
from crisis.models import Case, Conference, PlanItem
from crisis.refusals import STALE, CaseRefusedError, StaleVersionError
from xinyu.audit.entries import record
from xinyu.vault.fields import conceal


@dataclass(frozen=True)
class PlanValues:
    """What one line of the plan says. `action` may be empty at first: the plan is then incomplete."""

    cause: str
    goal: str
    action: str
    person_id: int
    due_on: date


def _put(item: PlanItem, values: PlanValues) -> None:
    item.cause, item.person_id, item.due_on = values.cause, values.person_id, values.due_on
    conceal(item, goal=values.goal, action=values.action)


def _require_open(case: Case) -> None:
    if case.closed_at is not None:
        raise CaseRefusedError("个案已经结束，方案不能再修改。")


@transaction.atomic
def add_plan_item(case: Case, values: PlanValues, *, actor, conference: Conference | None = None) -> PlanItem:
    """A line of the plan; `conference`: the minutes of this 研判会 gave it to a named person."""
    roles_at(case.school_id, "crisis.plan")
    _require_open(case)
    if conference is not None and (conference.case_id != case.pk or conference.decided_at is None):
        raise CaseRefusedError("请先登记这次研判会的纪要。")
    item = PlanItem(case=case, student_id=case.student_id, conference=conference)
    _put(item, values)
    item.save()
    record("crisis.add_plan_item", subject=item, detail={"case": case.pk, "cause": values.cause})
    return item


def _lock(item: PlanItem) -> PlanItem:
    locked = PlanItem.objects.select_for_update().get(pk=item.pk)
    case = Case.objects.filter(pk=locked.case_id).first()  # out of sight of a helper; then the end is on the row
    if case is not None:
        _require_open(case)
    elif locked.called_off_at is not None:
        raise CaseRefusedError("这项任务已经取消。")
    return locked


@transaction.atomic
def edit_plan_item(item: PlanItem, values: PlanValues, *, actor, version: int) -> PlanItem:
    """Raises StaleVersionError when somebody has saved this line since `version` was read; nothing is overwritten."""
    roles_at(item.school_id, "crisis.plan")
    locked = _lock(item)
    if locked.version != version:
        raise StaleVersionError(STALE)
    _put(locked, values)
    locked.version += 1
    locked.save(update_fields=["cause", "goal", "action", "person", "due_on", "version"])
    record("crisis.edit_plan_item", subject=locked, detail={"case": locked.case_id, "version": locked.version})
    return locked


@transaction.atomic
def finish_plan_item(item: PlanItem, *, actor) -> PlanItem:
    """Mark a line as done, by whoever keeps the plan or whose task it is; a second click changes nothing."""
    roles_at(item.school_id, "crisis.help" if item.person_id == actor.pk else "crisis.plan")
    locked = _lock(item)
    if locked.done_at is None:
        locked.done_at, locked.version = timezone.now(), locked.version + 1
        locked.save(update_fields=["done_at", "version"])
        record("crisis.finish_plan_item", subject=locked, detail={"case": locked.case_id})
    return locked


def call_off_tasks(case: Case) -> int:
    """The case has ended: nobody is asked for what is undone."""
    waiting = PlanItem.objects.filter(case=case, done_at__isnull=True, called_off_at__isnull=True)
    return waiting.update(called_off_at=timezone.now())


def take_up_tasks(case: Case) -> int:
    return PlanItem.objects.filter(case=case, called_off_at__isnull=False).update(called_off_at=None)
