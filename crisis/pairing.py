"""结对帮扶: after how many silent days a helper is reminded, as versioned data by level. Pure (4-workflow D4.10)."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
#: a helper keeps a term's work in sight: longer pairs are made anew
LONGEST_DAYS = 200


@dataclass(frozen=True)
class SilentDays:
    """Days without a contact after which a helper is reminded, by colour."""

    version: str
    source: str
    days: dict[str, int]


@cache
def load_silent_days(version: str = "2026.1") -> SilentDays:
    raw = json.loads((DATA / f"pairs-{version}.json").read_text("utf-8"))
    return SilentDays(raw["version"], raw["source"], raw["days"])


def next_on(from_on: date, last_on: date | None, every_days: int) -> date:
    """The day by which the helper should have been in touch; the first one counts from the beginning of the pair."""
    return (last_on or from_on) + timedelta(days=every_days)


def refuse_pair(from_on: date, until_on: date, today: date) -> str | None:
    if until_on <= today or until_on <= from_on:
        return "结束日期要晚于今天和开始日期。"
    return f"一次结对最长 {LONGEST_DAYS} 天，到期可再结一次。" if (until_on - from_on).days > LONGEST_DAYS else None
