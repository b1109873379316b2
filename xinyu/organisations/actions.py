"""Places, terms and days. Every change is recorded; whose county it is, the views and the audit know."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

from xinyu.audit.entries import record

from .calendar import SchoolCalendar
from .models import CalendarDay, City, County, ExamPeriod, Grade, Klass, School, Term
from .queries import calendar_of


@transaction.atomic
def create_city(name: str) -> City:
    city, made = City.objects.get_or_create(name=name)
    if made:
        record("organisations.create_city", subject=city)
    return city


@transaction.atomic
def create_county(city: City, code: str, name: str, **settings) -> County:
    county = County.objects.create(city=city, code=code, name=name, settings=settings)
    record("organisations.create_county", subject=county)
    return county


@transaction.atomic
def create_school(county: County, code: str, name: str, kind: str, locality: str, **facts) -> School:
    """`facts`: ownership, is_demonstration, enrolment, is_boarding."""
    school = School.objects.create(
        county=county, city_id=county.city_id, code=code, name=name, kind=kind, locality=locality, **facts
    )
    record("organisations.create_school", subject=school, school_id=school.pk)
    return school


@transaction.atomic
def create_grade(school: School, stage: str, entry_year: int) -> Grade:
    """The grade, made if the school has none of that stage and entry year."""
    grade, made = Grade.objects.get_or_create(school=school, stage=stage, entry_year=entry_year)
    if made:
        record("organisations.create_grade", subject=grade, school_id=school.pk)
    return grade


@transaction.atomic
def create_klass(grade: Grade, name: str) -> Klass:
    klass, made = Klass.objects.get_or_create(grade=grade, name=name, defaults={"school_id": grade.school_id})
    if made:
        record("organisations.create_klass", subject=klass, school_id=grade.school_id)
    return klass


def set_up_city(name: str, counties: dict[str, str]) -> tuple[City, list[County]]:
    """A city with counties by code → name, as an empty installation or the demo needs them."""
    city = create_city(name)
    return city, [create_county(city, code, county) for code, county in counties.items()]


@transaction.atomic
def add_term(county: County, code: str, starts_on: date, ends_on: date) -> Term:
    """Enter a term, or give an entered one new dates."""
    term, _ = Term.objects.update_or_create(
        county=county, code=code, defaults={"starts_on": starts_on, "ends_on": ends_on}
    )
    record("organisations.add_term", subject=term, detail={"code": code, "county": county.pk})
    return term


@transaction.atomic
def add_day(county: County, on: date, kind: str, note: str = "") -> CalendarDay:
    """Say that `on` differs from the ordinary calendar: a swap day, an extra day off."""
    day, _ = CalendarDay.objects.update_or_create(county=county, on=on, defaults={"kind": kind, "note": note})
    record("organisations.add_day", subject=day, detail={"on": str(on), "kind": kind, "county": county.pk})
    return day


@transaction.atomic
def remove_day(day: CalendarDay) -> None:
    """Back to the ordinary calendar for that day."""
    record("organisations.remove_day", subject=day, detail={"on": str(day.on), "county": day.county_id})
    day.delete()


@transaction.atomic
def add_exam(county: County, code: str, starts_on: date, ends_on: date, stage: str = "") -> ExamPeriod:
    exam, _ = ExamPeriod.objects.update_or_create(
        county=county, code=code, stage=stage, starts_on__year=starts_on.year,
        defaults={"starts_on": starts_on, "ends_on": ends_on},
    )  # fmt: skip
    record("organisations.add_exam", subject=exam, detail={"code": code, "county": county.pk})
    return exam


def change_setting(county: County, name: str, change: Callable[[Any], Any]) -> Any:
    """One of the county's settings made from what stands there (None: nothing), whoever changes another one meanwhile.
    Call in a transaction; `county` is then as stored. What stood there before."""
    stored = County.objects.select_for_update(no_key=True).get(pk=county.pk).settings
    before = stored.get(name)
    county.settings = stored | {name: change(before)}
    county.save(update_fields=["settings"])
    return before


@transaction.atomic
def confirm_year(county: County, year: int) -> SchoolCalendar:
    """The county has entered the swap days of `year` itself: the banner about estimated days goes."""
    change_setting(county, "confirmed_years", lambda known: sorted({*(known or []), year}))
    record("organisations.confirm_year", subject=county, detail={"year": year})
    return calendar_of(county)
