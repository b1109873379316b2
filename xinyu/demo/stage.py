"""What the scenes hand on to each other: the pure world beside the rows that were made of it."""

from dataclasses import dataclass, field

from xinyu.accounts.models import User
from xinyu.organisations.models import City, County, Grade, Klass, School

from .world import World

DEMO = "system:demo"


@dataclass
class Stage:
    """Rows by the names of the pure world: grades and classes by (school code, stage, entry year, …)."""

    world: World
    city: City
    counties: dict[str, County]
    schools: dict[str, School] = field(default_factory=dict)
    grades: dict[tuple[str, str, int], Grade] = field(default_factory=dict)
    klasses: dict[tuple[str, str, int, str], Klass] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def first(self, school_code: str, role: str) -> User:
        """The first person of a role at a school."""
        staff = next(one.staff for one in self.world.schools if one.school.code == school_code)
        return self.users[next(member.username for member in staff if member.role == role)]
