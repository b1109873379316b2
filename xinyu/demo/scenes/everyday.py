"""Everyday entries of the growth files: observations of homeroom teachers, strengths, talks with families, lessons."""

from datetime import timedelta
from random import Random
from uuid import UUID

from assessments.actions.growth import add_entry, write_observation
from assessments.choices import EntryKind
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.students.models import Student

from ..stage import Stage
from ..words import HOMES, LESSONS, OBSERVATIONS, STRENGTHS
from ..world import SEED, SchoolWorld


def fill_days(stage: Stage) -> None:
    for one in stage.world.schools:
        dice = Random(f"{SEED}{one.school.code}days")  # noqa: S311 - a play, not a secret
        _observe(stage, one, dice)
        _accompany(stage, one, dice)


def _observe(stage: Stage, one: SchoolWorld, dice: Random) -> None:
    """Each homeroom teacher writes about two students of her class."""
    for member in one.staff:
        if member.role != "homeroom" or member.grade is None:
            continue
        teacher, klass = stage.users[member.username], stage.klasses[one.school.code, *member.grade, member.klass]
        with acting_as(teacher):
            for student in Student.objects.filter(klass=klass).order_by("number")[:2]:
                write_observation(
                    student, actor=teacher, on=stage.world.today - timedelta(days=dice.randrange(3, 60)),
                    text=dice.choice(OBSERVATIONS), is_shared=True, key=UUID(int=dice.getrandbits(128)),
                )  # fmt: skip


def _accompany(stage: Stage, one: SchoolWorld, dice: Random) -> None:
    """The counselor's own entries about the first student of each class."""
    counselor = stage.first(one.school.code, "counselor")
    numbers = [klass.pupils[0].number for klass in one.klasses]
    with acting_as(counselor):
        for student in Student.objects.filter(school=stage.schools[one.school.code], number__in=numbers):
            texts = (
                (EntryKind.STRENGTH, *dice.choice(STRENGTHS)),
                (EntryKind.HOME, *dice.choice(HOMES)),
                (EntryKind.LESSON, *dice.choice(LESSONS)),
            )
            for kind, title, body in texts:
                on = stage.world.today - timedelta(days=dice.randrange(5, 200))
                source = f"demo:{student.pk}:{kind}"
                entry = add_entry(student, kind, on, title, body, source=source, is_shared=True, author=counselor)
                record("assessments.add_entry", subject=entry, detail={"kind": str(kind)})
