"""What a day will bring, before it comes: the same rows that a sweep on that day writes, grouped for people to read.

The reckoning needs every post and every fact of a county, so that it is done as the service that sweeps; whoever looks
gets the part that the own post speaks for. Nobody's file is in it: posts, places, kinds of work.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xinyu.access.actor import acting_as
from xinyu.access.roles import ROLES
from xinyu.accounts.models import User
from xinyu.organisations.models import County, School
from xinyu.reminders import gather
from xinyu.reminders.delivery.gather import covers
from xinyu.reminders.due import Due, due, told
from xinyu.reminders.reach import Reach
from xinyu.reminders.seasons import SeasonWindow, seasons_in
from xinyu.reminders.steps import steps

SYSTEM = "system:reminders"


@dataclass(frozen=True)
class PersonPlan:
    """One person on one day. `deputy`: who reads along, because the person is away."""

    name: str
    role: str
    lines: tuple[Due, ...]
    deputy: str = ""


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


def due_on(county: County, on: date, rules: Mapping | None = None) -> list[Due]:
    """Who would be told of what: exactly what a sweep on `on` delivers when one runs every day. As system:reminders."""
    facts = gather.county_facts(county, on, rules)
    rows = due(on, facts.facts, facts.windows, facts.calendar, facts.people, facts.subjects, policy=facts.policy)
    return told(rows, county.pk)


def of_day(county: County, on: date, rules: Mapping | None = None) -> list[Due]:
    with acting_as(SYSTEM):
        return due_on(county, on, rules)


def people_told(reach: Reach, on: date, school: School | None) -> list[PersonPlan]:
    """Everybody of the school, or of the bureau where no school is given, who is told something on the day."""
    rows = [row for row in of_day(reach.county, on) if is_bureau(row) == (school is None)]
    if school is not None:
        own = {subject.place for subject in gather.subjects_of(reach.county, on, school)}
        rows = [row for row in rows if row.place in own]
    with acting_as(SYSTEM):
        away = {cover.user_id: cover.deputy_id for cover in covers(on)}
    names = dict(User.objects.filter(pk__in={r.person_id for r in rows} | set(away.values())).values_list("pk", "name"))
    found: dict[tuple[int, str], list[Due]] = defaultdict(list)
    for row in rows:
        found[row.person_id, row.role].append(row)
    plans = [
        PersonPlan(names[user], ROLES[role].label, tuple(sorted(lines, key=_order)), _deputy(user, away, names))
        for (user, role), lines in found.items()
    ]
    return sorted(plans, key=lambda plan: (min(_order(line) for line in plan.lines), plan.name))


def _deputy(user: int, away: Mapping[int, int], names: Mapping[int, str]) -> str:
    if user not in away:
        return ""
    return "本校管理人员" if away[user] == user or away[user] in away else names[away[user]]


def _order(line: Due) -> tuple[int, date, str]:
    return line.reason.order, line.due_on, line.title


def is_bureau(row: Due) -> bool:
    return ROLES[row.role].level in ("county", "city")


def schools_told(reach: Reach, on: date) -> list[SchoolPlan]:
    """Per school of the county, those with most to do first."""
    subjects = {subject.place: subject for subject in gather.subjects_of(reach.county, on)}
    found: dict[int, list[Due]] = defaultdict(list)
    for row in of_day(reach.county, on):
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
    with acting_as(SYSTEM):
        facts = gather.county_facts(county, today, rules)
    days = sorted(step.on for step in steps(windows, setting.calendar.filled(today.year, today.year + 1), facts.policy))
    first = next((day for day in days if day >= today), None)
    if first is None:
        return Trial(windows)
    keys = {window.key for window in windows}
    rows = [row for row in of_day(county, first, rules) if row.occasion.split("/")[0] in keys]
    people: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        people[ROLES[row.role].label].add(row.person_id)
    return Trial(windows, first, tuple((label, len(ids)) for label, ids in sorted(people.items())))
