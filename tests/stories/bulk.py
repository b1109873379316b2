"""A large school's round, set up and worked off through `manage.py shell`: what no story has the patience to click."""

from django.utils import timezone

from assessments.actions.rounds import claim_next, record_round
from assessments.models import Flag
from tests.cast import add_post, make_student
from xinyu.access.actor import acting_as
from xinyu.accounts.actions import create_staff
from xinyu.accounts.models import User
from xinyu.demo.logins import PASSWORD
from xinyu.organisations.models import Klass, School
from xinyu.students.models import Student

DEMO = "system:demo"
SECOND = "bulk-counselor"


def fill(count: int, students: int) -> None:
    """A school of `students` with a second counselor, of whom `count` answered 1 to the critical item."""
    with acting_as(DEMO):
        school = School.objects.get(code="YC0102")
        klasses = list(Klass.objects.filter(school=school).select_related("grade"))
        first = User.objects.get(username="counselor1")
        second = create_staff(SECOND, "钟离听雨", PASSWORD, is_demo=True)
        granter, approver = User.objects.get(username="security1"), User.objects.get(username="principal1")
        add_post(second, "counselor", school, granter=granter, approver=approver)
        there = Student.objects.filter(school=school, left_on=None).count()
        for n in range(max(students - there, count)):
            kid = make_student(klasses[n % len(klasses)], f"bulk{n:05d}", f"轮谈{n:05d}")
            if n < count:
                values = {"level": "same_day", "source": "item", "scale": "PHQ-9", "item": 9}
                Flag.objects.create(student=kid, due_at=timezone.now(), **values)
        assert first.pk != second.pk


def work(least: int) -> int:
    """Two counselors in turn, by the action behind the page, until nobody waits. How many were talked with."""
    with acting_as(DEMO):
        school_id = School.objects.values_list("pk", flat=True).get(code="YC0102")
        people = list(User.objects.filter(username__in=("counselor1", SECOND)).order_by("pk"))
    talked: list[int] = []
    idle = 0
    while idle < len(people):
        actor = people[len(talked) % 2]
        with acting_as(actor):
            student_id = claim_next(school_id, actor=actor)
            if student_id is None:
                people.reverse()
                idle += 1
                continue
            idle = 0
            shown = list(Flag.objects.filter(student_id=student_id, handled_at=None).values_list("pk", flat=True))
            student = Student.objects.get(pk=student_id)
            record_round(student, actor=actor, outcome="no_concern", note="当日谈话：没有", shown=shown)
        talked.append(student_id)
    assert len(talked) == len(set(talked)) >= least, "nobody twice, nobody forgotten"
    return len(talked)
