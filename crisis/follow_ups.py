"""The series of follow-ups by level, as versioned data, and when the next one is due. Pure (4-workflow D4.14)."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Series:
    """Days after the level was stated on which a follow-up is due, by colour; the same days for every scheme."""

    version: str
    source: str
    days: dict[str, tuple[int, ...]]


@cache
def load_series(version: str = "2026.1") -> Series:
    raw = json.loads((DATA / f"follow-ups-{version}.json").read_text("utf-8"))
    return Series(raw["version"], raw["source"], {code: tuple(days) for code, days in raw["days"].items()})


def due_day(series: Series, colour: str, began_on: date, step: int, today: date) -> date:
    """When follow-up `step` (from 1) is due; never before tomorrow, so that catching up late makes no pile.

    After the last step the last interval repeats: a case that is open is never without a next contact.
    Raises KeyError for an unknown colour.
    """
    days = series.days[colour]
    last = days[-1] - days[-2] if len(days) > 1 else days[-1]
    after = days[step - 1] if step <= len(days) else days[-1] + last * (step - len(days))
    return max(began_on + timedelta(days=after), today + timedelta(days=1))
