"""Whom a screening is for: whole classes, and students chosen by name."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from assessments.models import Screening
from xinyu.students.models import Student
from xinyu.students.queries import matching

#: lines of a search: whoever finds more types more
MOST_FOUND = 40


def enrolled(screening: Screening) -> QuerySet[Student]:
    """Students of the whole classes and those chosen by name who have not left, by class and number."""
    whole = screening.chosen.filter(is_whole=True).values("klass_id")
    named = screening.people.values("student_id")
    mine = Student.objects.filter(Q(klass_id__in=whole) | Q(pk__in=named), school_id=screening.school_id, left_on=None)
    return mine.order_by("klass_id", "number")


def named(screening: Screening) -> QuerySet[Student]:
    """Students chosen by name who are still at the school, by class and number."""
    return Student.objects.filter(
        pk__in=screening.people.values("student_id"), school_id=screening.school_id, left_on=None
    ).order_by("klass_id", "number")


def in_klasses(students: QuerySet[Student], on: date) -> list[tuple[Student, str]]:
    """[(student, name of the class with its grade)]."""
    return [(one, one.klass.name_on(on)) for one in students.select_related("klass__grade")]


def found_for(screening: Screening, text: str, on: date) -> list[tuple[Student, str, str]]:
    """[(student, class, how she is chosen already or '')] by the beginning of name, pinyin, initials or number."""
    rows = Student.objects.filter(matching(text), school_id=screening.school_id, left_on=None)
    rows = rows.order_by("klass_id", "number")[:MOST_FOUND]
    whole = set(screening.chosen.filter(is_whole=True).values_list("klass_id", flat=True))
    known = set(screening.people.values_list("student_id", flat=True))
    return [
        (one, klass, "已选" if one.pk in known else "随全班" if one.klass_id in whole else "")
        for one, klass in in_klasses(rows, on)
    ]


def by_numbers(screening: Screening, numbers: Iterable[str]) -> dict[str, Student]:
    """Number → enrolled student of the screening's school, for the numbers that are there."""
    rows = Student.objects.filter(school_id=screening.school_id, left_on=None, number__in=list(numbers))
    return {student.number: student for student in rows}
