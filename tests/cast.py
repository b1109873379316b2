"""The cast: two schools in two counties with everything in them, and everybody who might look.

`build("甲")` makes one city part; the outsider is always the counselor of the other one.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assessments.models import Flag, GrowthFile, Interview, Screening, ScreeningKey, Sitting
from crisis.models import Case, CaseNote
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post, User
from xinyu.organisations.models import City, County, Grade, Klass, School
from xinyu.students.models import Guardian, Student, StudentKey, owner_of
from xinyu.vault.fields import conceal, new_key

LONG_AGO = date(2020, 1, 1)
#: role -> name of the place in the world that the post stands at
PLACE_OF_ROLE = {
    "teacher": "school",
    "homeroom": "klass",
    "grade_head": "grade",
    "counselor": "school",
    "moral_head": "school",
    "vice_principal": "school",
    "principal": "school",
    "station_counselor": "county",
    "county_officer": "county",
    "city_officer": "city",
    "expert": "county",
    "doctor": "county",
    "system_admin": "city",
    "security_admin": "city",
    "audit_admin": "city",
}


@dataclass
class World:
    """A school and its people. `users[role]` has exactly that post; 'revoked' and 'expired' were counselors."""

    tag: str
    city: City
    county: County
    school: School
    grade: Grade
    klass: Klass
    other_klass: Klass
    students: list[Student]
    users: dict[str, User] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        people = self.__dict__.get("users", {})
        if name in people:
            return people[name]
        things = self.__dict__.get("things", {})
        if name in things:
            return things[name]
        raise AttributeError(name)


def new_user(username: str, name: str = "") -> User:
    return User(username=username, name=name or username, password="!")  # no log-in: tests use force_login


def make_user(username: str, name: str = "") -> User:
    user = new_user(username, name)
    user.save()
    return user


def add_post(user: User, role: str, place, *, granter: User, approver: User, **dates) -> Post:
    """An approved post; `place` is the city, county, school, grade or class that the role stands at."""
    post = new_post(user, role, place, granter=granter, approver=approver, **dates)
    post.save()
    return post


def new_post(user: User, role: str, place, *, granter: User, approver: User, **dates) -> Post:
    path: dict[str, Any] = {}
    node = place
    if isinstance(node, Klass):
        path["klass"], node = node, node.grade
    if isinstance(node, Grade):
        path["grade"], node = node, node.school
    if isinstance(node, School):
        path["school"], node = node, node.county
    if isinstance(node, County):
        path["county"], node = node, node.city
    path["city"] = node
    values = {"valid_from": LONG_AGO, "approved_by": approver, "approved_at": timezone.now()} | dates
    return Post(user=user, role=role, granted_by=granter, **path, **values)


def make_student(klass: Klass, number: str, name: str, **values) -> Student:
    student = Student(
        klass=klass,
        number=number,
        name=name,
        sex=values.pop("sex", "F"),
        birth_on=values.pop("birth_on", date(2012, 5, 1)),
        **values,
    )
    student.save()
    StudentKey.objects.create(student=student, wrapped=new_key(owner_of(student.pk)))
    return student


def build(tag: str, city: City | None = None) -> World:
    """Everything of one county with one school, as the demo job; people of every role."""
    with acting_as("system:demo"):
        city = city or City.objects.create(name=f"{tag}市")
        county = County.objects.create(city=city, code=f"C-{tag}", name=f"{tag}县")
        school = School.objects.create(
            county=county, city=city, code=f"S-{tag}", name=f"{tag}中学", kind="junior", locality="urban", enrolment=900
        )
        grade = Grade.objects.create(school=school, stage="junior", entry_year=2025)
        klass = Klass.objects.create(school=school, grade=grade, name="1班")
        other = Klass.objects.create(school=school, grade=grade, name="2班")
        students = [make_student(k, f"{tag}{n}", f"{tag}同学{n}") for n, k in enumerate((klass, klass, other), start=1)]
        world = World(tag, city, county, school, grade, klass, other, students)
        _people(world)
        _things(world)
    return world


def _people(world: World) -> None:
    """In two statements: nearly every test begins with this."""
    tag, yesterday = world.tag, timezone.localdate() - timedelta(days=1)
    special: dict[str, dict[str, Any]] = {
        "revoked": {"revoked_at": timezone.now()},
        "expired": {"valid_to": yesterday},
        "future": {"valid_from": timezone.localdate() + timedelta(days=2)},
        "unapproved": {"approved_by": None, "approved_at": None},
    }
    granter, approver = new_user(f"granter-{tag}"), new_user(f"approver-{tag}")
    world.users |= {role: new_user(f"{role}-{tag}", f"{tag}{role}") for role in PLACE_OF_ROLE}
    world.users |= {name: new_user(f"{name}-{tag}") for name in (*special, "nobody")}
    User.objects.bulk_create([granter, approver, *world.users.values()])
    special["revoked"]["revoked_by"] = granter
    hands = {"granter": granter, "approver": approver}
    posts = {role: new_post(world.users[role], role, getattr(world, at), **hands) for role, at in PLACE_OF_ROLE.items()}
    others = [
        new_post(world.users[name], "counselor", world.school, **hands, **dates) for name, dates in special.items()
    ]
    Post.objects.bulk_create([*posts.values(), *others])
    world.things |= hands | {f"post_{role}": post for role, post in posts.items()}


def _things(world: World) -> None:
    kid, now = world.students[0], timezone.now()
    guardian = Guardian(student=kid, name=f"{world.tag}家长", relation="母亲")
    conceal(guardian, phone="13800000000")
    guardian.save()
    screening = Screening.objects.create(
        school=world.school,
        title=f"{world.tag}普测",
        state="open",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=9),
        created_by=world.counselor,
    )
    ScreeningKey.objects.create(screening=screening, wrapped=new_key(f"screening:{screening.pk}"))
    sitting = Sitting.objects.create(screening=screening, student=kid, code_index=world.tag.encode()[:3] + b"-code")
    flag = Flag.objects.create(student=kid, level="same_day", source="staff", raised_by=world.counselor, due_at=now)
    interview = Interview(student=kid, by=world.counselor, at=now, outcome="case")
    conceal(interview, summary=f"canary-{world.tag}-interview")
    interview.save()
    case = Case.objects.create(
        student=kid,
        code=f"{world.tag}-1",
        level="yellow",
        level_until=timezone.localdate() + timedelta(days=30),
        owner=world.counselor,
        interview=interview,
    )
    note = CaseNote(case=case, student=kid, kind="talk", happened_at=now, by=world.counselor)
    conceal(note, body=f"canary-{world.tag}-note")
    note.save()
    GrowthFile.objects.create(student=kid, opened_on=LONG_AGO)
    world.things |= {
        "guardian": guardian,
        "screening": screening,
        "sitting": sitting,
        "flag": flag,
        "interview": interview,
        "case": case,
        "note": note,
    }
