"""Leaders of a school get one number of a round that is over, or none where it would tell who took part."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assessments.actions import staff_answers, staff_rounds
from tests.assessments.staff_world import CALM, handed_in, started, teachers
from xinyu.access.actor import acting_as
from xinyu.dashboard.staff_counts import shown_count

COUNTS = "dashboard:staff-counts"


def test_a_number_is_shown_only_where_neither_side_is_small():
    for asked in range(31):
        for answered in range(asked + 1):
            is_safe = answered >= 5 and asked - answered >= 5
            assert shown_count(asked, answered, 5) == (answered if is_safe else None), (asked, answered)


def test_more_answers_than_staff_were_counted_hide_the_number():
    assert shown_count(6, 9, 5) is None


def ended(world, row) -> None:
    with acting_as(world.station_counselor):
        staff_rounds.end_round(row, actor=world.station_counselor)


@pytest.mark.django_db
def test_leaders_read_the_number_once_the_round_is_over_and_it_does_not_move(here, there, enter):
    people = teachers(here, 6)
    row = started(here)
    sittings = [handed_in(here, row, user, CALM) for user in people]
    page = enter(here.principal).get(reverse(COUNTS)).text
    assert row.title not in page and "6 人参加" not in page, "not while it runs"
    ended(here, row)
    for role in ("principal", "vice_principal", "moral_head"):
        page = enter(here.users[role]).get(reverse(COUNTS)).text
        assert row.title in page and "6 人参加" in page and people[0].name not in page
    assert row.title not in enter(there.principal).get(reverse(COUNTS)).text
    with acting_as(people[0]):
        staff_answers.withdraw(sittings[0], actor=people[0])
    assert "6 人参加" in enter(here.principal).get(reverse(COUNTS)).text, "whoever watches it learns of no withdrawal"
    for role in ("counselor", "teacher", "county_officer", "station_counselor"):
        assert enter(here.users[role]).get(reverse(COUNTS)).status_code == 403


@pytest.mark.django_db
def test_with_a_small_staff_nothing_can_be_inferred(here, enter):
    row = started(here)
    handed_in(here, row, here.teacher, CALM)
    handed_in(here, row, here.homeroom, CALM)
    ended(here, row)
    page = enter(here.principal).get(reverse(COUNTS)).text
    assert row.title in page and "人数少，不显示" in page and "2 人参加" not in page


@pytest.mark.django_db
def test_the_function_answers_leaders_of_the_school_only(here, there):
    row = started(here, opens_on=timezone.localdate() - timedelta(days=3))
    handed_in(here, row, here.teacher, CALM)
    ended(here, row)
    for user, found in ((here.principal, 1), (here.teacher, 0), (here.county_officer, 0), (there.principal, 0)):
        with acting_as(user), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM access_staff_counts()")
            assert cursor.fetchone()[0] == found
