"""On which days an obligation of a season is reminded of: occasions, due days, reminder days. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from xinyu.organisations import statutory
from xinyu.organisations.calendar import SchoolCalendar, Span, school_year
from xinyu.reminders.season_book import Obligation
from xinyu.reminders.seasons import SeasonWindow

# Overdue reminders end: after the long summer break nobody is asked for a check of the term before.
OVERDUE_LIMIT = timedelta(days=60)


@dataclass(frozen=True)
class Reason:
    """Why a reminder is sent on this day, with its looks."""

    code: str
    label: str
    colour: str
    icon: str
    order: int


OVERDUE = Reason("overdue", "已逾期", "red", "alert-circle", 1)
RAISED = Reason("raised", "逾期上报", "orange", "arrow-up", 2)
TODAY = Reason("today", "今天到期", "yellow", "clock", 3)
SOON = Reason("soon", "即将到期", "azure", "bell", 4)
FIRST = Reason("first", "新任务", "blue", "flag", 5)
REASONS = {reason.code: reason for reason in (OVERDUE, RAISED, TODAY, SOON, FIRST)}


@dataclass(frozen=True)
class Policy:
    """本区设定. Days are days on site (or office days): soon before due, overdue per level, how often it moves up."""

    soon_days: int = 3
    overdue_days: int = 3
    raises: int = 2


@dataclass(frozen=True)
class Step:
    """One reminder day of one occasion, before it meets subjects and persons. `level` 0 is the owner."""

    on: date
    window: SeasonWindow
    obligation: Obligation
    period: Span
    due_on: date
    reason: Reason
    level: int

    @property
    def occasion(self) -> str:
        return f"{self.window.key}/{self.obligation.code}/{self.period.start}"


def steps(windows: Iterable[SeasonWindow], calendar: SchoolCalendar, policy: Policy | None = None) -> list[Step]:
    """Every reminder day of every occasion of the windows. Occasions without a working day have none."""
    policy, found = policy or Policy(), []
    for window in windows:
        for obligation in window.obligations:
            works = _working_days(window, obligation, calendar)
            for period in periods(window.span, obligation.repeat):
                due_on = due_day(period, obligation, works)
                if due_on is not None:
                    days = _remind_days(period, due_on, works, policy)
                    found += [Step(on, window, obligation, period, due_on, *why) for on, why in days.items()]
    return found


@dataclass(frozen=True)
class Appointment:
    """A line of the year's planner: what is due on which day."""

    on: date
    window: SeasonWindow
    obligation: Obligation


def agenda(windows: Iterable[SeasonWindow], calendar: SchoolCalendar, year: int) -> list[Appointment]:
    """Every due day of the year by date. Whoever plans the year asks for this; who has done what is not in it."""
    found = [
        Appointment(on, window, obligation)
        for window in windows
        for obligation in window.obligations
        for period in periods(window.span, obligation.repeat)
        if (on := due_day(period, obligation, _working_days(window, obligation, calendar))) and on.year == year
    ]
    return sorted(found, key=lambda one: (one.on, one.window.key, one.obligation.code))


def is_asked(window: SeasonWindow, on: date) -> bool:
    """Whether anybody can be reminded of the season on the day.

    Never in a later school year: classes that have moved up or just come are not asked for what others owed. A season
    about entering or leaving classes waits for the school year it ends in, since until then others are these classes.
    """
    if not window.span.start <= on <= window.span.end + OVERDUE_LIMIT:
        return False
    ends, now = school_year(window.span.end), school_year(on)
    return now == ends or (now < ends and window.who.grades == "all")


def _working_days(window: SeasonWindow, obligation: Obligation, calendar: SchoolCalendar) -> Callable[[date], bool]:
    works = calendar.has_students_on_site if obligation.days == "on_site" else statutory.is_workday
    return lambda day: is_asked(window, day) and works(day)


def periods(span: Span, repeat: str) -> list[Span]:
    """The window itself, or its calendar months or Monday weeks, cut to the window."""
    if repeat == "once":
        return [span]
    groups: dict[tuple[int, ...], list[date]] = defaultdict(list)
    for day in span.days():
        groups[(day.year, day.month) if repeat == "monthly" else day.isocalendar()[:2]].append(day)
    return [Span(days[0], days[-1]) for days in groups.values()]


def due_day(period: Span, obligation: Obligation, works: Callable[[date], bool]) -> date | None:
    """Anchor plus offset, kept inside the period and moved back (else on) to a day that `works`; None if none does."""
    anchor = period.start if obligation.anchor == "start" else period.end
    wanted = min(max(anchor + timedelta(days=obligation.offset), period.start), period.end)
    working = [day for day in period.days() if works(day)]
    before = [day for day in working if day <= wanted]
    return before[-1] if before else next(iter(working), None)


def _remind_days(
    period: Span, due_on: date, works: Callable[[date], bool], policy: Policy
) -> dict[date, tuple[Reason, int]]:
    """Day → (reason, level). The stronger reason wins where two fall on one day."""
    first = next(day for day in period.days() if works(day))
    soon = [day for day in Span(first, due_on - timedelta(days=policy.soon_days)).days() if works(day)]
    days = {first: (FIRST, 0)} | {day: (SOON, 0) for day in soon[-1:] if day != first} | {due_on: (TODAY, 0)}
    late = [day for day in Span(due_on + timedelta(days=1), due_on + OVERDUE_LIMIT).days() if works(day)]
    for n, day in enumerate(late[: policy.overdue_days * (policy.raises + 1)]):
        level = n // policy.overdue_days
        days[day] = (RAISED if level else OVERDUE, level)
    return days
