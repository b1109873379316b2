"""`manage.py seasons --on D` says what a sweep on D delivers: every day of a year, from plan to inbox."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from tests.cast import add_post, make_user
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post
from xinyu.organisations.models import Grade, Klass, Term
from xinyu.reminders.actions.confirming import confirm_check
from xinyu.reminders.actions.settings import add_season_setting
from xinyu.reminders.actions.sweeping import sweep_dues
from xinyu.reminders.models import Due, Notice

YEAR = 2027
DAYS = [date(YEAR, 1, 1) + timedelta(n) for n in range(365)]
#: a season of the county's own from 1 October on, asked of every class each week
WEEKLY = {
    "code": "county_care",
    "title": "本区关爱周",
    "who": {"stages": [], "grades": "all"},
    "windows": [{"kind": "dates", "start": "2027-10-11", "end": "2027-11-07"}],
    "obligations": [
        {"code": "class_check", "role": "homeroom", "title": "完成本班排查表", "subject": "klass",
         "evidence": "class_check", "anchor": "end", "offset": -1, "repeat": "weekly"},
    ],
}  # fmt: skip


@pytest.fixture
def county(here):
    """Grades that leave and enter within the year, a class without a teacher, a teacher who hands over in March."""
    people = {"granter": here.granter, "approver": here.approver}
    with acting_as("system:demo"):
        for entry in (2024, 2026, 2027):
            grade = Grade.objects.create(school=here.school, stage="junior", entry_year=entry)
            klass = Klass.objects.create(school=here.school, grade=grade, name="1班")
            add_post(make_user(f"homeroom-{entry}"), "homeroom", klass, **people)
        Post.objects.filter(pk=here.post_homeroom.pk).update(valid_to=date(YEAR, 3, 8))
        successor = make_user("successor")
        add_post(successor, "homeroom", here.klass, **people, valid_from=date(YEAR, 3, 8))
        here.things["successor"] = successor
        # lessons begin before 1 September, the day on which grades move up
        term = {"code": "2027-2028-1", "starts_on": date(2027, 8, 30), "ends_on": date(2028, 1, 14)}
        Term.objects.create(county=here.county, **term)
        add_season_setting(here.county, {"custom": [WEEKLY]}, None, in_force_from=date(YEAR, 10, 1))
    return here


def planned(county, **when) -> list[str]:
    out = StringIO()
    call_command("seasons", county=county.code, stdout=out, **when)
    return [row["key"] for row in json.loads(out.getvalue())]


def delivered() -> set[str]:
    with acting_as("system:reminders"):
        return set(Notice.objects.filter(due__isnull=False).values_list("key", flat=True))


def answer(world, on: date) -> None:
    """Checks of one class in some seasons; the reminders that were still to come must not."""
    for day, season in ((date(YEAR, 3, 9), f"spring:{YEAR}"), (date(YEAR, 5, 20), f"may_june:{YEAR}"),
                        (date(YEAR, 10, 13), "county_care:2027-10-11")):  # fmt: skip
        if on == day:
            with acting_as("system:demo"):
                confirm_check(world.klass, season, "class_check", 0, actor=world.homeroom, on=on)


@pytest.mark.django_db
def test_dry_run_of_each_day_is_what_the_sweep_of_that_day_delivers(county):
    sweep_dues(date(YEAR - 1, 12, 31))
    before, year = delivered(), []
    for on in DAYS:
        answer(county, on)
        promised = planned(county.county, on=on)
        sweep_dues(on)
        now = delivered()
        assert sorted(promised) == sorted(now - before), on
        year += promised
        before = now
    heard = f"spring:{YEAR}/class_check/{YEAR}-03-01/klass-{county.klass.pk}/{YEAR}-03-08/{county.successor.pk}"
    assert heard in year  # on the first day of her post, which is no reminder day
    assert len(year) > 100 and len(year) == len(set(year))
    assert sorted(planned(county.county, year=YEAR)) == sorted(year)
    with acting_as("system:reminders"):
        told = Due.objects.filter(due_on__year=YEAR, klass__grade__entry_year=2027, due_on__lt=date(YEAR, 9, 1))
        assert not told.exists()
