"""What a day will bring, before it comes: the same rows that a sweep on that day writes, grouped for people to read.

Whoever looks reckons with what the own post sees: a school its own people and checks, an officer the county's posts and
what the dues say. Nobody's file is in it: posts, places, kinds of work.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xinyu.access.roles import ROLES
from xinyu.accounts.models import User
from xinyu.organisations.models import County, School
from xinyu.reminders import gather
from xinyu.reminders.due import Due, due, told
from xinyu.reminders.gather import CountyFacts
from xinyu.reminders.reach import Reach
from xinyu.reminders.seasons import SeasonWindow, seasons_in
from xinyu.reminders.steps import steps


@dataclass(frozen=True)
class PersonPlan:
    """One person on one day."""

    name: str
    role: str
    lines: tuple[Due, ...]


@dataclass(frozen=True)
class SchoolPlan:
    """How many people of a school are told how many things: what a bureau looks over first."""

    id: int
    name: str
    people: int
    lines: int


@dataclass(frozen=True)
class Trial:
    """What a season that is being written would do: its days of this and next year, and its first reminders."""

    windows: tuple[SeasonWindow, ...]
    first_on: date | None = None
    people: tuple[tuple[str, int], ...] = ()


def due_on(facts: CountyFacts, county: County, on: date) -> list[Due]:
    """Who would be told of what: exactly what a sweep on `on` delivers when one runs every day."""
    rows = due(on, facts.facts, facts.windows, facts.calendar, facts.people, facts.subjects, policy=facts.policy)
    return told(rows, county.pk)


def facts_of(reach: Reach, on: date) -> CountyFacts:
    """What the acting person answers for: the own school, or the county of an officer."""
    if reach.school is not None:
        return gather.school_facts(reach.school, on)
    return gather.officer_facts(reach.county, on)


def of_day(reach: Reach, on: date) -> list[Due]:
    """The part of a day that the acting person answers for."""
    return due_on(facts_of(reach, on), reach.county, on)


def next_day(facts: CountyFacts, on: date) -> date | None:
    """The next day after `on` on which the seasons known on that day remind anybody at all."""
    return min((step.on for step in steps(facts.windows, facts.calendar, facts.policy) if step.on > on), default=None)


def people_told(planned: list[Due], reach: Reach, on: date, school: School | None) -> list[PersonPlan]:
    """Everybody of the school, or of the bureau where no school is given, who is told something in `planned`."""
    rows = [row for row in planned if is_bureau(row) == (school is None)]
    if school is not None:
        own = {subject.place for subject in gather.subjects_of(reach.county, on, school)}
        rows = [row for row in rows if row.place in own]
    names = dict(User.objects.filter(pk__in={row.person_id for row in rows}).values_list("pk", "name"))
    found: dict[tuple[int, str], list[Due]] = defaultdict(list)
    for row in rows:
        found[row.person_id, row.role].append(row)
    plans = [
        PersonPlan(names[user], ROLES[role].label, tuple(sorted(lines, key=_order)))
        for (user, role), lines in found.items()
    ]
    return sorted(plans, key=lambda plan: (min(_order(line) for line in plan.lines), plan.name))


def _order(line: Due) -> tuple[int, date, str]:
    return line.reason.order, line.due_on, line.title


def is_bureau(row: Due) -> bool:
    return ROLES[row.role].level in ("county", "city")


def schools_told(planned: list[Due], reach: Reach, on: date) -> list[SchoolPlan]:
    """Per school of the county, those with most to do first."""
    subjects = {subject.place: subject for subject in gather.subjects_of(reach.county, on)}
    found: dict[int, list[Due]] = defaultdict(list)
    for row in planned:
        places = dict((row.place, *subjects[row.place].above))
        if not is_bureau(row):
            found[places["school"]].append(row)
    names = dict(School.objects.filter(pk__in=found).values_list("pk", "name"))
    plans = [SchoolPlan(pk, names[pk], len({row.person_id for row in rows}), len(rows)) for pk, rows in found.items()]
    return sorted(plans, key=lambda plan: (-plan.lines, plan.name))


def trial(county: County, rules: Mapping, code: str, today: date) -> Trial:
    """`rules` with the season `code` in them, as if they were in force from today on."""
    setting = gather.setting_of(county, rules)
    found = {w.key: w for year in (today.year, today.year + 1) for w in seasons_in(year, setting) if w.code == code}
    windows = tuple(found.values())
    policy = gather.frame_of(county, today, rules).policy
    days = sorted(step.on for step in steps(windows, setting.calendar.filled(today.year, today.year + 1), policy))
    first = next((day for day in days if day >= today), None)
    if first is None:
        return Trial(windows)
    keys = {window.key for window in windows}
    planned = due_on(gather.officer_facts(county, first, rules), county, first)
    rows = [row for row in planned if row.occasion.split("/")[0] in keys]
    people: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        people[ROLES[row.role].label].add(row.person_id)
    return Trial(windows, first, tuple((label, len(ids)) for label, ids in sorted(people.items())))
