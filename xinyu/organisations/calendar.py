"""The school calendar of a county: terms, days with students on site, exam weeks. Pure: no clock, no database."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from xinyu.organisations import statutory

ONE_DAY = timedelta(days=1)
# A search for the next day with students never looks further than the longest gap between two entered terms.
SEARCH_DAYS = 400
ESTIMATED_BANNER = "{year} 年放假调休安排尚未公布，日历按周末和法定节假日估算，可在校历中修改。"


class CalendarEndsError(LookupError):
    """No further day with students on site is known: the next term has not been entered."""


@dataclass(frozen=True)
class DayKind:
    """What a day of the county's calendar can be set to, with everything a page needs to show it."""

    code: str
    label: str
    colour: str
    icon: str
    order: int
    students_on_site: bool


OFF = DayKind("off", "放假", "secondary", "beach", 1, students_on_site=False)
ON_SITE = DayKind("on_site", "学生在校", "green", "school", 2, students_on_site=True)
DAY_KINDS = {kind.code: kind for kind in (OFF, ON_SITE)}


@dataclass(frozen=True, order=True)
class Span:
    """A range of days, both ends included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def overlaps(self, other: "Span") -> bool:
        return self.start <= other.end and other.start <= self.end

    def days(self) -> Iterator[date]:
        return (self.start + timedelta(n) for n in range((self.end - self.start).days + 1))


@dataclass(frozen=True, order=True)
class Term:
    """One semester, first to last school day. `code` is 2026-2027-1; exam spans are None until they are given."""

    code: str
    starts_on: date
    ends_on: date
    midterm: Span | None = None
    final: Span | None = None
    is_estimated: bool = False

    @property
    def title(self) -> str:
        """2026—2027学年上学期 of the code 2026-2027-1; any other code as it is."""
        years, _, half = self.code.rpartition("-")
        return f"{years.replace('-', '—')}学年{'上' if half == '1' else '下'}学期" if years else self.code

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on)


@dataclass(frozen=True)
class DayOverride:
    """The county says otherwise about one day. `kind` is a code of DAY_KINDS."""

    day: date
    kind: str
    note: str = ""


@dataclass(frozen=True)
class SchoolCalendar:
    """Frozen data of one county (or school). `confirmed_years`: years whose swap days the county has entered itself."""

    terms: tuple[Term, ...]
    overrides: tuple[DayOverride, ...] = ()
    confirmed_years: frozenset[int] = field(default_factory=frozenset)

    @cached_property
    def _kinds(self) -> dict[date, DayKind]:
        return {override.day: DAY_KINDS[override.kind] for override in self.overrides}

    def has_students_on_site(self, day: date) -> bool:
        """The county's own word first; else a working day (swap days included) inside a term."""
        if day in self._kinds:
            return self._kinds[day].students_on_site
        return self.term_of(day) is not None and statutory.is_workday(day)

    def why(self, day: date) -> str:
        """One Chinese phrase for the calendar page: the county's note, the holiday, 假期, 周末 or 在校."""
        for override in self.overrides:
            if override.day == day:
                return override.note or DAY_KINDS[override.kind].label
        if self.term_of(day) is None:
            return statutory.holiday_name(day) or "假期"
        return "在校" if statutory.is_workday(day) else statutory.holiday_name(day) or "周末"

    def is_estimated(self, year: int) -> bool:
        """Whether holidays of `year` are a guess (not announced, not entered): pages show a banner."""
        return year not in self.confirmed_years and not statutory.is_announced(year)

    def banner(self, year: int) -> str:
        return ESTIMATED_BANNER.format(year=year) if self.is_estimated(year) else ""

    def first_day_on_site(self, day: date) -> date | None:
        """`day` itself or the first day after it with students; None when no further day is known."""
        return self._search(day, ONE_DAY)

    def next_day_on_site(self, day: date) -> date | None:
        """The first day strictly after `day` with students; None when no further day is known."""
        return self._search(day + ONE_DAY, ONE_DAY)

    def previous_day_on_site(self, day: date) -> date | None:
        """`day` itself or the last day before it with students."""
        return self._search(day, -ONE_DAY)

    def last_day_before_break(self, day: date) -> date | None:
        """The end of the run of days on site that holds `day` (or of the next such run): the day before days off."""
        last = self.first_day_on_site(day)
        while last is not None and self.has_students_on_site(last + ONE_DAY):
            last += ONE_DAY
        return last

    def is_last_day_before_break(self, day: date) -> bool:
        """On site today, nobody tomorrow: no sitting with critical items on this afternoon (workflow D9.2)."""
        return self.has_students_on_site(day) and not self.has_students_on_site(day + ONE_DAY)

    def days_on_site(self, start: date, end: date) -> list[date]:
        """Every day with students from `start` to `end`, both included."""
        return [day for day in Span(start, end).days() if self.has_students_on_site(day)]

    def add_on_site_days(self, day: date, count: int) -> date:
        """The count-th day on site after `day` (before it when negative; `day` for 0). Raises CalendarEndsError."""
        step = ONE_DAY if count >= 0 else -ONE_DAY
        for _ in range(abs(count)):
            found = self._search(day + step, step)
            if found is None:
                raise CalendarEndsError(f"校历在 {day} 之后没有在校日，请先录入学期。")
            day = found
        return day

    def term_of(self, day: date) -> Term | None:
        return next((term for term in self.terms if day in term.span), None)

    def filled(self, *start_years: int) -> "SchoolCalendar":
        """The same calendar with usual terms (marked as estimated) where a school year has none entered."""
        guesses = [term for year in start_years for term in typical_terms(year)]
        missing = [guess for guess in guesses if not any(guess.span.overlaps(term.span) for term in self.terms)]
        return replace(self, terms=tuple(sorted((*self.terms, *missing), key=lambda term: term.starts_on)))

    def _search(self, day: date, step: timedelta) -> date | None:
        for n in range(SEARCH_DAYS):
            if self.has_students_on_site(day + n * step):
                return day + n * step
        return None


def week_number(term: Term, day: date) -> int:
    """School week of `day`: week 1 (Monday–Sunday) holds the first day of the term. Raises ValueError outside."""
    if day not in term.span:
        raise ValueError(f"{day} 不在学期 {term.code} 内")
    return (day - _monday(term.starts_on)).days // 7 + 1


def week(term: Term, number: int) -> Span:
    """Monday to Friday of the given school week, cut to the term; past the end it is the last week."""
    number = min(number, week_number(term, term.ends_on))
    monday = _monday(term.starts_on) + timedelta(weeks=number - 1)
    return Span(max(monday, term.starts_on), max(min(monday + timedelta(days=4), term.ends_on), term.starts_on))


def midterm(term: Term) -> Span:
    """The given midterm days, else week 10 (usual practice, no rule)."""
    return term.midterm or week(term, 10)


def final(term: Term) -> Span:
    """The given final days, else weeks 19–20, or the last two weeks of a shorter term (usual practice, no rule)."""
    last = week_number(term, term.ends_on)
    first_week, last_week = min(19, max(1, last - 1)), min(20, last)
    return term.final or Span(week(term, first_week).start, week(term, last_week).end)


def school_year(day: date) -> int:
    """The year in which the school year of `day` began: 1 September to 31 August."""
    return day.year if day.month >= 9 else day.year - 1


def typical_terms(start_year: int) -> tuple[Term, Term]:
    """Both semesters of a school year whose dates are not entered yet, marked as estimated.

    Usual practice, no rule: 1 September to about 12 days before 春节 (at most about 20 weeks); about 15 days after
    春节 to about 5 July. Moved to Monday or Friday.
    """
    festival = statutory.spring_festival(start_year + 1) or date(start_year + 1, 2, 5)
    code = f"{start_year}-{start_year + 1}"
    autumn_end = min(festival - timedelta(days=12), date(start_year, 9, 1) + timedelta(weeks=19, days=6))
    spring_start = _monday(festival + timedelta(days=18))
    summer_end = _monday(date(start_year + 1, 7, 5)) + timedelta(days=4)
    return (
        Term(f"{code}-1", date(start_year, 9, 1), _monday(autumn_end) + timedelta(days=4), is_estimated=True),
        Term(f"{code}-2", spring_start, summer_end, is_estimated=True),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
