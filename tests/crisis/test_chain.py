"""The pure duty clock: who is told, when it moves up, vacant posts, days with students."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crisis.chain import RungState, carried_on, kept, load_clocks, moves_up_at, open_rung, parse_clocks, unanswered
from xinyu.organisations.calendar import SchoolCalendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = SchoolCalendar(()).filled(2026)
FRIDAY = datetime(2026, 11, 27, 16, 50, tzinfo=ZONE)
PEOPLE = {
    "homeroom": [1], "grade_head": [2], "counselor": [3, 4], "vice_principal": [5], "principal": [6],
    "county_officer": [7, 8], "city_officer": [9],
}  # fmt: skip
RED, ORANGE, YELLOW, BLUE = (load_clocks()[colour] for colour in ("red", "orange", "yellow", "blue"))


def told(found):
    return [(one.code, one.person, one.opens_at) for one in found]


def test_red_tells_several_at_once_and_every_fifteen_minutes_the_next():
    found = told(unanswered(RED, FRIDAY, PEOPLE, CALENDAR, FRIDAY + timedelta(hours=9), skip={3}))
    quarter = timedelta(minutes=15)
    assert found == [
        ("at_once", 4, FRIDAY), ("at_once", 5, FRIDAY), ("at_once", 1, FRIDAY), ("at_once", 2, FRIDAY),
        ("school", 6, FRIDAY + quarter),
        ("county", None, FRIDAY + 2 * quarter),
        ("city", None, FRIDAY + 2 * quarter + timedelta(hours=1)),
    ]  # fmt: skip


def test_a_homeroom_teacher_alone_does_not_hold_a_red_rung():
    people = {"homeroom": [1], "principal": [6]}
    assert told(open_rung(RED, 0, FRIDAY, people, CALENDAR)) == [("school", 6, FRIDAY)]


def test_vacant_posts_are_passed_over_at_once_and_nobody_at_all_is_an_empty_answer():
    assert told(open_rung(ORANGE, 0, FRIDAY, {"vice_principal": [5]}, CALENDAR)) == [("school", 5, FRIDAY)]
    assert open_rung(ORANGE, 0, FRIDAY, {}, CALENDAR) == []


def test_yellow_counts_days_with_students_and_orange_hours():
    yellow = open_rung(YELLOW, 0, FRIDAY, PEOPLE, CALENDAR)[0]
    assert yellow.acknowledge_by == datetime(2026, 11, 30, 16, 50, tzinfo=ZONE)  # Monday
    assert yellow.act_by.date() == date(2026, 12, 8)
    assert open_rung(ORANGE, 0, FRIDAY, PEOPLE, CALENDAR)[0].acknowledge_by == FRIDAY + timedelta(hours=2)


def test_past_the_entered_terms_days_just_count():
    late = open_rung(YELLOW, 0, FRIDAY, PEOPLE, SchoolCalendar(()))[0]
    assert late.acknowledge_by == FRIDAY + timedelta(days=1)


def test_blue_stays_in_the_school():
    found = unanswered(BLUE, FRIDAY, PEOPLE, CALENDAR, FRIDAY + timedelta(days=200))
    assert {one.role for one in found} == {"homeroom", "grade_head", "counselor", "vice_principal"}


def test_a_person_with_two_posts_is_asked_once_and_as_the_one_who_answers():
    found = open_rung(RED, 0, FRIDAY, {"homeroom": [5], "vice_principal": [5]}, CALENDAR)
    assert [(one.person, one.role) for one in found] == [(5, "vice_principal")]


@pytest.mark.parametrize(
    ("known", "acted", "at"), [(False, False, FRIDAY), (True, False, FRIDAY + timedelta(hours=2)), (True, True, None)]
)
def test_knowing_is_not_acting(known, acted, at):
    assert moves_up_at(RungState(0, FRIDAY, FRIDAY + timedelta(hours=2), known, acted)) == at


@pytest.mark.parametrize("clock", [RED, ORANGE, YELLOW, BLUE])
def test_a_clock_comes_back_from_its_data_as_it_was(clock):
    assert parse_clocks(json.loads(json.dumps(kept(clock))))[clock.colour] == clock


def only(clock, *codes):
    return replace(clock, rungs=tuple(rung for rung in clock.rungs if rung.code in codes), version="shorter")


@pytest.mark.parametrize(
    ("told", "left", "then"),
    [
        ({0: "klass", 1: "grade"}, ("klass", "grade", "school", "head", "county"), "school"),
        ({0: "klass", 1: "grade"}, ("school", "county"), "school"),  # by its number the county would be next
        ({0: "klass", 1: "grade"}, ("klass", "school", "head", "county"), "school"),
        ({0: "klass", 1: "grade", 2: "school"}, ("school", "county"), "county"),
        ({0: "klass", 1: "grade", 2: "school"}, ("county",), "county"),
        ({0: "klass", 2: "school"}, ("county",), "county"),  # the grade's post was vacant
    ],
)
def test_rungs_removed_meanwhile_never_let_one_be_passed_in_silence(told, left, then):
    clock = carried_on(only(ORANGE, *left), told)
    found = open_rung(clock, max(told) + 1, FRIDAY, PEOPLE, CALENDAR)
    assert (found[0].code, found[0].rung) == (then, max(told) + 1)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"version": "1", "source": "x", "clocks": {"red": {"clock": "real", "rungs": []}}},
        {"version": "1", "source": "x", "clocks": {"red": {"clock": "real", "rungs": [
            {"code": "a", "label": "a", "roles": ["homeroom"], "answers": [], "acknowledge": 1, "act": 2}]}}},
        {"version": "1", "source": "x", "clocks": {"red": {"clock": "real", "rungs": [
            {"code": "a", "label": "a", "roles": ["homeroom"], "answers": ["homeroom"], "acknowledge": 9, "act": 2}]}}},
    ],
)  # fmt: skip
def test_a_clock_that_would_leave_a_student_alone_is_refused(broken):
    with pytest.raises(ValueError, match="四级联动时限"):
        parse_clocks(broken)
