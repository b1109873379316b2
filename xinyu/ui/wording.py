"""Dates, shares and masked text as Chinese readers expect them. Pure: the day is passed, the clock never asked."""

import re
from datetime import date, datetime
from decimal import Decimal
from unicodedata import normalize

WEEKDAYS = "一二三四五六日"
NOTHING = "—"


def day(value: date | None, today: date | None = None) -> str:
    """`2026年9月1日`; the year is left out when `today` lies in the same one."""
    if value is None:
        return NOTHING
    year = "" if today is not None and today.year == value.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日"


def day_weekday(value: date | None, today: date | None = None) -> str:
    """`9月1日 周二`."""
    return NOTHING if value is None else f"{day(value, today)} 周{WEEKDAYS[value.weekday()]}"


def moment(value: datetime | None, today: date | None = None) -> str:
    """`2026年9月1日 08:05`, in the zone the value already carries."""
    return NOTHING if value is None else f"{day(value, today)} {value:%H:%M}"


def span(start: date | None, end: date | None) -> str:
    """`2026年9月1日至9月30日`; an open end is 起 or 止."""
    if start is None and end is None:
        return NOTHING
    if end is None:
        return f"{day(start)}起"
    if start is None:
        return f"{day(end)}止"
    return f"{day(start)}至{day(end, start)}"


def percent(part: float | Decimal | None, whole: float | Decimal | None = None, places: int = 1) -> str:
    """`62.5%` of a share (0–1) or of `part` in `whole`; an unknown or empty whole is a dash, never 0%."""
    if part is None or (whole is not None and not whole):
        return NOTHING
    share = Decimal(str(part)) / Decimal(str(whole)) if whole is not None else Decimal(str(part))
    return f"{share * 100:.{places}f}%"


def masked(value: str | None, keep_start: int = 3, keep_end: int = 2) -> str:
    """`340***********17`: the middle hidden; a value too short to hide anything is hidden whole."""
    text = value or ""
    if not text:
        return NOTHING
    hidden = len(text) - keep_start - keep_end
    if hidden < 1:
        return "*" * len(text)
    return text[:keep_start] + "*" * hidden + text[len(text) - keep_end :]


def dialled(shown: str) -> str:
    """`0731-12355` of `0731-12355（每天8:00—22:00）`: digits, plus and hyphen before the first bracket.

    A telephone would dial the digits of the hours as well."""
    return re.sub(r"[^+0-9-]", "", normalize("NFKC", shown).partition("(")[0])
