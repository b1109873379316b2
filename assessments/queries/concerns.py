"""What a reporter, or a leader to whom a flag climbed, sees of a flag: who, how soon, how far; never what it says."""

from dataclasses import dataclass

from django.utils import timezone

from assessments.models import Flag
from xinyu.students.models import Student
from xinyu.ui.frame import Fact

from .interviews import fact_of_level

RECEIVED = Fact("已收到", "inbox", "info")
IN_HAND = Fact("处理中", "progress-check", "notice")
CLOSED = Fact("已结束", "circle-check", "good")


@dataclass(frozen=True)
class FlagLine:
    """`student` None: the student is not (any more) in sight of this person."""

    flag: Flag
    student: Student | None

    @property
    def title(self) -> str:
        if self.student is None:
            return "学生已不在您的查看范围"
        return f"{self.student.name}（{self.student.klass.name_on(timezone.localdate())}）"

    @property
    def level(self) -> Fact:
        return fact_of_level(self.flag.level)

    @property
    def state(self) -> Fact:
        if self.flag.handled_at is not None:
            return CLOSED
        return IN_HAND if self.flag.seen_at is not None else RECEIVED


def _lines(flags) -> list[FlagLine]:
    rows = list(flags)
    students = Student.objects.select_related("klass__grade").in_bulk({flag.student_id for flag in rows})
    return [FlagLine(flag, students.get(flag.student_id)) for flag in rows]


def own_concerns(user) -> list[FlagLine]:
    """The last hundred reports of this person, newest first."""
    return _lines(Flag.objects.filter(raised_by=user).order_by("-raised_at")[:100])


def climbed_to(user) -> list[FlagLine]:
    """Open flags addressed to this person, the longest overdue first."""
    return _lines(Flag.objects.filter(climbed_to=user, handled_at__isnull=True).order_by("due_at")[:500])
