"""Expected talks against hours: when it fits, in which waves, and what is said when it does not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assessments.capacity import (
    BASE,
    Group,
    Pace,
    Part,
    check,
    holds_back,
    lesson_words,
    makeup_day,
    minutes_for,
    minutes_of,
    rate_of,
    stretches,
)

DAYS = [date(2026, 10, 12) + timedelta(days=n) for n in (0, 1, 2, 3, 7, 8, 9, 10)]
CLASSES = [Group(n, f"{n}班", 20) for n in range(1, 5)]
PACE = Pace(minutes_a_day=120, minutes_each=40, backlog_limit=5)
ONE_IN_FIVE = rate_of(0, 0, has_critical=True)


def test_waves_hold_what_can_be_talked_to_in_two_days_and_start_when_the_last_is_through():
    found = check(CLASSES, PACE, ONE_IN_FIVE, DAYS)
    assert (found.students, found.expected) == (80, 16)
    assert [wave.klass_ids for wave in found.waves] == [(1,), (2,), (3,), (4,), ()]
    assert [wave.starts_on for wave in found.waves] == [DAYS[0], DAYS[2], DAYS[4], DAYS[6], DAYS[7]]
    assert found.fits and found.waves[-1].is_makeup and "4 批" in found.words[1]
    assert {pk for wave in found.waves for pk in wave.klass_ids} == {1, 2, 3, 4}


def test_more_hours_make_fewer_waves():
    found = check(CLASSES, replace(PACE, minutes_a_day=480), ONE_IN_FIVE, DAYS)
    assert [wave.klass_ids for wave in found.waves] == [(1, 2, 3, 4), ()]
    assert found.hours_there == 64


def test_what_does_not_fit_says_so_first_and_has_no_day():
    found = check(CLASSES, PACE, ONE_IN_FIVE, DAYS[:4])
    assert not found.fits and "测评期不够" in found.words[0] and found.waves[-2].starts_on is None
    assert not check(CLASSES, PACE, ONE_IN_FIVE, []).fits


def test_a_backlog_over_the_limit_is_talked_to_before_anybody_is_asked():
    assert check(CLASSES, replace(PACE, backlog=4), ONE_IN_FIVE, DAYS).waves[0].starts_on == DAYS[0]
    assert check(CLASSES, replace(PACE, backlog=6), ONE_IN_FIVE, DAYS).waves[0].starts_on == DAYS[2]


@pytest.mark.parametrize(("finished", "flagged", "share"), [(99, 50, 0.20), (100, 50, 0.5), (1000, 0, 0.02)])
def test_the_schools_own_sheets_count_where_there_are_enough(finished, flagged, share):
    assert rate_of(finished, flagged, has_critical=True).share == share
    assert rate_of(0, 0, has_critical=False).share == BASE[False][0] < BASE[True][0]


def test_an_empty_class_makes_no_wave_and_the_limit_itself_holds_back():
    assert len(check([Group(1, "空", 0)], PACE, ONE_IN_FIVE, DAYS).waves) == 1
    assert holds_back(10, 10) and not holds_back(9, 10)
    assert (minutes_for(0), minutes_for(9), minutes_for(100)) == (10, 10, 20)


def test_a_battery_that_outgrows_a_lesson_is_said_and_a_pause_in_the_right_place_helps():
    short, long = Part("短", 9), Part("长", 200)
    assert lesson_words([short, short], 10) == ""
    assert "超过一节课" in lesson_words([short, short], 45), "what the plan allows counts as well"
    assert "超过一节课" in lesson_words([long, long], 0)
    halves = [replace(long, has_pause=True), long]
    assert stretches(halves) == [minutes_for(200)] * 2
    assert "下一节课接着答" in lesson_words(halves, 0)
    assert stretches([short, replace(short, has_pause=True)]) == [minutes_for(18)], "nothing comes after the last"
    assert (minutes_of(0), minutes_of(9), minutes_of(100)) == (1, 2, 14)


def test_without_waves_the_make_up_has_the_last_third_of_the_days():
    assert makeup_day([]) is makeup_day(DAYS[:1]) is None
    assert makeup_day(DAYS[:2]) == DAYS[1] and makeup_day(DAYS[:9]) == DAYS[6]
