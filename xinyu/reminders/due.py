"""Who is reminded of what on a day: obligations × subjects × dates × persons. No clock, no database.

A fact stops a reminder at once; nothing else does. Who takes up a post while something is owed hears of it on the first
day of the post, not only on the next reminder day. The same input always gives the same rows in the same order.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from xinyu.access.roles import ROLES
from xinyu.organisations.calendar import SchoolCalendar
from xinyu.reminders.season_book import SeasonBook, load_book
from xinyu.reminders.seasons import CountySetting, SeasonWindow, seasons_in
from xinyu.reminders.steps import FIRST, OVERDUE_LIMIT, Policy, Reason, Step, is_asked, steps

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
    todays = [step for step in planned if step.on == on]
    facts, people, subjects = list(facts), list(people), list(subjects)
    rows = _dues(todays, facts, people, subjects, ladder)
    new = [person for person in people if person.starts_on == on]
    return _with(rows, _dues(running(planned, on), facts, people, subjects, ladder, new) if new else [])


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
    facts, people, subjects = list(facts), list(people), list(subjects)
    rows = _dues([step for step in planned if step.on.year == year], facts, people, subjects, book.ladder)
    for on in sorted({p.starts_on for p in people if p.starts_on and p.starts_on.year == year}):
        new = [person for person in people if person.starts_on == on]
        rows = _with(rows, _dues(running(planned, on), facts, people, subjects, book.ladder, new))
    return rows


def running(planned: Iterable[Step], on: date) -> list[Step]:
    """The newest reminder day of each occasion and level that lies before `on`, as of `on`: what somebody finds who
    takes up a post on that day and was not there to be reminded."""
    newest: dict[tuple[str, int], Step] = {}
    for step in planned:
        known = newest.get((step.occasion, step.level))
        if step.on < on and is_asked(step.window, on) and (known is None or known.on < step.on):
            newest[step.occasion, step.level] = step
    return [as_of(step, on) for step in newest.values()]


def as_of(step: Step, on: date) -> Step:
    """The step as somebody hears of it who comes later: late is late, the rest is new to this person."""
    return replace(step, on=on, reason=step.reason if step.due_on < on else FIRST)


def _with(rows: list[Due], more: list[Due]) -> list[Due]:
    """Ordinary reminders win over what a newcomer is told of the same occasion on the same day."""
    found = {row.key: row for row in more} | {row.key: row for row in rows}
    return sorted(found.values(), key=lambda row: (row.on, row.key))


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
    only: Collection[Person] | None = None,
) -> list[Due]:
    """`only`: the persons among the holders who are told; None for all."""
    known, posts = by_evidence(facts), by_post(people)
    ladder = load_book().ladder if ladder is None else ladder
    rows = {}
    for step in planned:
        for subject in subjects:
            if subject.kind != step.obligation.subject or not step.window.who.includes(subject.groups):
                continue
            if not any(is_met_by(step, fact) for fact in known[step.obligation.evidence, subject.place]):
                for person in holders(step, subject, posts, ladder):
                    if only is not None and person not in only:
                        continue
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


def told(rows: Iterable[Due], county_id: int) -> list[Due]:
    """What people are written about: an officer hears once of all schools that are late with the same thing.

    `rows` are those of one county. A bundle keeps the place of its first school and the key of none: schools that
    become late later on the same day do not ring again.
    """
    found: dict[str, Due] = {}
    schools: dict[str, int] = defaultdict(int)
    for row in rows:
        if not is_told(row):
            continue
        if row.place[0] == "school" and ROLES[row.role].level in ("county", "city"):
            row = replace(row, key=f"{row.occasion}/county-{county_id}-schools/{row.on}/{row.person_id}")
        schools[row.key] += 1
        found.setdefault(row.key, row)
    return [replace(row, place_title=f"{n} 所学校") if (n := schools[key]) > 1 else row for key, row in found.items()]


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
