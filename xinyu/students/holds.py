"""Guardians whom nothing reaches for now (4-workflow D9.5): asked by everything that writes, phones or hands out."""

from .models import ContactHold, Guardian, Student

#: what whoever phones home reads; why is not hers to know
ASK_FIRST = "暂不联系，请先找心理教师"
HELD = "这名学生的监护人联系已暂停：不发告知、不征求同意、不提供档案。请先找本校心理教师。"
#: a purpose that says that the paper goes home
FOR_HOME = ("监护人", "家长", "家校")


def held_guardians(student: Student) -> set[int]:
    """Ids of the student's guardians to whom nothing goes now."""
    holds = list(
        ContactHold.objects.filter(student=student, ended_at__isnull=True).values_list("guardian_id", flat=True)
    )
    if None in holds:
        return set(Guardian.objects.filter(student=student).values_list("pk", flat=True))
    return {pk for pk in holds if pk is not None}


def is_held(student: Student) -> bool:
    return ContactHold.objects.filter(student=student, ended_at__isnull=True).exists()


def goes_home(purpose: str) -> bool:
    """Whether a typed purpose says that the paper is for the guardian."""
    return any(word in purpose for word in FOR_HOME)
