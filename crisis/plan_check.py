"""Whether a plan is complete, and what is missing (4-workflow D4.9): cause → goal → action → person → due. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PlanFacts:
    """One problem of the plan. `has_person`: somebody who works at the school today."""

    cause: str
    has_goal: bool
    has_action: bool
    has_person: bool
    has_due: bool
    is_done: bool = False


def missing(lines: Sequence[PlanFacts]) -> list[str]:
    """Sentences in Chinese, in the order of the plan; none when every problem has an action with person and due."""
    if not lines:
        return ["还没有写下任何问题。每个问题要有目标、措施、负责人和期限。"]
    found = []
    for number, line in enumerate(lines, start=1):
        wants = [
            word
            for word, is_there in (
                ("目标", line.has_goal),
                ("措施", line.has_action),
                ("在岗的负责人", line.has_person or line.is_done),
                ("期限", line.has_due),
            )
            if not is_there
        ]
        if wants:
            found.append(f"第 {number} 项（{line.cause}）还缺：{'、'.join(wants)}。")
    return found


def is_complete(lines: Sequence[PlanFacts]) -> bool:
    return not missing(lines)


def causes_left_out(lines: Sequence[PlanFacts], causes: Sequence[str]) -> list[str]:
    """Causes that the plan says nothing about: worth a thought, no reason to stop."""
    return [cause for cause in causes if cause not in {line.cause for line in lines}]
