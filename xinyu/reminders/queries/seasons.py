"""Nouns of the season pages: a year's seasons with what is owed and how far it is, computed from facts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, Sum

from assessments.models import ConcernReport
from crisis.models import Case
from xinyu.access.roles import ROLES
from xinyu.audit.models import Signature
from xinyu.organisations import statutory
from xinyu.organisations.models import School
from xinyu.reminders import gather
from xinyu.reminders.due import Subject
from xinyu.reminders.models import CountyReview, Due, SeasonCheck, SeasonRecord
from xinyu.reminders.reach import Reach
from xinyu.reminders.season_book import REPORTS, Obligation
from xinyu.reminders.seasons import SeasonWindow, seasons_in
from xinyu.reminders.signed import signatures_under
from xinyu.reminders.steps import OVERDUE_LIMIT, Appointment, due_day, periods
from xinyu.reminders.steps import agenda as appointments
from xinyu.students.models import Attention
from xinyu.ui.frame import Fact

COMING = Fact("未开始", "calendar-event", "neutral")
RUNNING = Fact("进行中", "player-play", "info")
OVER = Fact("已结束", "circle-check", "neutral")
DONE = Fact("已完成", "circle-check", "good")
LATE = Fact("已逾期", "alert-circle", "notice")
NOT_RECORDED = Fact("未登记", "circle-dashed", "neutral")
OPEN = Fact("待完成", "clock", "info")

Key = tuple[str, str]


@dataclass(frozen=True)
class Owed:
    """One obligation of a season at a place: `done` of `total`; total 0 where the person reads no progress."""

    code: str
    title: str
    role: str
    subject: str
    due_on: date | None
    done: int
    total: int
    fact: Fact


@dataclass(frozen=True)
class SeasonLine:
    """`is_open`: it has begun and can still be answered."""

    window: SeasonWindow
    fact: Fact
    months: tuple[bool, ...]
    owed: tuple[Owed, ...]
    is_open: bool

    @property
    def is_over(self) -> bool:
        return self.fact is OVER


@dataclass(frozen=True)
class KlassLine:
    """A class in a season. `count` is what the last check said, None while nobody has looked; `reported` how many
    students of it were named to the counselor since the season began, as far as the reader sees."""

    id: int
    name: str
    count: int | None
    on: date | None
    fact: Fact
    reported: int | None = None


@dataclass(frozen=True)
class SchoolLine:
    """A school's answers in a season, as the county reads them: places, no students."""

    id: int
    name: str
    done: int
    total: int

    @property
    def fact(self) -> Fact:
        return DONE if self.total and self.done == self.total else OPEN


@dataclass(frozen=True)
class ReportLine:
    """A school's report to the bureau in a season; without `at` it is missing. Duty figures: exact, no person."""

    id: int
    name: str
    fact: Fact
    by: str = ""
    at: datetime | None = None
    figures: tuple[tuple[str, int], ...] = ()
    note: str = ""
    code: str = ""


#: the figures of a report, as people read them
FIGURES = {
    "classes": "应排查班级", "answered": "已填报班级", "attention": "需要进一步了解的人数合计",
    "listed": "重点关注名单人数", "cases": "未结一人一案",
}  # fmt: skip


def season_year(reach: Reach, year: int, today: date) -> list[SeasonLine]:
    """The year's seasons that concern the place. Queries do not grow with seasons, classes or schools."""
    setting = gather.county_setting(reach.county, today)
    subjects = gather.subjects_of(reach.county, today, reach.school)
    calendar, answers = setting.calendar.filled(year - 1, year), Answers(reach, subjects)
    lines = []
    for window in seasons_in(year, setting):
        if any(window.who.includes(subject.groups) for subject in subjects):
            owed = tuple(
                _owed(window, one, calendar, answers, today)
                for one in window.obligations
                if reach.school is None or one.subject != "county"
            )
            months = tuple(_touches(window, year, month) for month in range(1, 13))
            is_open = window.span.start <= today <= window.span.end + OVERDUE_LIMIT
            lines.append(SeasonLine(window, _fact(window, today), months, owed, is_open))
    return lines


@dataclass(frozen=True)
class AgendaLine:
    """A day on which something is due, with how far it is."""

    on: date
    title: str
    season: str
    key: str
    role: str
    fact: Fact
    done: int
    total: int


def agenda(reach: Reach, year: int, today: date) -> list[tuple[int, list[AgendaLine]]]:
    """(month, lines) of the year that concern the place; the same questions as the year's seasons."""
    lines = season_year(reach, year, today)
    owed = {(line.window.key, one.code): one for line in lines for one in line.owed}
    setting = gather.county_setting(reach.county, today)
    found = appointments([line.window for line in lines], setting.calendar.filled(year - 1, year), year)
    months: dict[int, list[AgendaLine]] = defaultdict(list)
    for one in found:
        known = owed.get((one.window.key, one.obligation.code))
        if known is not None:
            months[one.on.month].append(_agenda_line(one, known, today))
    return sorted(months.items())


def _agenda_line(one: Appointment, known: Owed, today: date) -> AgendaLine:
    is_repeated = one.obligation.repeat != "once"
    fact = (OVER if one.on < today else COMING) if is_repeated and one.on != known.due_on else known.fact
    progress = (0, 0) if fact is OVER or fact is COMING else (known.done, known.total)
    return AgendaLine(one.on, one.obligation.title, one.window.title, one.window.key, known.role, fact, *progress)


def records_of(reach: Reach, season: str, obligations: Iterable[str]) -> list[SeasonRecord]:
    """What the school has written down of its activities and room hours in the season, newest first."""
    rows = SeasonRecord.objects.filter(school=reach.school, season=season, obligation__in=list(obligations))
    return list(rows.select_related("by").order_by("-at"))


def open_season(reach: Reach, season: str, today: date) -> SeasonLine | None:
    """A season that has begun and can still be answered; None when there is none of that key."""
    lines = [line for year in (today.year, today.year - 1) for line in season_year(reach, year, today)]
    return next((line for line in lines if line.window.key == season and line.is_open), None)


def _touches(window: SeasonWindow, year: int, month: int) -> bool:
    start, end = window.span.start, window.span.end
    return (start.year, start.month) <= (year, month) <= (end.year, end.month)


def _fact(window: SeasonWindow, today: date) -> Fact:
    if today < window.span.start:
        return COMING
    return RUNNING if today <= window.span.end else OVER


def _owed(window: SeasonWindow, one: Obligation, calendar, answers: "Answers", today: date) -> Owed:
    works = calendar.has_students_on_site if one.days == "on_site" else statutory.is_workday
    spans = periods(window.span, one.repeat)
    span = next((span for span in spans if today in span), spans[0])
    due_on = due_day(span, one, works)
    done, total = answers.progress(window, one)
    fact = _fact(window, today)
    if fact is not COMING and total:
        is_past = today > window.span.end + OVERDUE_LIMIT  # nobody is asked for it any more
        missing = NOT_RECORDED if is_past else LATE if due_on and due_on < today else OPEN
        fact = DONE if done >= total else missing
    return Owed(one.code, one.title, ROLES[one.role].label, one.subject, due_on, done, total, fact)


class Answers:
    """What is known of each season × obligation, as far as the person sees it."""

    def __init__(self, reach: Reach, subjects: Iterable[Subject]):
        self.reach, self.subjects = reach, list(subjects)
        self.met: dict[Key, set[int]] = defaultdict(set)
        self.owed: dict[Key, set[int]] = defaultdict(set)
        if reach.school is None:
            self._read_county(reach.county.pk)
        else:
            self._read_school(reach.school.pk)

    def _read_school(self, school_id: int) -> None:
        checks = SeasonCheck.objects.filter(school=school_id).order_by()
        for season, obligation, klass_id in checks.values_list("season", "obligation", "klass_id").distinct():
            self.met[season, obligation].add(klass_id)
        for season, obligation in SeasonRecord.objects.filter(school=school_id).values_list("season", "obligation"):
            self.met[season, obligation].add(school_id)

    def _read_county(self, county_id: int) -> None:
        dues = Due.objects.owed().filter(county=county_id).order_by()
        fields = ("season", "obligation", "school_id", "grade_id", "klass_id", "met_at")
        for season, obligation, school, grade, klass, met_at in dues.values_list(*fields):
            place = klass or grade or school or county_id
            self.owed[season, obligation].add(place)
            if met_at is not None:
                self.met[season, obligation].add(place)
        reports = SeasonRecord.objects.filter(county=county_id, is_report=True).order_by()
        for season, obligation, school in reports.values_list("season", "obligation", "school_id").distinct():
            self.met[season, obligation].add(school)
        reviews = CountyReview.objects.filter(county=county_id)
        for season, obligation in reviews.values_list("season", "obligation"):
            self.met[season, obligation].add(county_id)

    def progress(self, window: SeasonWindow, one: Obligation) -> tuple[int, int]:
        """(done, owed) places; (0, 0) where the person reads none."""
        key = (window.key, one.code)
        if self.reach.school is None and one.code in REPORTS and one.subject == "school":
            places = {s.id for s in self._subjects("school", window)} if self.reach.is_bureau else set()
        elif self.reach.school is None:
            places = self.owed[key] if self.reach.is_bureau else set()
        elif one.subject == "klass":
            places = {s.id for s in self._subjects("klass", window) if s.id in self.reach.klass_ids}
        else:
            is_reader = self.reach.roles & {"counselor", "principal", "moral_head", "vice_principal"}
            places = {s.id for s in self._subjects(one.subject, window)} if is_reader else set()
        return len(self.met[key] & places), len(places)

    def _subjects(self, kind: str, window: SeasonWindow) -> list[Subject]:
        return [s for s in self.subjects if s.kind == kind and window.who.includes(s.groups)]


def klass_lines(reach: Reach, line: SeasonLine, obligation: str, today: date) -> list[KlassLine]:
    """Classes in the person's reach with what their last check said."""
    subjects = gather.subjects_of(reach.county, today, reach.school)
    found = SeasonCheck.objects.filter(season=line.window.key, obligation=obligation, klass__in=reach.klass_ids)
    last = {row.klass_id: row for row in found.order_by("at")}
    named = _named(reach, line)
    due_on = next((one.due_on for one in line.owed if one.code == obligation), None)
    open_fact = LATE if due_on and due_on < today else OPEN
    lines = []
    for s in subjects:
        if s.kind == "klass" and s.id in reach.klass_ids and line.window.who.includes(s.groups):
            row = last.get(s.id)
            if row is None:
                lines.append(KlassLine(s.id, s.title, None, None, open_fact))
            else:
                told = named.get(s.id, 0)
                lines.append(KlassLine(s.id, s.title, row.attention_count, row.checked_on, DONE, told))
    return lines


def _named(reach: Reach, line: SeasonLine) -> dict[int, int]:
    rows = ConcernReport.objects.filter(klass__in=reach.klass_ids, told_at__date__gte=line.window.span.start).order_by()
    return dict(rows.values_list("klass_id").annotate(Sum("count")))


def school_lines(reach: Reach, season: str) -> list[SchoolLine]:
    """Who has answered: places owed and met per school of the county, slowest first."""
    dues = Due.objects.owed().filter(county=reach.county, season=season, school__isnull=False).order_by()
    states: dict[int, dict[tuple, bool]] = defaultdict(dict)
    for school, *place, met_at in dues.values_list("school_id", "obligation", "grade_id", "klass_id", "met_at"):
        states[school][tuple(place)] = states[school].get(tuple(place), False) or met_at is not None
    names = dict(School.objects.filter(county=reach.county).values_list("pk", "name"))
    lines = [SchoolLine(pk, names[pk], sum(found.values()), len(found)) for pk, found in states.items() if pk in names]
    return sorted(lines, key=lambda line: (line.done / line.total, line.name))


def report_lines(reach: Reach, line: SeasonLine, one: Owed, today: date) -> list[ReportLine]:
    """Every school that owes the report, whether anybody works there or not: missing ones first, late before open."""
    subjects = gather.subjects_of(reach.county, today)
    found = SeasonRecord.objects.filter(
        county=reach.county, season=line.window.key, obligation=one.code, is_report=True
    ).select_related("by")
    last = {row.school_id: row for row in found.order_by("at")}
    missing = LATE if one.due_on and one.due_on < today else OPEN
    owing = [s for s in subjects if s.kind == "school" and line.window.who.includes(s.groups)]
    codes = {pk: signature.code for pk, signature in signatures_under(last.values()).items()}
    lines = [_report_line(s, last.get(s.id), missing, codes) for s in owing]
    return sorted(lines, key=lambda row: (row.at is not None, row.name))


def _report_line(school: Subject, row: SeasonRecord | None, missing: Fact, codes: dict[int, str]) -> ReportLine:
    if row is None:
        return ReportLine(school.id, school.title, missing)
    figures = tuple((FIGURES[name], row.counts[name]) for name in FIGURES if name in row.counts)
    return ReportLine(school.id, school.title, DONE, row.by.name, row.at, figures, row.note, codes.get(row.pk, ""))


def receipts(reach: Reach, season: str) -> list[Signature]:
    """Who signed which report of the school in this season: what the head of the school keeps as proof."""
    rows = SeasonRecord.objects.filter(school=reach.school, season=season, is_report=True)
    return list(signatures_under(rows).values())


def zero_report(reach: Reach, line: SeasonLine, today: date) -> dict[str, int]:
    """The figures of a school's report, from facts: they are signed, never typed."""
    assert reach.school is not None
    school = reach.school.pk
    codes = [one.code for one in line.owed if one.subject == "klass"]
    klasses = {klass.id: klass for code in codes for klass in klass_lines(reach, line, code, today)}
    attention = Attention.objects.filter(school=school).filter(Q(to_on__isnull=True) | Q(to_on__gte=today))
    return {
        "classes": len(klasses),
        "answered": sum(k.count is not None for k in klasses.values()),
        "attention": sum(k.count or 0 for k in klasses.values()),
        "listed": attention.values("student_id").distinct().count(),
        "cases": Case.objects.filter(school=school, closed_at__isnull=True).count(),
    }
