"""The seasons of a county's year: versioned data in, dated windows with obligations out. No clock, no database.

A season is data. A county adds one of its own (`CountySetting.custom`, read by `season_book.parse_season`) without
programming.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from xinyu.organisations import calendar as school
from xinyu.organisations.calendar import SchoolCalendar, Span
from xinyu.reminders.season_book import Obligation, PsychMonth, SeasonBook, SeasonRule, Who, WindowRule, load_book


@dataclass(frozen=True)
class Exam:
    """Announced days of 'zhongkao' or 'gaokao' in one year, or of 'midterm' or 'final' in one term."""

    kind: str
    span: Span


@dataclass(frozen=True)
class CountySetting:
    """What one county says: its calendar, announced exams, own seasons (data), seasons switched off."""

    county: str
    calendar: SchoolCalendar
    exams: tuple[Exam, ...] = ()
    psych_months: tuple[PsychMonth, ...] = ()
    custom: tuple[SeasonRule, ...] = ()
    disabled: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SeasonWindow:
    """One dated season. `key` is stable (midterm:2026-2027-1); `is_estimated`: dates are usual, not announced."""

    key: str
    code: str
    title: str
    span: Span
    who: Who
    obligations: tuple[Obligation, ...]
    version: str
    source: str
    note: str
    is_estimated: bool = False


def seasons_in(year: int, setting: CountySetting, book: SeasonBook | None = None) -> list[SeasonWindow]:
    """Every window that touches the calendar year, by start. Terms that are not entered give usual dates, marked."""
    book = book or load_book()
    windows = [
        _window(rule, name, span, estimated, book)
        for rule in (*book.seasons, *setting.custom)
        if rule.code not in setting.disabled
        for window_rule in rule.windows
        for name, span, estimated in RULES[window_rule.kind](window_rule, year, setting, book)
        if span.overlaps(Span(date(year, 1, 1), date(year, 12, 31)))
    ]
    return sorted(windows, key=lambda window: (window.span, window.key))


def _window(rule: SeasonRule, name: str, span: Span, estimated: bool, book: SeasonBook) -> SeasonWindow:
    return SeasonWindow(
        f"{rule.code}:{name}",
        rule.code,
        rule.title,
        span,
        rule.who,
        rule.obligations,
        book.version,
        rule.source,
        rule.note or book.note,
        estimated,
    )


# A dated window of a rule: (name within the season, days, whether the days are only usual ones).
Found = tuple[str, Span, bool]


def _months(rule: WindowRule, year: int, setting: CountySetting, book: SeasonBook) -> list[Found]:
    return [(str(year), _span(year, rule.start, rule.end), False)]


def _dates(rule: WindowRule, year: int, setting: CountySetting, book: SeasonBook) -> list[Found]:
    return [(rule.start, Span(date.fromisoformat(rule.start), date.fromisoformat(rule.end)), False)]


def _psych_month(rule: WindowRule, year: int, setting: CountySetting, book: SeasonBook) -> list[Found]:
    known = [month for month in setting.psych_months or book.psych_months if month.from_year <= year]
    latest = max(known, key=lambda month: month.from_year, default=None)
    return [(str(year), _span(year, latest.start, latest.end), False)] if latest else []


def _before_break(rule: WindowRule, year: int, setting: CountySetting, book: SeasonBook) -> list[Found]:
    ends = [(term.code, term.ends_on, term.is_estimated) for term in _terms(year, setting)]
    return [(code, Span(end - timedelta(days=rule.days_before), end), guess) for code, end, guess in ends]


def _exam(rule: WindowRule, year: int, setting: CountySetting, book: SeasonBook) -> list[Found]:
    announced = [exam.span for exam in setting.exams if exam.kind == rule.exam]
    given: list[Found]
    if rule.exam in ("midterm", "final"):
        given = [(term.code, *_term_exam(rule.exam, term, announced)) for term in _terms(year, setting)]
    else:
        known = [span for span in announced if span.start.year == year]
        usual = [_span(year, exam.start, exam.end) for exam in book.exams if exam.kind == rule.exam]
        given = [(str(year), span, not known) for span in (known or usual)[:1]]
    before, after = timedelta(days=rule.days_before), timedelta(days=rule.days_after)
    return [(name, Span(span.start - before, span.end + after), guess) for name, span, guess in given]


def _term_exam(kind: str, term: school.Term, announced: list[Span]) -> tuple[Span, bool]:
    """Days of 期中 or 期末 in a term, and whether they are only the usual ones."""
    known = [span for span in announced if span.overlaps(term.span)] or [s for s in [getattr(term, kind)] if s]
    usual = school.midterm(term) if kind == "midterm" else school.final(term)
    return (known[0], False) if known else (usual, True)


RULES: dict[str, Callable[[WindowRule, int, CountySetting, SeasonBook], list[Found]]] = {
    "months": _months,
    "dates": _dates,
    "psych_month": _psych_month,
    "before_break": _before_break,
    "exam": _exam,
}


def _terms(year: int, setting: CountySetting) -> tuple[school.Term, ...]:
    return setting.calendar.filled(year - 1, year).terms


def _span(year: int, start: str, end: str) -> Span:
    return Span(date.fromisoformat(f"{year}-{start}"), date.fromisoformat(f"{year}-{end}"))
