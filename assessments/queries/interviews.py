"""Nouns of the interview pages: the queue, the run list, what lies beside the form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.utils import timezone

from assessments.choices import FLAG_LOOK, FlagLevel, FlagSource
from assessments.models import Flag, Interview, Sitting
from assessments.talk_periods import periods_on
from assessments.triage import FlagFacts, LessonPeriod, run_list
from xinyu.organisations.models import Klass, School
from xinyu.organisations.queries import calendar_of
from xinyu.students.models import Student
from xinyu.ui.frame import Fact

OVERDUE = Fact("已过时限", "hourglass", "notice")
URGENCY = {level: order for order, level in enumerate(FLAG_LOOK)}


def fact_of_level(level: str) -> Fact:
    look = FLAG_LOOK[FlagLevel(level)]
    return Fact(FlagLevel(level).label, look.icon, look.tone)


@dataclass(frozen=True)
class QueueRow:
    """One student who waits, with every open flag; the most urgent one leads."""

    student: Student
    flags: tuple[Flag, ...]
    now: datetime

    @cached_property
    def level(self) -> str:
        return min((flag.level for flag in self.flags), key=lambda level: URGENCY[FlagLevel(level)])

    @property
    def fact(self) -> Fact:
        return fact_of_level(self.level)

    @property
    def klass_name(self) -> str:
        return self.student.klass.name_on(timezone.localdate(self.now))

    @property
    def since(self) -> datetime:
        return min(flag.raised_at for flag in self.flags)

    @property
    def due_at(self) -> datetime:
        return min(flag.due_at for flag in self.flags)

    @property
    def is_overdue(self) -> bool:
        return self.due_at < self.now

    @property
    def overdue(self) -> Fact | None:
        return OVERDUE if self.is_overdue else None

    @property
    def sources(self) -> list[str]:
        return sorted({FlagSource(flag.source).label for flag in self.flags})

    @property
    def seen(self) -> Flag | None:
        """The flag that was opened last, when all are opened."""
        if any(flag.seen_at is None for flag in self.flags):
            return None
        return max(self.flags, key=lambda flag: flag.seen_at or flag.raised_at)

    @property
    def owner(self):
        """Whoever looks after one of the flags."""
        return next((flag.owner for flag in self.flags if flag.owner_id), None)

    @property
    def order(self) -> tuple:
        return URGENCY[FlagLevel(self.level)], self.since, self.student.pk


def open_flags(schools: Sequence[int], klass_id: int | None = None) -> list[Flag]:
    """Unanswered flags of these schools with student, class and grade, oldest first."""
    flags = Flag.objects.filter(school_id__in=schools, handled_at__isnull=True)
    if klass_id:
        flags = flags.filter(klass_id=klass_id)
    return list(flags.select_related("student__klass__grade", "seen_by", "owner").order_by("raised_at", "pk"))


def queue(schools: Sequence[int], now: datetime, *, klass_id: int | None = None, level: str = "") -> list[QueueRow]:
    """Who waits for a talk: immediate first, then by waiting time; one row per student."""
    flags = sorted(open_flags(schools, klass_id), key=lambda flag: flag.student_id)
    groups = (tuple(group) for _, group in groupby(flags, key=lambda flag: flag.student_id))
    rows = [QueueRow(group[0].student, group, now) for group in groups]
    return sorted((row for row in rows if not level or row.level == level), key=lambda row: row.order)


def revision(rows: Iterable[QueueRow]) -> str:
    """Changes when anything that the queue shows changes: an unchanged page is not sent again."""
    text = ";".join(f"{flag.pk},{flag.seen_at},{flag.owner_id},{row.is_overdue}" for row in rows for flag in row.flags)
    return sha256(text.encode()).hexdigest()[:16]


def klasses_waiting(schools: Sequence[int]) -> list[tuple[int, str]]:
    """[(class id, name)] of the classes from which somebody waits."""
    ids = Flag.objects.filter(school_id__in=schools, handled_at__isnull=True).values("klass_id")
    today = timezone.localdate()
    return [(k.pk, k.name_on(today)) for k in Klass.objects.filter(pk__in=ids).select_related("grade")]


def facts_of(flag: Flag, klass_title: str = "") -> FlagFacts:
    """A flag as the pure clock sees it. A same-day flag from an item is an answer of 1 (4-workflow D9.1)."""
    is_one = flag.source == FlagSource.ITEM and flag.level == FlagLevel.SAME_DAY
    return FlagFacts(
        flag.pk,
        flag.level,
        flag.raised_at,
        flag.due_at,
        flag.seen_at,
        flag.handled_at,
        flag.klass_id,
        klass_title,
        1 if is_one else None,
    )


@dataclass(frozen=True)
class RunLine:
    """Students of one class in one period; `period` None: no room left today."""

    period: LessonPeriod | None
    klass_title: str
    students: tuple[Student, ...]


@dataclass(frozen=True)
class RunList:
    lines: tuple[RunLine, ...]
    day: datetime

    @property
    def count(self) -> int:
        return sum(len(line.students) for line in self.lines)

    @property
    def left_over(self) -> int:
        return sum(len(line.students) for line in self.lines if line.period is None)

    @property
    def students(self) -> list[Student]:
        return [student for line in self.lines for student in line.students]


def _periods(school_id: int, now: datetime) -> list[LessonPeriod]:
    """Today's remaining periods, else those of the next day with students on site."""
    county = School.objects.select_related("county").get(pk=school_id).county
    today, setting = timezone.localdate(now), county.settings.get("talk_periods")
    calendar = calendar_of(county, on=today)
    periods = periods_on(today, timezone.localtime(now), setting) if calendar.has_students_on_site(today) else []
    following = calendar.next_day_on_site(today)
    return periods or (periods_on(following, timezone.localtime(now), setting) if following else [])


def run_list_of(school_id: int, now: datetime, *, counselors: int, minutes: int) -> RunList:
    """The same-day round of one school: whom to fetch from which class in which period, each student once."""
    once = {flag.student_id: flag for flag in reversed(open_flags([school_id])) if facts_of(flag).item9 == 1}
    flags = {flag.pk: flag for flag in once.values()}
    today = timezone.localdate(now)
    facts = [facts_of(flag, flag.student.klass.name_on(today)) for flag in flags.values()]
    periods = _periods(school_id, now)
    groups = run_list(facts, periods, counselors=counselors, minutes=minutes)
    lines = tuple(
        RunLine(group.period, group.klass_title, tuple(flags[pk].student for pk in group.flag_ids)) for group in groups
    )
    return RunList(lines, periods[0].starts_at if periods else now)


def open_flags_of(student: Student) -> list[Flag]:
    """What a talk now would answer, the most urgent first."""
    flags = Flag.objects.filter(student=student, handled_at__isnull=True).order_by("raised_at", "pk")
    return sorted(flags, key=lambda flag: URGENCY[FlagLevel(flag.level)])


def lines_of(flags: Sequence[Flag]) -> dict[str, Any]:
    """What the lines of open flags above a talk's form need."""
    rows = [(flag, fact_of_level(flag.level)) for flag in flags]
    return {"flags": rows, "now": timezone.now(), "overdue": OVERDUE}


def sittings_beside(student: Student, flags: Sequence[Flag]) -> list[Sitting]:
    """The sittings that raised these flags, else the latest finished one."""
    rows = Sitting.objects.filter(student=student).select_related("screening")
    ids = {flag.sitting_id for flag in flags if flag.sitting_id}
    return list(rows.filter(pk__in=ids) if ids else rows.filter(finished_at__isnull=False).order_by("-finished_at")[:1])


def earlier_interviews(student: Student) -> list[Interview]:
    return list(Interview.objects.filter(student=student).select_related("by")[:5])
