from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.flag_due import CHINA, FlagClock, flag_due_at
from assessments.triage import (
    LADDER,
    FlagFacts,
    LessonPeriod,
    climbs,
    recipients,
    run_list,
    rung_at,
    unread_beyond_school,
)
from xinyu.organisations.calendar import SchoolCalendar, Term

CALENDAR = SchoolCalendar((Term("2026-2027-1", date(2026, 9, 1), date(2027, 1, 22)),))


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("level", "raised", "expected"),
    [
        ("immediate", at(23, 10), at(23, 10, 30)),
        ("immediate", at(28, 23, 50), at(29, 0, 20)),
        ("same_day", at(23, 10), at(23, 17, 30)),
        ("same_day", at(23, 16, 30), at(23, 17, 30)),
        ("same_day", at(23, 16, 31), at(24, 4, 31)),
        ("same_day", at(28, 9), at(28, 21)),
        ("talk", at(23, 10), at(24, 17, 30)),
        ("talk", at(27, 15), at(30, 17, 30)),
        ("talk", at(27, 15).replace(month=12, day=31), at(1, 0).replace(year=2027, month=1, day=4, hour=15)),
    ],
)
def test_due_times(level, raised, expected):
    assert flag_due_at(level, raised, CALENDAR) == expected


def test_due_time_is_local_whatever_zone_the_flag_came_in():
    assert flag_due_at("same_day", datetime(2026, 11, 23, 2, tzinfo=UTC), CALENDAR) == at(23, 17, 30)
    assert flag_due_at("same_day", datetime(2026, 11, 23, 23, tzinfo=UTC), CALENDAR) == at(24, 17, 30)


def test_a_calendar_without_further_days_still_gives_a_due_time():
    empty = SchoolCalendar(())
    assert flag_due_at("talk", at(23, 10), empty) == at(27, 10)
    assert flag_due_at("same_day", at(23, 10), empty, FlagClock(off_site_hours=6)) == at(23, 16)


def test_naive_times_and_unknown_levels_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        flag_due_at("talk", datetime(2026, 11, 23), CALENDAR)
    with pytest.raises(ValueError, match="purple"):
        flag_due_at("purple", at(23, 10), CALENDAR)


FLAG = FlagFacts(1, "immediate", at(23, 16, 50), at(23, 17, 20))


def steps(flag):
    return [(when.strftime("%H:%M"), rung.code) for when, rung in climbs(flag)]


def test_an_unread_flag_climbs_inside_the_school():
    assert steps(FLAG) == [
        ("16:50", "counselor"),
        ("17:00", "deputy"),
        ("17:10", "vice_principal"),
        ("17:20", "principal"),
    ]
    assert rung_at(FLAG, at(23, 16, 59)).code == "counselor"
    assert rung_at(FLAG, at(23, 17, 0)).code == "deputy"
    assert rung_at(FLAG, at(24, 17, 0)).code == "principal"


def test_reading_stops_it_until_it_is_overdue():
    read = replace(FLAG, seen_at=at(23, 17, 5))
    assert steps(read) == [
        ("16:50", "counselor"),
        ("17:00", "deputy"),
        ("17:50", "vice_principal"),
        ("18:20", "principal"),
    ]


def test_handling_ends_it():
    handled = replace(FLAG, seen_at=at(23, 16, 55), handled_at=at(23, 17, 15))
    assert steps(handled) == [("16:50", "counselor")]
    assert rung_at(handled, at(23, 17, 15)) is None


@given(
    st.sampled_from(["immediate", "same_day", "talk"]),
    st.integers(0, 60 * 24 * 30),
    st.none() | st.integers(0, 6000),
    st.none() | st.integers(0, 6000),
    st.integers(0, 9000),
)
def test_it_never_comes_down_and_never_skips_order(level, raised, seen, handled, later):
    start = at(1, 0) + timedelta(minutes=raised)
    flag = FlagFacts(
        1,
        level,
        start,
        flag_due_at(level, start, CALENDAR),
        None if seen is None else start + timedelta(minutes=seen),
        None if handled is None else start + timedelta(minutes=handled),
    )
    orders = [rung.order for _, rung in climbs(flag)]
    assert orders == sorted(orders) == list(range(len(orders)))
    now = start + timedelta(minutes=later)
    rung = rung_at(flag, now)
    assert (rung is None) == (handled is not None and later >= handled)
    assert rung is None or rung in LADDER


def test_no_alert_lands_on_an_absent_person():
    present = {"counselor": [1, 2], "vice_principal": [3]}
    assert recipients(LADDER[0], present) == (1, 2)
    assert recipients(LADDER[1], present) == (3,)
    assert recipients(LADDER[3], present) == (3,)
    assert recipients(LADDER[0], {}) == ()


def test_the_county_sees_a_number_and_a_time_only():
    flags = [FLAG, replace(FLAG, id=2, raised_at=at(23, 16, 55)), replace(FLAG, id=3, seen_at=at(23, 17, 0))]
    flags.append(replace(FLAG, id=4, level="talk", klass_title="初三（1）班"))
    assert unread_beyond_school(flags, at(23, 17, 34)) is None
    shown = unread_beyond_school(flags, at(23, 17, 40))
    assert (shown.count, shown.since) == (2, at(23, 16, 50))
    assert shown.text == "2 条紧急提示自 11月23日 16:50 起无人查看"


def period(hour, minutes=40, day=23):
    return LessonPeriod(at(day, hour), at(day, hour) + timedelta(minutes=minutes), f"{hour}点")


def item9(number, klass, minute=0, answer=1, **more):
    return FlagFacts(
        number,
        "same_day",
        at(23, 8, minute),
        at(23, 17, 30),
        klass_id=klass,
        klass_title=f"{klass}班",
        item9=answer,
        **more,
    )


def test_the_round_is_grouped_by_period_and_class_with_the_longest_wait_first():
    flags = [item9(1, 7, 5), item9(2, 8, 1), item9(3, 7, 9), item9(4, 8, 2), item9(5, 9, 3, answer=2)]
    flags.append(item9(6, 9, 0, handled_at=at(23, 9)))
    rows = run_list(flags, [period(11), period(10, minutes=15)])
    assert [(row.period.label, row.klass_title, row.flag_ids) for row in rows] == [
        ("10点", "8班", (2, 4)),
        ("10点", "7班", (1,)),
        ("11点", "7班", (3,)),
    ]


def test_who_does_not_fit_is_listed_and_not_lost():
    rows = run_list([item9(n, 7, n) for n in range(1, 6)], [period(10, minutes=10)])
    assert [(row.period is None, row.flag_ids) for row in rows] == [(False, (1, 2)), (True, (3, 4, 5))]
    with pytest.raises(ValueError, match="至少"):
        run_list([], [], counselors=0)


def test_330_flags_of_a_school_fit_two_counselors_in_two_days():
    flags = [item9(n, n % 30, n % 40) for n in range(1, 331)]
    periods = [period(hour, 45, day) for day in (23, 24) for hour in range(8, 18)]
    rows = run_list(flags, periods, counselors=2)
    assert all(row.period for row in rows)
    assert sorted(flag for row in rows for flag in row.flag_ids) == list(range(1, 331))
