"""Ordinary counties with classes enough for two thousand reminders. Each is quiet until its season is opened."""

from datetime import date, timedelta

from django.utils import timezone

from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post, User
from xinyu.organisations.calendar import school_year
from xinyu.organisations.models import City, County, Grade, Klass, School
from xinyu.reminders.actions.settings import add_season_setting
from xinyu.reminders.season_book import load_book

COUNTIES, GRADES, KLASSES_OF_GRADE = 12, 3, 16
LONG_AGO = date(2020, 1, 1)
QUIET = {"disabled": [season.code for season in load_book().seasons]}


def build(today: date) -> list[County]:
    """Every class has a homeroom teacher, every grade a head, every school a head of moral education."""
    with acting_as("system:demo"):
        city = City.objects.create(name="远市")
        granter, approver = _users("granter", "approver")
        counties = [_county(city, n, today, granter, approver) for n in range(COUNTIES)]
    return counties


def _users(*names: str) -> list[User]:
    return User.objects.bulk_create([User(username=name, name=name, password="!") for name in names])


def _county(city: City, number: int, today: date, granter: User, approver: User) -> County:
    county = County.objects.create(city=city, code=f"F{number:02}", name=f"远{number}县")
    add_season_setting(county, QUIET, None, in_force_from=LONG_AGO)
    school = School.objects.create(
        county=county, city=city, code=f"FS{number:02}", name=f"远{number}小学", kind="primary", locality="urban"
    )
    years = [school_year(today) - 1 - n for n in range(GRADES)]
    grades = [Grade.objects.create(school=school, stage="primary", entry_year=year) for year in years]
    names = [f"{n}班" for n in range(1, KLASSES_OF_GRADE + 1)]
    klasses = Klass.objects.bulk_create([Klass(school=school, grade=g, name=name) for g in grades for name in names])
    at_klass = [("homeroom", {"school": school, "grade": k.grade, "klass": k}) for k in klasses]
    at_grade = [("grade_head", {"school": school, "grade": grade}) for grade in grades]
    posts = [*at_klass, *at_grade, ("moral_head", {"school": school})]
    users = _users(*(f"{role}-{number}-{n}" for n, (role, _) in enumerate(posts)))
    given = {"valid_from": LONG_AGO, "granted_by": granter, "approved_by": approver, "approved_at": timezone.now()}
    Post.objects.bulk_create(
        [
            Post(user=user, role=role, city=city, county=county, **place, **given)
            for user, (role, place) in zip(users, posts, strict=True)
        ]
    )
    return county


def season(today: date) -> dict:
    """A season of which one obligation is long overdue and climbs, the other waits: every workday has reminders."""
    once = {"role": "homeroom", "subject": "klass", "repeat": "once", "days": "work", "anchor": "start"}
    return {
        "code": "far",
        "title": "远县关爱",
        "source": "本区设定",
        "note": "本区设定，可修改",
        "who": {"stages": [], "grades": "all"},
        "windows": [{"kind": "dates", "start": str(start_of(today)), "end": str(today + timedelta(days=30))}],
        "obligations": [
            {"code": "class_check", "title": "完成本班学生排查表", "evidence": "class_check", "offset": 0, **once},
            {"code": "talk", "title": "与本班学生谈话", "evidence": "talk", "offset": 50, **once},
        ],
    }


def start_of(today: date) -> date:
    return today - timedelta(days=30)


def open_season(counties: list[County], today: date) -> None:
    """Work appears: the fact from which each due follows is committed county by county."""
    rules = QUIET | {"custom": [season(today)], "policy": {"overdue_days": 10, "raises": 2}}
    for county in counties:
        with acting_as("system:demo"):
            add_season_setting(county, rules, None, in_force_from=LONG_AGO)
