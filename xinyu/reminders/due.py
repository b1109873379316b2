"""Who is reminded of what on a day: obligations × subjects × dates × persons. No clock, no database.

A fact stops a reminder at once; nothing else does. The same input always gives the same rows in the same order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from xinyu.access.roles import ROLES
from xinyu.organisations.calendar import SchoolCalendar
from xinyu.reminders.season_book import SeasonBook, load_book
from xinyu.reminders.seasons import CountySetting, SeasonWindow, seasons_in
from xinyu.reminders.steps import OVERDUE_LIMIT, Policy, Reason, Step, is_asked, steps

Place = tuple[str, int]


@dataclass(frozen=True)
class Subject:
    """A class, grade, school or county. `groups`: its (stage, mark) pairs; `above`: places above, nearest first."""

    kind: str
    id: int
    title: str
    groups: frozenset[tuple[str, str]]
    above: tuple[Place, ...] = ()

    @property
    def place(self) -> Place:
        return (self.kind, self.id)


@dataclass(frozen=True)
class Person:
    """One post: who, as what, where, from when to when (both included; None is open)."""

    person_id: int
    role: str
    place: Place
    starts_on: date | None = None
    ends_on: date | None = None

    def is_there(self, on: date) -> bool:
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or on <= self.ends_on)


# Posts by role and place, so that a year of a county is planned in seconds.
Posts = dict[tuple[str, Place], list[Person]]


@dataclass(frozen=True)
class Fact:
    """Evidence that became known on a day. `occasion` ties it to one occasion; without it the day decides."""

    kind: str
    place: Place
    on: date
    occasion: str = ""


@dataclass(frozen=True)
class Due:
    """One reminder for one person. `key` is unique per obligation × subject × date × person."""

    key: str
    on: date
    person_id: int
    role: str
    occasion: str
    season: str
    title: str
    place: Place
    place_title: str
    due_on: date
    reason: Reason
    level: int
    evidence: str
    version: str


def due(
    on: date,
    facts: Iterable[Fact],
    windows: Iterable[SeasonWindow],
    calendar: SchoolCalendar,
    people: Iterable[Person],
    subjects: Iterable[Subject],
    ladder: Mapping[str, str] | None = None,
    policy: Policy | None = None,
) -> list[Due]:
    """Reminders of the day `on`, sorted by key. Facts known later than `on` do not count."""
    near = [window for window in windows if is_asked(window, on)]
    planned = steps(near, calendar, policy)
    return _dues([step for step in planned if step.on == on], list(facts), list(people), list(subjects), ladder)


def plan_year(
    year: int,
    setting: CountySetting,
    facts: Iterable[Fact],
    people: Iterable[Person],
    subjects: Iterable[Subject],
    book: SeasonBook | None = None,
    policy: Policy | None = None,
) -> list[Due]:
    """The union of `due` over every day of the calendar year, sorted by day, then key."""
    book = book or load_book()
    planned = steps(windows_around(year, setting, book), setting.calendar.filled(year - 1, year), policy)
    this_year = [step for step in planned if step.on.year == year]
    return _dues(this_year, list(facts), list(people), list(subjects), book.ladder)


def windows_around(year: int, setting: CountySetting, book: SeasonBook | None = None) -> list[SeasonWindow]:
    """Windows that can cause reminders in `year`: its own and, for what is overdue, those of the year before."""
    found = {window.key: window for y in (year - 1, year) for window in seasons_in(y, setting, book)}
    return sorted(found.values(), key=lambda window: (window.span, window.key))


def _dues(
    planned: list[Step],
    facts: list[Fact],
    people: list[Person],
    subjects: list[Subject],
    ladder: Mapping[str, str] | None,
) -> list[Due]:
    known, posts = by_evidence(facts), by_post(people)
    ladder = load_book().ladder if ladder is None else ladder
    rows = {}
    for step in planned:
        for subject in subjects:
            if subject.kind != step.obligation.subject or not step.window.who.includes(subject.groups):
                continue
            if not any(is_met_by(step, fact) for fact in known[step.obligation.evidence, subject.place]):
                for person in holders(step, subject, posts, ladder):
                    row = row_of(step, subject, person)
                    rows[row.key] = row
    return sorted(rows.values(), key=lambda row: (row.on, row.key))


def by_evidence(facts: Iterable[Fact]) -> dict[tuple[str, Place], list[Fact]]:
    known: dict[tuple[str, Place], list[Fact]] = defaultdict(list)
    for fact in facts:
        known[fact.kind, fact.place].append(fact)
    return known


def by_post(people: Iterable[Person]) -> Posts:
    posts: Posts = defaultdict(list)
    for person in people:
        posts[person.role, person.place].append(person)
    return posts


def is_met_by(step: Step, fact: Fact) -> bool:
    """Whether the fact, of the right kind and place, was known on the step's day and belongs to its occasion."""
    if fact.on > step.on:
        return False
    if fact.occasion:
        return fact.occasion == step.occasion
    # A late fact still meets what is owed once; in a repeated obligation it belongs to the period it falls in.
    last = step.period.end + (OVERDUE_LIMIT if step.obligation.repeat == "once" else timedelta(0))
    return step.period.start <= fact.on <= last


def holders(step: Step, subject: Subject, posts: Posts, ladder: Mapping[str, str]) -> list[Person]:
    """Who is reminded: the owner's post; a vacant post is skipped, so that no reminder is lost with a person."""
    level = step.level
    for role in climb(step.obligation.role, ladder):
        places = (subject.place, *subject.above)
        found = [person for place in places for person in posts.get((role, place), ()) if person.is_there(step.on)]
        if found and level == 0:
            return found
        level -= bool(found)
    return []


def climb(role: str | None, ladder: Mapping[str, str]) -> Iterator[str]:
    """The role itself and those above it, nearest first."""
    seen = set()
    while role is not None and role not in seen:
        seen.add(role)
        yield role
        role = ladder.get(role)


def is_told(row: Due) -> bool:
    """A class without anybody in its school is counted for the bureau, which is not written to class by class."""
    return row.place[0] not in ("klass", "grade") or ROLES[row.role].level not in ("county", "city")


def row_of(step: Step, subject: Subject, person: Person) -> Due:
    key = f"{step.occasion}/{subject.kind}-{subject.id}/{step.on}/{person.person_id}"
    return Due(
        key=key,
        on=step.on,
        person_id=person.person_id,
        role=person.role,
        occasion=step.occasion,
        season=step.window.title,
        title=step.obligation.title,
        place=subject.place,
        place_title=subject.title,
        due_on=step.due_on,
        reason=step.reason,
        level=step.level,
        evidence=step.obligation.evidence,
        version=step.window.version,
    )
