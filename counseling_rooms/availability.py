"""Free booking slots of a counselling room, and its opening rate. Pure: times are of one time zone, the caller's."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from xinyu.organisations.calendar import SchoolCalendar


@dataclass(frozen=True, order=True)
class Period:
    """A half-open stretch of time: `start` belongs to it, `end` does not, so that bookings may touch."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Period") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class OpeningHours:
    """Weekly hours; `weekday` 0 is Monday."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Duty:
    """One counselor is on duty for this stretch; without a duty there is nobody to meet."""

    counselor_id: int
    period: Period


@dataclass(frozen=True, order=True)
class Slot:
    period: Period
    counselor_id: int


def free_slots(
    day: date,
    hours: Iterable[OpeningHours],
    duties: Iterable[Duty],
    bookings: Iterable[tuple[int, Period]],
    calendar: SchoolCalendar,
    *,
    minutes: int = 40,
    rooms: int = 1,
    not_before: datetime | None = None,
    swap_weekday: int = 4,
) -> list[Slot]:
    """Bookable slots of `minutes` on `day`, sorted by start, then counselor.

    bookings    (counselor id, period) of every booking of this room group, whoever holds it
    rooms       how many meetings can be held at once
    not_before  nothing that starts earlier is offered (the present, for today)
    swap_weekday  whose hours a worked Saturday or Sunday follows (Friday unless told)
    A counselor is never offered twice at one time; a day without students has no slots. Raises ValueError for
    minutes < 1.
    """
    if minutes < 1:
        raise ValueError("预约时长至少 1 分钟")
    if not calendar.has_students_on_site(day):
        return []
    taken = list(bookings)
    slots = []
    for opening in _openings(day, hours, swap_weekday):
        for duty in duties:
            for period in _cut(opening, duty.period, minutes):
                if _is_free(period, duty.counselor_id, taken, rooms) and (
                    not_before is None or period.start >= not_before
                ):
                    slots.append(Slot(period, duty.counselor_id))
    return sorted(set(slots))


def _openings(day: date, hours: Iterable[OpeningHours], swap_weekday: int) -> list[Period]:
    weekday = day.weekday() if day.weekday() < 5 else swap_weekday
    return [
        Period(datetime.combine(day, row.opens), datetime.combine(day, row.closes))
        for row in hours
        if row.weekday == weekday
    ]


def _cut(opening: Period, duty: Period, minutes: int) -> list[Period]:
    """Slots start at the opening and follow each other, so that two counselors share one grid."""
    length, periods, start = timedelta(minutes=minutes), [], opening.start
    while start + length <= opening.end:
        if duty.start <= start and start + length <= duty.end:
            periods.append(Period(start, start + length))
        start += length
    return periods


def _is_free(period: Period, counselor_id: int, taken: list[tuple[int, Period]], rooms: int) -> bool:
    clashing = [(who, booked) for who, booked in taken if booked.overlaps(period)]
    if any(who == counselor_id for who, _ in clashing):
        return False
    return _most_at_once(period, [booked for _, booked in clashing]) < rooms


def _most_at_once(period: Period, booked: list[Period]) -> int:
    """The peak number of bookings inside the period: it is reached at one of the starts."""
    moments = {max(other.start, period.start) for other in booked}
    return max((sum(other.start <= moment < other.end for other in booked) for moment in moments), default=0)


@dataclass(frozen=True)
class OpeningRate:
    """Days opened beside days with students on site. `missing` lists the days on site without an opening."""

    opened: int
    on_site: int
    missing: tuple[date, ...]

    @property
    def percent(self) -> float | None:
        """0–100, one decimal; None when there was no day with students (nothing to be late with)."""
        return round(100 * self.opened / self.on_site, 1) if self.on_site else None


def opening_rate(opened: Collection[date], start: date, end: date, calendar: SchoolCalendar) -> OpeningRate:
    """Opening rate from `start` to `end`, both included. Openings on days without students do not raise the rate."""
    days = calendar.days_on_site(start, end)
    missing = tuple(day for day in days if day not in set(opened))
    return OpeningRate(len(days) - len(missing), len(days), missing)
