from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinyu.organisations import statutory
from xinyu.organisations.calendar import (
    CalendarEndsError,
    DayOverride,
    SchoolCalendar,
    Span,
    Term,
    final,
    midterm,
    school_year,
    typical_terms,
    week,
    week_number,
)

AUTUMN = Term("2026-2027-1", date(2026, 9, 1), date(2027, 1, 22))
SPRING = Term("2026-2027-2", date(2027, 2, 22), date(2027, 7, 2))
CALENDAR = SchoolCalendar((AUTUMN, SPRING))


def test_announced_year_knows_the_national_holiday_and_its_swap_day():
    assert not CALENDAR.has_students_on_site(date(2026, 10, 5))
    assert CALENDAR.has_students_on_site(date(2026, 10, 10))  # a Saturday worked in exchange
    assert CALENDAR.why(date(2026, 10, 5)) == "国庆节"
    assert not CALENDAR.is_estimated(2026)
    assert CALENDAR.banner(2026) == ""


def test_unannounced_year_falls_back_to_statutory_days_with_a_banner():
    assert CALENDAR.is_estimated(2027)
    assert "2027" in CALENDAR.banner(2027)
    assert not CALENDAR.has_students_on_site(date(2027, 1, 1))
    assert CALENDAR.has_students_on_site(date(2027, 4, 6))
    assert CALENDAR.why(date(2027, 4, 5)) == "清明节"
    assert CALENDAR.why(date(2027, 6, 9)) == "端午节"
    assert not CALENDAR.has_students_on_site(date(2027, 6, 9))


def test_a_year_whose_days_the_county_entered_is_not_estimated():
    assert not SchoolCalendar((SPRING,), confirmed_years=frozenset({2027})).is_estimated(2027)


@pytest.mark.parametrize("year", range(2027, 2036))
def test_statutory_days_are_the_thirteen_of_the_law_unless_two_coincide(year):
    coincide = {2028: 1, 2031: 1}.get(year, 0)  # 中秋 inside 国庆
    assert len(statutory.statutory_days(year)) == 13 - coincide
    assert list(statutory.statutory_days(year).values()).count("春节") == 4


def test_the_lunar_table_agrees_with_the_announced_year():
    assert all(not statutory.is_workday(day) for day in statutory.statutory_days(2026))
    assert statutory.spring_festival(2099) is None
    assert date(2099, 10, 1) in statutory.statutory_days(2099)


def test_the_county_overrules_both_ways_and_says_why():
    calendar = SchoolCalendar(
        (AUTUMN,),
        (DayOverride(date(2026, 11, 12), "off", "运动会放假"), DayOverride(date(2026, 8, 29), "on_site")),
    )
    assert not calendar.has_students_on_site(date(2026, 11, 12))
    assert calendar.why(date(2026, 11, 12)) == "运动会放假"
    assert calendar.has_students_on_site(date(2026, 8, 29))
    assert calendar.why(date(2026, 8, 29)) == "学生在校"


def test_no_students_between_terms():
    assert not CALENDAR.has_students_on_site(date(2027, 1, 25))
    assert CALENDAR.why(date(2027, 1, 25)) == "假期"
    assert CALENDAR.next_day_on_site(date(2027, 1, 22)) == date(2027, 2, 22)
    assert CALENDAR.previous_day_on_site(date(2027, 2, 10)) == date(2027, 1, 22)


def test_last_day_before_a_break_is_friday_or_the_eve_of_a_holiday():
    assert CALENDAR.is_last_day_before_break(date(2026, 11, 27))
    assert not CALENDAR.is_last_day_before_break(date(2026, 11, 26))
    assert not CALENDAR.is_last_day_before_break(date(2026, 11, 28))
    assert CALENDAR.last_day_before_break(date(2026, 11, 23)) == date(2026, 11, 27)
    assert CALENDAR.last_day_before_break(date(2026, 10, 1)) == date(2026, 10, 10)  # the swap Saturday ends that run
    assert CALENDAR.last_day_before_break(date(2028, 1, 1)) is None


def test_days_are_counted_on_site_in_both_directions():
    assert CALENDAR.add_on_site_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CALENDAR.add_on_site_days(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert CALENDAR.add_on_site_days(date(2026, 10, 4), 0) == date(2026, 10, 4)
    with pytest.raises(CalendarEndsError, match="校历"):
        CALENDAR.add_on_site_days(date(2027, 7, 2), 1)


@given(st.dates(date(2026, 9, 1), date(2027, 5, 1)), st.integers(1, 15))
def test_adding_days_and_listing_days_agree(day, count):
    reached = CALENDAR.add_on_site_days(day, count)
    assert len(CALENDAR.days_on_site(day + timedelta(1), reached)) == count
    assert CALENDAR.first_day_on_site(reached) == reached


def test_weeks_begin_on_monday_and_the_first_holds_the_first_day():
    assert week_number(AUTUMN, date(2026, 9, 6)) == 1  # 1 September 2026 is a Tuesday
    assert week_number(AUTUMN, date(2026, 9, 7)) == 2
    assert week(AUTUMN, 1) == Span(date(2026, 9, 1), date(2026, 9, 4))
    assert week(AUTUMN, 99) == Span(date(2027, 1, 18), date(2027, 1, 22))
    with pytest.raises(ValueError, match="不在学期"):
        week_number(AUTUMN, date(2027, 2, 1))


def test_exam_weeks_are_typical_until_they_are_given():
    assert midterm(AUTUMN) == Span(date(2026, 11, 2), date(2026, 11, 6))
    assert final(AUTUMN) == Span(date(2027, 1, 4), date(2027, 1, 15))
    given_days = Span(date(2026, 11, 11), date(2026, 11, 13))
    assert midterm(Term("x", AUTUMN.starts_on, AUTUMN.ends_on, midterm=given_days)) == given_days
    short = Term("x", date(2027, 3, 1), date(2027, 6, 25))
    assert final(short) == Span(date(2027, 6, 14), date(2027, 6, 25))


def test_school_year_turns_on_the_first_of_september():
    assert (school_year(date(2026, 8, 31)), school_year(date(2026, 9, 1)), school_year(date(2027, 2, 1))) == (
        2025,
        2026,
        2026,
    )


@pytest.mark.parametrize("year", range(2025, 2040))
def test_typical_terms_are_plausible_and_marked(year):
    autumn, spring = typical_terms(year)
    assert autumn.is_estimated and spring.is_estimated
    assert 18 <= week_number(autumn, autumn.ends_on) <= 21
    assert 16 <= week_number(spring, spring.ends_on) <= 22
    assert autumn.ends_on < spring.starts_on


def test_filling_keeps_entered_terms_and_adds_only_what_is_missing():
    filled = SchoolCalendar((AUTUMN,)).filled(2026, 2027)
    assert [term.code for term in filled.terms] == ["2026-2027-1", "2026-2027-2", "2027-2028-1", "2027-2028-2"]
    assert filled.terms[0] == AUTUMN
    assert [term.is_estimated for term in filled.terms] == [False, True, True, True]
    assert filled.has_students_on_site(date(2027, 3, 10))
    assert CALENDAR.filled(2026) == CALENDAR
