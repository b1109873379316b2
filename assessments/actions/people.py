"""Students chosen by name: a support group, a list of newcomers. Nobody else of their classes is asked."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments.models import Screening, ScreeningKlass, ScreeningPerson
from assessments.queries.people import named
from assessments.queries.screenings import require_school
from assessments.screening_flow import DRAFT, ScreeningRefused
from xinyu.audit.entries import record
from xinyu.students.models import Student

PLAN = "assessments.plan_screening"


@transaction.atomic
def add_people(screening: Screening, students: Iterable[Student], *, actor) -> int:
    """How many are new; whoever is asked with the whole class already is left as that. Raises ScreeningRefused once the
    screening has started, and PermissionDenied for a student of another school."""
    screening, students = _draft(screening), list(students)
    if any(student.school_id != screening.school_id for student in students):
        raise PermissionDenied(PLAN)
    whole = set(screening.chosen.filter(is_whole=True).values_list("klass_id", flat=True))
    known = set(screening.people.values_list("student_id", flat=True))
    fresh = {one.pk: one for one in students if one.pk not in known and one.klass_id not in whole}
    ScreeningPerson.objects.bulk_create(
        ScreeningPerson(screening=screening, student=one, by=actor) for one in fresh.values()
    )
    cover_klasses(screening)
    if fresh:
        _plan_again(screening)
        record("assessments.choose_students", subject=screening, detail={"students": sorted(fresh)})
    return len(fresh)


@transaction.atomic
def remove_person(screening: Screening, student_id: int, *, actor) -> None:
    """Raises ScreeningRefused once the screening has started, or when the student stands on its list already."""
    screening = _draft(screening)
    if screening.sittings.filter(student_id=student_id).exists():
        raise ScreeningRefused("已经生成作答名单的学生不能移除。")
    if screening.people.filter(student_id=student_id).delete()[0]:
        kept = set(named(screening).values_list("klass_id", flat=True))
        screening.chosen.filter(is_whole=False).exclude(klass_id__in=kept).delete()
        _plan_again(screening)
        record("assessments.drop_student", subject=screening, detail={"student": student_id})


def cover_klasses(screening: Screening) -> None:
    """Each named student's class has a code for the blackboard, also after a move to another class."""
    there = set(screening.chosen.values_list("klass_id", flat=True))
    needed = set(named(screening).values_list("klass_id", flat=True)) - there
    ScreeningKlass.objects.bulk_create(
        ScreeningKlass(screening=screening, klass_id=pk, is_whole=False) for pk in sorted(needed)
    )


def _draft(screening: Screening) -> Screening:
    require_school(PLAN, screening.school_id)
    screening = Screening.objects.select_for_update(no_key=True).get(pk=screening.pk)
    if screening.state != DRAFT:
        raise ScreeningRefused("测评已经开始，名单不能再改。")
    return screening


def _plan_again(screening: Screening) -> None:
    """Waves were counted for other students."""
    if not screening.sittings.exists():
        screening.waves.all().delete()
