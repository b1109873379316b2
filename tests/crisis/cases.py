"""Small makers for the tests of this app; everything goes through the real actions."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from assessments.models import Interview
from crisis.actions.conferences import convene, write_minutes
from crisis.actions.notes import add_note
from crisis.actions.opening import open_case
from crisis.actions.plan import PlanValues, add_plan_item
from tests.cast import add_post, make_user
from xinyu.access.actor import acting_as
from xinyu.vault.fields import conceal

REASON = "连续两周情绪低落，访谈中谈到睡眠很差"


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def talk(world, student, *, outcome="case", summary="访谈要点"):
    """A talk held by the counselor of the world."""
    with acting_as(world.counselor):
        interview = Interview(student=student, by=world.counselor, at=timezone.now(), outcome=outcome)
        conceal(interview, summary=summary)
        interview.save()
    return interview


def opened(world, student, *, level="yellow", reason=REASON, days=30):
    interview = talk(world, student)
    with acting_as(world.counselor):
        return open_case(interview, actor=world.counselor, level=level, reason=reason, until_on=in_days(days))


def plan_values(world, goal="恢复规律作息", action="每周一次谈话") -> PlanValues:
    return PlanValues("psychological", goal, action, world.counselor.pk, in_days(14))


def planned_item(world, case, **texts):
    with acting_as(world.counselor):
        return add_plan_item(case, plan_values(world, **texts), actor=world.counselor)


def noted(world, case, *, kind="talk", body="谈话内容"):
    with acting_as(world.counselor):
        return add_note(case, actor=world.counselor, kind=kind, happened_at=timezone.now(), body=body, key=uuid4())


def second_counselor(world):
    """Another counselor of the same school."""
    with acting_as("system:demo"):
        user = make_user(f"second-{world.tag}", f"{world.tag}第二心理教师")
        add_post(user, "counselor", world.school, granter=world.granter, approver=world.approver)
    return user


def met(world, case, *, level, body="到会人员一致认为情况有变化", present=(), **minutes):
    """A 研判会 of today with its minutes; the counselor and the vice-principal were there, and `present`."""
    there = [world.counselor.pk, world.vice_principal.pk, *(user.pk for user in present)]
    with acting_as(world.counselor):
        meeting = convene(case, actor=world.counselor, meets_at=timezone.now(), place="心理辅导室", people=there)
        return write_minutes(meeting, actor=world.counselor, present=there, body=body, level=level, **minutes)
