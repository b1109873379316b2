"""City, counties, calendars, schools, grades, classes: through the actions of organisations."""

from datetime import timedelta

from xinyu.access.actor import acting_as
from xinyu.organisations import actions
from xinyu.organisations.calendar import final, midterm, school_year, typical_terms
from xinyu.organisations.models import County

from ..places import CITY, COUNTIES
from ..stage import DEMO, Stage
from ..world import SchoolWorld, World


def build_places(world: World) -> Stage:
    used = {one.school.county for one in world.schools}
    with acting_as(DEMO):
        city, counties = actions.set_up_city(CITY, {code: name for code, name in COUNTIES.items() if code in used})
        stage = Stage(world, city, {county.code: county for county in counties})
        for county in counties:
            _calendar(county, world)
        for one in world.schools:
            _school(stage, one)
    return stage


def _calendar(county: County, world: World) -> None:
    """Last school year, this and the next, with their exams."""
    year = school_year(world.today)
    for start in (year - 1, year, year + 1):
        for term in typical_terms(start):
            actions.add_term(county, term.code, term.starts_on, term.ends_on)
            for code, span in (("midterm", midterm(term)), ("final", final(term))):
                if code == "midterm" or span.start.year == term.ends_on.year:
                    actions.add_exam(county, code, span.start, span.end)
    for code, stage_code, month_day in (("zhongkao", "junior", (6, 18)), ("gaokao", "senior", (6, 7))):
        first = world.today.replace(year=year + 1, month=month_day[0], day=month_day[1])
        actions.add_exam(county, code, first, first + timedelta(days=2), stage=stage_code)


def _school(stage: Stage, one: SchoolWorld) -> None:
    plan = one.school
    school = actions.create_school(
        stage.counties[plan.county], plan.code, plan.name, plan.kind, plan.locality, ownership=plan.ownership,
        is_demonstration=plan.is_demonstration, enrolment=plan.enrolment, is_boarding=plan.is_boarding,
    )  # fmt: skip
    stage.schools[plan.code] = school
    for klass in one.klasses:
        key = (plan.code, klass.stage, klass.entry_year)
        if key not in stage.grades:
            stage.grades[key] = actions.create_grade(school, klass.stage, klass.entry_year)
        stage.klasses[*key, klass.name] = actions.create_klass(stage.grades[key], klass.name)
