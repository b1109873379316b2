"""How every begun occasion stands at a place on a day: met, or owed by whom. No clock, no database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from xinyu.organisations.calendar import SchoolCalendar
from xinyu.reminders.due import (
    Due,
    Fact,
    Person,
    Place,
    Posts,
    Subject,
    as_of,
    by_evidence,
    by_post,
    holders,
    is_met_by,
    row_of,
)
from xinyu.reminders.season_book import load_book
from xinyu.reminders.seasons import SeasonWindow
from xinyu.reminders.steps import Policy, Step, is_asked, steps


@dataclass(frozen=True)
class Standing:
    """How one occasion stands for one place on a day.

    period     start of the month or week of a repeated obligation, '' for what is owed once in the season
    reminders  the newest one for each person; empty once met
    early      once met: who would have been reminded first, so that the bureau counts the place although nobody was
    """

    occasion: str
    season: str
    obligation: str
    period: str
    title: str
    place: Place
    starts_on: date
    due_on: date
    is_met: bool
    reminders: tuple[Due, ...] = ()
    early: tuple[Due, ...] = ()


def standings(
    on: date,
    facts: Iterable[Fact],
    windows: Iterable[SeasonWindow],
    calendar: SchoolCalendar,
    people: Iterable[Person],
    subjects: Iterable[Subject],
    ladder: Mapping[str, str] | None = None,
    policy: Policy | None = None,
) -> list[Standing]:
    """Every begun occasion × place with the newest reminder up to `on` of each level: after a stopped week one for
    each person, no flood.

    A fact known on `on` counts although the reminder day lies before it.
    """
    near = [window for window in windows if is_asked(window, on)]
    newest: dict[str, dict[int, Step]] = defaultdict(dict)
    for step in sorted(steps(near, calendar, policy), key=_day):
        if step.on <= on:
            newest[step.occasion][step.level] = step
    known, posts = by_evidence(facts), by_post(people)
    ladder = load_book().ladder if ladder is None else ladder
    subjects = list(subjects)
    return [
        _standing(on, list(by_level.values()), subject, known, posts, ladder)
        for by_level in newest.values()
        for subject in subjects
        if _is_about(by_level[0], subject)
    ]


def _is_about(step: Step, subject: Subject) -> bool:
    return subject.kind == step.obligation.subject and step.window.who.includes(subject.groups)


def _day(step: Step) -> date:
    return step.on


def _late(
    on: date, step: Step, subject: Subject, posts: Posts, ladder: Mapping[str, str]
) -> Iterator[tuple[date, Person]]:
    """(first day of the post, person): who holds on `on` what was reminded of before the person came."""
    for person in holders(replace(step, on=on), subject, posts, ladder):
        if person.starts_on is not None and person.starts_on > step.on:
            yield person.starts_on, person


def _standing(
    on: date,
    levels: list[Step],
    subject: Subject,
    known: Mapping[tuple[str, Place], list[Fact]],
    posts: Posts,
    ladder: Mapping[str, str],
) -> Standing:
    step = levels[0]
    facts = known.get((step.obligation.evidence, subject.place), ())
    is_met = any(is_met_by(replace(step, on=on), fact) for fact in facts)
    own = [(step, person) for person in holders(step, subject, posts, ladder)]
    told = own + [(one, person) for one in levels[1:] for person in holders(one, subject, posts, ladder)]
    told += [(as_of(one, came), person) for one in levels for came, person in _late(on, one, subject, posts, ladder)]
    rows = () if is_met else tuple(row_of(one, subject, person) for one, person in told)
    return Standing(
        step.occasion,
        step.window.key,
        step.obligation.code,
        "" if step.obligation.repeat == "once" else str(step.period.start),
        f"{step.window.title}：{step.obligation.title}",
        subject.place,
        step.period.start,
        step.due_on,
        is_met,
        rows,
        tuple(row_of(one, subject, person) for one, person in own) if is_met else (),
    )
