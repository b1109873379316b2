"""What the inboxes must hold in the end: from the pure plan of each day alone, without the code that sweeps."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from xinyu.access.actor import acting_as
from xinyu.organisations.models import County
from xinyu.reminders import gather
from xinyu.reminders.due import Due, Place, due


@dataclass(frozen=True)
class Difference:
    """Keys that are planned and not there, and keys that are there and not planned, or there twice."""

    lost: set[str]
    extra: set[str]

    def __bool__(self) -> bool:
        return bool(self.lost or self.extra)


def compare(planned: Iterable[str], found: Iterable[str]) -> Difference:
    planned, counted = set(planned), Counter(found)
    return Difference(planned - set(counted), {key for key, n in counted.items() if n > 1 or key not in planned})


@dataclass(frozen=True)
class Plan:
    """`rows`: every reminder of every day, as if nobody ever answered; `county_of`: class → county."""

    rows: list[Due]
    county_of: Mapping[Place, int]

    def told(self, swept: Mapping[int, list[date]], answered: Mapping[Place, date] | None = None) -> list[Due]:
        """What sweeps of a county on these days deliver: of each level the newest, nothing once answered.

        `answered`: class → the day on which its check was filled in.
        """
        found: dict[str, Due] = {}
        chains = defaultdict(list)
        for row in self.rows:
            chains[row.occasion, row.place, row.level].append(row)
        for (occasion, place, _), chain in chains.items():
            checked = (answered or {}).get(place) if "/class_check/" in occasion else None
            for day in swept.get(self.county_of[place], ()):
                past = [row for row in chain if row.on <= day]
                if past and (checked is None or checked > day):
                    newest = max(row.on for row in past)
                    found |= {row.key: row for row in past if row.on == newest}
        return list(found.values())


def plan_of(counties: list[County], on: date, first: date, last: date) -> Plan:
    """The plan of counties with the same season, day by day; `on`: the day whose classes and posts count."""
    with acting_as("system:reminders"):
        facts = [gather.county_facts(county, on) for county in counties]
    subjects = [subject for one in facts for subject in one.subjects]
    people = [person for one in facts for person in one.people]
    one, days = facts[0], (last - first).days + 1
    rows = [
        row
        for n in range(days)
        for row in due(
            first + timedelta(n), (), one.windows, one.calendar, people, subjects, policy=one.policy
        )
    ]  # fmt: skip
    return Plan(rows, {s.place: dict((s.place, *s.above))["county"] for s in subjects})


def due_key(row: Due) -> str:
    """The key of the row that 今天 shows: one per obligation, class and person, whatever the day."""
    season, obligation, _ = row.occasion.split("/")
    return f"{season}/{obligation}//{row.place[0]}-{row.place[1]}/{row.person_id}"
