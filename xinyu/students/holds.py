"""Guardians whom nothing reaches for now (4-workflow D9.5): asked by everything that writes, phones or hands out."""

from collections import defaultdict
from collections.abc import Iterable

from .models import ContactHold, Guardian, Student

#: what whoever phones home reads; why is not hers to know
ASK_FIRST = "暂不联系，请先找心理教师"
HELD = "这名学生的监护人联系已暂停：不发告知、不征求同意、不提供档案。请先找本校心理教师。"
#: a purpose that says that the paper goes home
FOR_HOME = ("监护人", "家长", "家校")


def held_among(guardians: Iterable[Guardian]) -> set[int]:
    """Ids of those guardians to whom nothing goes now; one statement whatever their number."""
    guardians = list(guardians)
    holds: dict[int, set[int | None]] = defaultdict(set)
    rows = ContactHold.objects.filter(student__in={one.student_id for one in guardians}, ended_at__isnull=True)
    for student_id, guardian_id in rows.values_list("student_id", "guardian_id"):
        holds[student_id].add(guardian_id)
    return {one.pk for one in guardians if {None, one.pk} & holds[one.student_id]}


def held_guardians(student: Student) -> set[int]:
    """Ids of the student's guardians to whom nothing goes now."""
    return held_among(Guardian.objects.filter(student=student))


def is_held(student: Student) -> bool:
    return ContactHold.objects.filter(student=student, ended_at__isnull=True).exists()


def goes_home(purpose: str) -> bool:
    """Whether a typed purpose says that the paper is for the guardian."""
    return any(word in purpose for word in FOR_HOME)
