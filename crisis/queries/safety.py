"""The safety plan of a case: the newest version, and how many there are."""

import json
from dataclasses import dataclass

from crisis.models import Case, SafetyPlan
from crisis.safety_steps import STEPS, Step, missing
from xinyu.vault.fields import reveal


@dataclass(frozen=True)
class PlanShape:
    plan: SafetyPlan
    words: dict[str, str]

    @property
    def lines(self) -> list[tuple[Step, str]]:
        return [(step, self.words.get(step.code, "")) for step in STEPS]

    @property
    def missing(self) -> list[str]:
        return missing(self.words)


def shape_of(plan: SafetyPlan) -> PlanShape:
    return PlanShape(plan, json.loads(reveal(plan, "words") or "{}"))


def safety_plan_of(case: Case) -> PlanShape | None:
    newest = SafetyPlan.objects.filter(case=case).select_related("by").order_by("-version").first()
    return shape_of(newest) if newest else None


def older_of(case: Case) -> list[SafetyPlan]:
    """Versions before the newest, newest first, without their words."""
    return list(SafetyPlan.objects.filter(case=case).select_related("by").defer("words").order_by("-version")[1:])
