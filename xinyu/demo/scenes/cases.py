"""Cases: a talk that asks for a level, a named person who confirms it, a plan."""

from datetime import timedelta

from django.utils import timezone

from assessments.actions.interviews import record_interview
from crisis.actions.moves import move_case
from crisis.actions.opening import open_case
from crisis.actions.plan import PlanValues, add_plan_item
from crisis.models import Case
from xinyu.access.actor import acting_as
from xinyu.accounts.models import User
from xinyu.students.models import Student

from ..stage import Stage
from ..words import CASES


def open_cases(stage: Stage) -> None:
    """Up to four at the first school, where one more talk still waits for a level; none, one or two elsewhere."""
    for place, one in enumerate(stage.world.schools):
        counselor = stage.first(one.school.code, "counselor")
        lines = CASES[:4] if place == 0 else CASES[1 : 1 + place % 3]
        with acting_as(counselor):
            students = _known(stage, one.school.code)
            for student, line in zip(students, lines, strict=False):
                _case(student, line, counselor)
            if place == 0 and len(students) > len(lines):
                _talk(students[len(lines)], CASES[1][2], counselor)


def _known(stage: Stage, code: str) -> list[Student]:
    """Students who have been talked to before and are nobody's case."""
    rows = Student.objects.filter(school=stage.schools[code], interviews__isnull=False, left_on=None)
    return list(rows.filter(flags__handled_at__isnull=False).distinct().order_by("-pk")[:8])


def _talk(student: Student, summary: str, counselor: User):
    at = timezone.now() - timedelta(days=2)
    return record_interview(student, actor=counselor, at=at, outcome="case", summary=summary, flag_ids=[])


def _case(student: Student, line: tuple, counselor: User) -> Case:
    level, reason, summary, plan = line
    today = timezone.localdate()
    talk = _talk(student, summary, counselor)
    case = open_case(talk, actor=counselor, level=level, reason=reason, until_on=today + timedelta(days=80))
    for cause, goal, action in plan:
        values = PlanValues(cause, goal, action, counselor.pk, today + timedelta(days=14))
        add_plan_item(case, values, actor=counselor)
    return move_case(case, "plan", actor=counselor) if plan else case
