"""Public holidays of mainland China: announced years exactly, later years as an estimate.

Announced years come from `chinesecalendar` (holidays and swap days of the State Council's yearly notice). For years
that are not announced yet only the statutory days are known: 全国年节及纪念日放假办法 as revised from 2025-01-01 —
元旦 1, 春节 4 (除夕–初三), 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3 days. Swap days of such a year are unknown, so
callers show a banner (`SchoolCalendar.is_estimated`).
"""

from datetime import date, timedelta
from functools import cache

import chinese_calendar

# Gregorian (month, day) of 春节 (lunar 1-1), 清明 (solar term), 端午 (lunar 5-5) and 中秋 (lunar 8-15).
# Source: computed with the packages `holidays` 0.108 and `cnlunar` 0.2.5, which agree on every entry of 2026–2035.
LUNAR_DAYS: dict[int, tuple[tuple[int, int], ...]] = {
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
}
FIXED_DAYS = (
    ((1, 1), "元旦"),
    ((5, 1), "劳动节"),
    ((5, 2), "劳动节"),
    ((10, 1), "国庆节"),
    ((10, 2), "国庆节"),
    ((10, 3), "国庆节"),
)
# English names used by chinesecalendar, in the words people here use.
KNOWN_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


@cache
def is_announced(year: int) -> bool:
    """Whether the yearly holiday notice for `year` is in the installed `chinesecalendar`."""
    return min(chinese_calendar.holidays).year <= year <= max(chinese_calendar.holidays).year


@cache
def statutory_days(year: int) -> dict[date, str]:
    """Statutory holidays of `year` by law, without swap days. Years beyond the lunar table get the fixed days only."""
    days = {date(year, *month_day): name for month_day, name in FIXED_DAYS}
    if year in LUNAR_DAYS:
        spring, tomb, dragon, moon = (date(year, *month_day) for month_day in LUNAR_DAYS[year])
        days |= {spring + timedelta(n): "春节" for n in range(-1, 3)}
        days |= {tomb: "清明节", dragon: "端午节", moon: "中秋节"}
    return days


def holiday_name(day: date) -> str:
    """Name of the public holiday on `day` (announced or statutory), '' on an ordinary day."""
    if is_announced(day.year):
        is_off, name = chinese_calendar.get_holiday_detail(day)
        return KNOWN_NAMES.get(name or "", name or "") if is_off else ""
    return statutory_days(day.year).get(day, "")


@cache
def is_workday(day: date) -> bool:
    """Whether offices work on `day`: swap days included for announced years, Monday–Friday otherwise."""
    if is_announced(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and day not in statutory_days(day.year)


def spring_festival(year: int) -> date | None:
    """初一 of `year`, None outside the table (2026–2035)."""
    return date(year, *LUNAR_DAYS[year][0]) if year in LUNAR_DAYS else None
