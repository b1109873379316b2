"""What a reporter, or a leader to whom a flag climbed, sees: how soon, how far; and what the counselor reads."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone

from assessments.models import ConcernEntry, ConcernReport, Flag
from xinyu.organisations.models import Klass
from xinyu.students.models import Student
from xinyu.ui.frame import Fact
from xinyu.vault.fields import reveal

from .interviews import fact_of_level
from .sealed import texts_of

RECEIVED = Fact("已收到", "inbox", "info")
IN_HAND = Fact("处理中", "progress-check", "notice")
CLOSED = Fact("已结束", "circle-check", "good")


def _state(closed_at, seen_at) -> Fact:
    return CLOSED if closed_at is not None else IN_HAND if seen_at is not None else RECEIVED


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
        return _state(self.flag.handled_at, self.flag.seen_at)


def climbed_to(user) -> list[FlagLine]:
    """Open flags addressed to this person, the longest overdue first."""
    rows = list(Flag.objects.filter(climbed_to=user, handled_at__isnull=True).order_by("due_at")[:500])
    students = Student.objects.select_related("klass__grade").in_bulk({flag.student_id for flag in rows})
    return [FlagLine(flag, students.get(flag.student_id)) for flag in rows]


@dataclass(frozen=True)
class ReportLine:
    """One's own report: when, from which class, how many; no name on a list that others may look at over a shoulder."""

    report: ConcernReport

    @property
    def title(self) -> str:
        klass = self.report.klass.name_on(timezone.localdate()) if self.report.klass else "班级未填"
        return f"{klass} · {self.report.count} 名学生"

    @property
    def level(self) -> Fact:
        return fact_of_level(self.report.level)

    @property
    def state(self) -> Fact:
        return _state(self.report.closed_at, self.report.seen_at)


def own_concerns(user) -> list[ReportLine]:
    """The last hundred reports of this person, newest first."""
    rows = ConcernReport.objects.filter(by=user).select_related("klass__grade").order_by("-told_at")[:100]
    return [ReportLine(report) for report in rows]


def klasses_of_schools(schools: Iterable[int]) -> list[tuple[Klass, str]]:
    """[(class, its name today)] of whole schools: names of classes are public, who is in them is not."""
    today = timezone.localdate()
    rows = Klass.objects.filter(school_id__in=list(schools)).select_related("grade__school")
    current = [k for k in rows if k.grade.year_of_study(today) >= 1]
    return [(k, k.name_on(today)) for k in sorted(current, key=lambda k: (k.school_id, -k.grade.entry_year, k.pk))]


@dataclass(frozen=True)
class Unnamed:
    """A report some of whose students nobody has found: the counselor reads it and says who is meant."""

    report: ConcernReport
    text: str
    names: list[str]
    #: students of the school who have one of the names: one tap instead of a number to look up
    candidates: list[Student]

    @property
    def level(self) -> Fact:
        return fact_of_level(self.report.level)


def unnamed(schools: Sequence[int]) -> list[Unnamed]:
    """Reports that wait for a student, the first due first."""
    rows = ConcernReport.objects.filter(school_id__in=schools, matched_at=None, closed_at=None)
    opened = [
        (report, json.loads(reveal(report, "content")))
        for report in rows.select_related("klass__grade", "by", "door").order_by("due_at")
    ]
    names = {one.get("name", "") for _, words in opened for one in words["meant"]} - {""}
    same: dict[tuple[int, str], list[Student]] = defaultdict(list)
    for student in Student.objects.filter(school_id__in=schools, left_on=None, name__in=names).select_related(
        "klass__grade"
    ):
        same[student.school_id, student.name].append(student)
    found = []
    for report, words in opened:
        meant = [one.get("name", "") for one in words["meant"]]
        candidates = [student for name in meant for student in same[report.school_id, name]]
        found.append(Unnamed(report, words["text"], meant, candidates))
    return found


def unnamed_count(schools: Sequence[int]) -> int:
    return ConcernReport.objects.filter(school_id__in=schools, matched_at=None, closed_at=None).count()


@dataclass(frozen=True)
class Thread:
    """Everything that was reported about one student on one day."""

    on: date
    entries: list[tuple[ConcernEntry, str]]


def threads(student: Student, limit: int = 30) -> list[Thread]:
    """Newest day first; the reader is the counselor, nobody else sees an entry."""
    rows = list(ConcernEntry.objects.filter(student=student).select_related("report__by").order_by("-told_at")[:limit])
    texts = texts_of(rows, "text", student.pk) if rows else {}
    days = groupby(sorted(rows, key=lambda row: row.told_at, reverse=True), key=lambda row: row.on)
    return [Thread(on, [(row, texts[row.pk]) for row in entries]) for on, entries in days]
