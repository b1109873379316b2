"""When somebody must have talked with a flagged student. Pure; every figure is a setting of the county (本区设定).

It stands apart from triage.py because `due_at` is written with the flag, in the transaction of its cause.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from xinyu.organisations.calendar import SchoolCalendar

CHINA = ZoneInfo("Asia/Shanghai")
LEVELS = ("immediate", "same_day", "talk")


@dataclass(frozen=True)
class FlagClock:
    """本区设定, no document behind the figures. Times of day are China Standard Time.

    immediate_minutes   "at once" in figures
    day_ends, last_call  a same-day flag raised on site before `last_call` is due when the school day ends
    off_site_hours      otherwise real hours: nobody waits for Monday
    talk_cap_hours      "想聊聊" is due when the next day on site ends, but never later than this
    """

    immediate_minutes: int = 30
    day_ends: time = time(17, 30)
    last_call: time = time(16, 30)
    off_site_hours: int = 12
    talk_cap_hours: int = 96
    source: str = "本区设定，可修改"


def flag_due_at(level: str, raised_at: datetime, calendar: SchoolCalendar, clock: FlagClock | None = None) -> datetime:
    """Due time (aware, China Standard Time) of a flag. Raises ValueError for a naive time or an unknown level."""
    if raised_at.tzinfo is None:
        raise ValueError("raised_at must carry a time zone")
    if level not in LEVELS:
        raise ValueError(f"unknown flag level {level!r}")
    clock, local = clock or FlagClock(), raised_at.astimezone(CHINA)
    if level == "immediate":
        return local + timedelta(minutes=clock.immediate_minutes)
    if level == "same_day":
        in_time = calendar.has_students_on_site(local.date()) and local.time() <= clock.last_call
        end = datetime.combine(local.date(), clock.day_ends, CHINA)
        return end if in_time else local + timedelta(hours=clock.off_site_hours)
    cap = local + timedelta(hours=clock.talk_cap_hours)
    day = calendar.next_day_on_site(local.date())
    return cap if day is None else min(cap, datetime.combine(day, clock.day_ends, CHINA))
