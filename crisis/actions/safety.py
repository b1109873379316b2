"""The safety plan: each version is a row of its own."""

import json
from datetime import date
from uuid import UUID

from django.db import transaction

from crisis.duty import roles_at
from crisis.models import Case, NoteKind, SafetyPlan
from crisis.refusals import STALE, CaseRefusedError, StaleVersionError
from crisis.safety_steps import STEPS
from xinyu.audit.entries import record
from xinyu.vault.fields import conceal

from .rows import lock_case, write_note


@transaction.atomic
def write_safety_plan(
    case: Case, *, actor, words: dict[str, str], written_on: date, after: int, key: UUID
) -> SafetyPlan:
    """Add a version; `after` is the newest one that the writer had before her (0: none).

    Raises StaleVersionError when somebody has written one meanwhile, CaseRefusedError for an empty plan.
    """
    roles_at(case.school_id, "crisis.safety_plan")
    locked = lock_case(case)
    before = SafetyPlan.objects.filter(vault_id=key, case=locked).first()
    if before is not None:
        return before
    said = {step.code: words.get(step.code, "").strip() for step in STEPS}
    if not any(said.values()):
        raise CaseRefusedError("请至少写下一步：用学生自己的话。")
    newest = SafetyPlan.objects.filter(case=locked).order_by("-version").values_list("version", flat=True).first() or 0
    if newest != after:
        raise StaleVersionError(STALE)
    plan = SafetyPlan(
        vault_id=key, case=locked, student_id=locked.student_id, version=newest + 1, written_on=written_on, by=actor
    )
    conceal(plan, words=json.dumps(said, ensure_ascii=False))
    plan.save()
    write_note(locked, f"与学生一起写下安全计划（第 {plan.version} 版）。", actor=actor, kind=NoteKind.TALK)
    record("crisis.write_safety_plan", subject=plan, detail={"case": case.pk, "version": plan.version})
    return plan
