from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling_rooms.availability import Duty, OpeningHours, Period, free_slots, opening_rate
from xinyu.organisations.calendar import DayOverride, SchoolCalendar, Term

CALENDAR = SchoolCalendar(
    (Term("2026-2027-1", date(2026, 9, 1), date(2027, 1, 22)),), (DayOverride(date(2026, 11, 26), "off", "运动会"),)
)
MONDAY = date(2026, 11, 23)
HOURS = [OpeningHours(0, time(12, 0), time(14, 0)), OpeningHours(4, time(12, 0), time(12, 40))]


def at(hour, minute=0, day=MONDAY):
    return datetime.combine(day, time(hour, minute))


def starts(slots):
    return [(slot.period.start.strftime("%H:%M"), slot.counselor_id) for slot in slots]


DUTY = Duty(7, Period(at(12), at(14)))


def test_hours_are_cut_into_whole_slots():
    assert starts(free_slots(MONDAY, HOURS, [DUTY], [], CALENDAR)) == [("12:00", 7), ("12:40", 7), ("13:20", 7)]
    assert starts(free_slots(MONDAY, HOURS, [DUTY], [], CALENDAR, minutes=50)) == [("12:00", 7), ("12:50", 7)]


def test_nobody_on_duty_means_no_slot():
    assert free_slots(MONDAY, HOURS, [], [], CALENDAR) == []
    late = Duty(7, Period(at(12, 30), at(14)))
    assert starts(free_slots(MONDAY, HOURS, [late], [], CALENDAR)) == [("12:40", 7), ("13:20", 7)]


def test_no_slot_without_students():
    off = date(2026, 11, 26)
    hours = [OpeningHours(3, time(12), time(14))]
    duty = Duty(7, Period(at(12, day=off), at(14, day=off)))
    assert free_slots(off, hours, [duty], [], CALENDAR) == []


def test_a_swap_saturday_follows_friday_hours():
    saturday = date(2026, 10, 10)
    duty = Duty(7, Period(at(8, day=saturday), at(18, day=saturday)))
    assert starts(free_slots(saturday, HOURS, [duty], [], CALENDAR)) == [("12:00", 7)]


def test_a_booking_blocks_the_only_room_but_not_the_second():
    other = Duty(8, Period(at(12), at(14)))
    booked = [(7, Period(at(12, 30), at(12, 50)))]
    assert starts(free_slots(MONDAY, HOURS, [DUTY, other], booked, CALENDAR)) == [("13:20", 7), ("13:20", 8)]
    two_rooms = starts(free_slots(MONDAY, HOURS, [DUTY, other], booked, CALENDAR, rooms=2))
    assert two_rooms == [("12:00", 8), ("12:40", 8), ("13:20", 7), ("13:20", 8)]


def test_bookings_may_touch():
    booked = [(7, Period(at(11), at(12))), (7, Period(at(12, 40), at(13, 20)))]
    assert starts(free_slots(MONDAY, HOURS, [DUTY], booked, CALENDAR)) == [("12:00", 7), ("13:20", 7)]


def test_the_past_is_not_offered():
    assert starts(free_slots(MONDAY, HOURS, [DUTY], [], CALENDAR, not_before=at(12, 41))) == [("13:20", 7)]


def test_a_zero_length_is_refused():
    with pytest.raises(ValueError, match="至少"):
        free_slots(MONDAY, HOURS, [DUTY], [], CALENDAR, minutes=0)


@given(
    st.lists(st.tuples(st.sampled_from([7, 8]), st.integers(0, 110), st.integers(1, 60)), max_size=6), st.integers(1, 3)
)
def test_no_offered_slot_ever_clashes(raw, rooms):
    bookings = [(who, Period(at(12 + m // 60, m % 60), at(12 + (m + n) // 60, (m + n) % 60))) for who, m, n in raw]
    slots = free_slots(MONDAY, HOURS, [DUTY, Duty(8, DUTY.period)], bookings, CALENDAR, rooms=rooms)
    for slot in slots:
        minutes = [at(12, 0).replace(hour=12 + m // 60, minute=m % 60) for m in range(120)]
        for minute in minutes:
            if slot.period.start <= minute < slot.period.end:
                held = [who for who, booked in bookings if booked.start <= minute < booked.end]
                assert slot.counselor_id not in held
                assert len(held) < rooms


def test_opening_rate_counts_days_with_students_only():
    opened = {date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 28)}
    rate = opening_rate(opened, date(2026, 11, 23), date(2026, 11, 29), CALENDAR)
    assert (rate.opened, rate.on_site, rate.percent) == (2, 4, 50.0)
    assert rate.missing == (date(2026, 11, 25), date(2026, 11, 27))


def test_opening_rate_of_a_holiday_is_nothing_to_be_late_with():
    assert opening_rate(set(), date(2027, 1, 25), date(2027, 1, 31), CALENDAR).percent is None
