"""What a school knows of its students when the demo begins: files, consents, key attention, the room."""

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from assessments.actions.growth import open_growth_files
from counseling_rooms.actions import RoomValues, add_room
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.students.actions import add_attention
from xinyu.students.models import AttentionGroup, Guardian, GuardianDecision, Student

from ..places import School as Plan
from ..rooms import facts_of
from ..stage import DEMO, Stage
from ..world import SEED

NOTICE = "2026-1"
#: of 1,000 guardians, and of 1,000 students from 14
REFUSED, SILENT = 25, 20


def fill_files(stage: Stage) -> None:
    groups = list(AttentionGroup.objects.all())
    for one in stage.world.schools:
        dice = Random(f"{SEED}{one.school.code}")  # noqa: S311 - a play, not a secret
        counselor = stage.first(one.school.code, "counselor")
        with acting_as(counselor):
            students = list(Student.objects.filter(school=stage.schools[one.school.code]).order_by("pk"))
            open_growth_files([student.pk for student in students])
            _attention(students, groups, dice, stage, counselor)
            _room(stage, one.school, counselor)
        with acting_as(DEMO):
            _decisions(students, dice, stage, counselor)


def _attention(students: list[Student], groups: list[AttentionGroup], dice: Random, stage: Stage, actor) -> None:
    for student in dice.sample(students, max(2, len(students) * 3 // 100)):
        since = stage.world.today - timedelta(days=dice.randrange(20, 300))
        add_attention(student, dice.choice(groups), from_on=since, source="学期初排查登记", actor=actor)


def _decisions(students: list[Student], dice: Random, stage: Stage, counselor) -> None:
    """Paper slips of the first school week, taken down in one go; from 14 the student is asked too."""
    at = timezone.make_aware(datetime.combine(stage.world.today - timedelta(days=70), datetime.min.time()))
    of_age = stage.world.today - timedelta(days=14 * 366)
    rows = []
    guardians = {g.student_id: g for g in Guardian.objects.filter(student__in=students, order=1)}
    for student in students:
        guardian = guardians.get(student.pk)
        for who in [guardian] + ([None] if student.birth_on and student.birth_on <= of_age else []):
            throw = dice.randrange(1000)
            if throw >= REFUSED + SILENT or throw < REFUSED:
                rows.append(
                    GuardianDecision(
                        student=student, guardian=who, purpose="screening", channel="paper", is_verified=True,
                        decision="refused" if throw < REFUSED else "given", notice_version=NOTICE, decided_at=at,
                        recorded_by=counselor,
                    )
                )  # fmt: skip
    GuardianDecision.objects.bulk_create(rows, batch_size=1000)
    school = stage.schools[_code_of(stage, students)]
    record("students.record_decisions", subject=school, school_id=school.pk, detail={"count": len(rows)})


def _code_of(stage: Stage, students: list[Student]) -> str:
    return next(code for code, school in stage.schools.items() if school.pk == students[0].school_id)


def _room(stage: Stage, plan: Plan, counselor) -> None:
    if plan.built == "none":
        return
    facts = facts_of(plan.built, plan.enrolment, plan.counselors)
    values = RoomValues("心理辅导室", plan.built, stage.world.today - timedelta(days=400), facts)
    add_room(stage.schools[plan.code].pk, values, actor=counselor)
