"""The demo city from one seed: the same day gives the same people. Pure; nobody in it exists."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from xinyu.organisations.calendar import school_year

from .names import identity_number, person_name, phone
from .places import ENTRY_AGE, SIZES, STAGE_YEARS, School

SEED = 20260901


@dataclass(frozen=True)
class Pupil:
    number: str
    name: str
    sex: str
    birth_on: date
    id_number: str
    is_boarding: bool
    guardian: str
    relation: str
    phone: str


@dataclass(frozen=True)
class Klass:
    stage: str
    entry_year: int
    name: str
    pupils: tuple[Pupil, ...]


@dataclass(frozen=True)
class Member:
    """Somebody on the staff: the role, and the place as (stage, entry year) of a grade or with a class's name."""

    username: str
    name: str
    role: str
    grade: tuple[str, int] | None = None
    klass: str = ""


@dataclass(frozen=True)
class SchoolWorld:
    school: School
    klasses: tuple[Klass, ...]
    staff: tuple[Member, ...]


@dataclass(frozen=True)
class World:
    """`county_staff`: county code → people; `city_staff`: people of the city, administrators among them."""

    today: date
    schools: tuple[SchoolWorld, ...]
    county_staff: dict[str, tuple[Member, ...]]
    city_staff: tuple[Member, ...]

    @property
    def students(self) -> int:
        return sum(len(klass.pupils) for one in self.schools for klass in one.klasses)


#: log-in name of a role: homeroom teachers are homeroom1, homeroom2 … through the whole city
SHORT = {"moral_head": "moral", "vice_principal": "vice", "grade_head": "grade", "station_counselor": "station"}
SHORT |= {"county_officer": "county", "city_officer": "city"}
SHORT |= {"system_admin": "system", "security_admin": "security", "audit_admin": "audit"}


class _Register:
    """Hands out what must be unique in the city: log-in names, phones, sequences of identity numbers."""

    def __init__(self, dice: Random):
        self.dice, self.counts = dice, dict[object, int]()

    def next(self, what: object) -> int:
        self.counts[what] = self.counts.get(what, 0) + 1
        return self.counts[what]

    def member(self, role: str, **place) -> Member:
        short = SHORT.get(role, role)
        return Member(f"{short}{self.next(short)}", person_name(self.dice, self.dice.choice("FM")), role, **place)


def make_world(size: str, today: date) -> World:
    """`size`: a key of places.SIZES. Raises KeyError for another."""
    register = _Register(Random(SEED))  # noqa: S311 - a play, not a secret
    schools = tuple(_school(school, today, register) for school in SIZES[size])
    counties = sorted({one.school.county for one in schools})
    roles = ("county_officer", "station_counselor", "expert", "doctor")
    county_staff = {code: tuple(register.member(role) for role in roles) for code in counties}
    city = ("city_officer", "system_admin", "security_admin", "audit_admin")
    return World(today, schools, county_staff, tuple(register.member(role) for role in city))


def _school(school: School, today: date, register: _Register) -> SchoolWorld:
    year = school_year(today)
    grades = [(stage, year - n) for stage in school.stages for n in range(STAGE_YEARS[stage])]
    klasses = tuple(
        Klass(stage, entry, f"{n}班", _pupils(school, stage, entry, n, register))
        for stage, entry in grades
        for n in range(1, school.klasses + 1)
    )
    staff = [register.member(role) for role in ("principal", "vice_principal", "moral_head", "teacher")]
    staff += [register.member("counselor") for _ in range(school.counselors)]
    staff += [register.member("grade_head", grade=grade) for grade in grades]
    staff += [register.member("homeroom", grade=(k.stage, k.entry_year), klass=k.name) for k in klasses]
    return SchoolWorld(school, klasses, tuple(staff))


def _pupils(school: School, stage: str, entry: int, klass: int, register: _Register) -> tuple[Pupil, ...]:
    first_day = date(entry - ENTRY_AGE[stage] - 1, 9, 1)
    return tuple(
        _pupil(register, f"{entry}{stage[0].upper()}{klass:02d}{n:02d}", first_day, school.is_boarding)
        for n in range(1, school.size + 1)
    )


def _pupil(register: _Register, number: str, first_day: date, boards: bool) -> Pupil:
    dice = register.dice
    sex, birth_on = dice.choice("FM"), first_day + timedelta(days=dice.randrange(364))
    name = person_name(dice, sex)
    relation = dice.choice(("母亲", "父亲", "母亲", "祖母"))
    guardian = person_name(dice, "M" if relation == "父亲" else "F")
    if relation == "父亲":
        guardian = name[0] + guardian[1:]
    sequence = register.next((birth_on, sex)) - 1
    return Pupil(
        number, name, sex, birth_on, identity_number(birth_on, sex, sequence), boards and dice.random() < 0.8,
        guardian, relation, phone(register.next("phone")),
    )  # fmt: skip
