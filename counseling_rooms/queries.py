"""Rooms of schools: required beside built, set-based; what the standard says about one room, line by line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import QuerySet

from xinyu.access.permissions import roles_for
from xinyu.organisations.models import County, School
from xinyu.ui.frame import Fact

from .models import Room
from .standard import (
    ROOM_TYPES,
    Checked,
    Compliance,
    Required,
    RoomType,
    RuleSettings,
    SchoolFacts,
    check_items,
    compliance,
    required_type,
)

TONES = {"red": "urgent", "orange": "notice", "green": "good", "teal": "good"}
#: computed from the roster and the staff, never asked
RATIO = "students_per_full_time"


def schools_in_reach(posts, verb: str = "rooms.see") -> QuerySet[School]:
    """Schools of the person's own school posts, of the county or of the city that a post with the verb covers."""
    held = [post for post in posts if post.role in roles_for(verb)]
    schools = {post.school_id for post in held if post.school_id}
    counties = {post.county_id for post in held if post.county_id and not post.school_id}
    cities = {post.city_id for post in held if not post.county_id}
    found = School.objects.filter(pk__in=schools) | School.objects.filter(county__in=counties)
    return (found | School.objects.filter(city__in=cities)).select_related("county").order_by("county_id", "code")


def rule_settings(county_settings: Mapping[str, Any]) -> RuleSettings:
    """The county's own choices ('town_counts_as_rural' …) over the defaults; what is not a rule setting is not read."""
    known = {field.name for field in fields(RuleSettings)}
    return RuleSettings(**{name: value for name, value in county_settings.items() if name in known})


def facts_of(school: School) -> SchoolFacts:
    """Senior enrolment is not known apart: a 完全中学 counts as a whole (the default of the rule)."""
    return SchoolFacts(school.kind, school.locality, school.enrolment, school.is_demonstration)


@dataclass(frozen=True)
class RoomState:
    """One room beside the content of the type that it was built as."""

    room: Room
    checks: tuple[Checked, ...]

    @property
    def type(self) -> RoomType:
        return ROOM_TYPES[self.room.built_type]

    @property
    def met(self) -> int:
        return sum(check.is_met for check in self.checks)

    @property
    def total(self) -> int:
        return len(self.checks)


@dataclass(frozen=True)
class SchoolRooms:
    """required   what must stand at least, with rule, text and source
    built      the highest type that stands, None when there is no room
    compliance required beside built
    """

    school: School
    required: Required
    built: RoomType | None
    compliance: Compliance
    rooms: tuple[RoomState, ...]

    @property
    def fact(self) -> Fact:
        return Fact(self.compliance.label, self.compliance.icon, TONES[self.compliance.colour])

    @property
    def met_items(self) -> int:
        """Lines of the standard that the best room meets, of `all_items`."""
        return self.rooms[0].met if self.rooms else 0

    @property
    def all_items(self) -> int:
        return self.rooms[0].total if self.rooms else 0


def state_of(room: Room, enrolment: int) -> RoomState:
    facts = dict(room.facts)
    full_time = facts.get("full_time_count")
    facts[RATIO] = round(enrolment / full_time, 1) if full_time else None
    return RoomState(room, tuple(check_items(ROOM_TYPES[room.built_type], facts)))


def _state_of_school(school: School, rooms: list[Room], settings: RuleSettings) -> SchoolRooms:
    states = sorted((state_of(room, school.enrolment) for room in rooms), key=lambda state: -state.type.order)
    required, built = required_type(facts_of(school), settings), states[0].type if states else None
    return SchoolRooms(school, required, built, compliance(required, built), tuple(states))


def room_compliance(schools: Iterable[School]) -> list[SchoolRooms]:
    """One line per school in the order given; two queries (rooms in sight, county settings) however many schools."""
    wanted = list(schools)
    rooms: dict[int, list[Room]] = defaultdict(list)
    for room in Room.objects.filter(school__in=[school.pk for school in wanted]):
        rooms[room.school_id].append(room)
    counties = County.objects.in_bulk({school.county_id for school in wanted})
    settings = {pk: rule_settings(county.settings) for pk, county in counties.items()}
    return [_state_of_school(school, rooms[school.pk], settings[school.county_id]) for school in wanted]
