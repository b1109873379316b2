"""Season rules as versioned data: who owes what in which stretch of the year. Read from JSON, edited by the bureau."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
CURRENT = "2026.1"
#: obligations whose fact is a report to the bureau, signed by the head of the school
REPORTS = frozenset({"zero_report", "privacy_report"})
WINDOW_KINDS = frozenset({"months", "dates", "psych_month", "before_break", "exam"})


@dataclass(frozen=True)
class Obligation:
    """Something one role owes for each subject of a kind. It is met by a fact of kind `evidence`, never by a tick.

    subject  'klass' | 'grade' | 'school' | 'county'
    anchor   'start' or 'end' of the window (or of the month or week of a repeated obligation), plus `offset` days
    repeat   'once' | 'monthly' | 'weekly'
    days     'on_site': reminders on days with students; 'work': on office days (reports owed in the holidays)
    """

    code: str
    role: str
    title: str
    subject: str
    evidence: str
    anchor: str = "start"
    offset: int = 0
    repeat: str = "once"
    days: str = "on_site"


@dataclass(frozen=True)
class Who:
    """Whom a season is about. No stages means all; `grades` is 'all', 'entering' or 'leaving'."""

    stages: frozenset[str] = frozenset()
    grades: str = "all"

    def includes(self, groups: Iterable[tuple[str, str]]) -> bool:
        """Whether any (stage, mark) of a place falls under the season; mark is '', 'entering' or 'leaving'."""
        return any((not self.stages or stage in self.stages) and self.grades in ("all", mark) for stage, mark in groups)


@dataclass(frozen=True)
class WindowRule:
    """How a season finds its dates; `start` and `end` are MM-DD for 'months', YYYY-MM-DD for 'dates'."""

    kind: str
    start: str = ""
    end: str = ""
    exam: str = ""
    days_before: int = 0
    days_after: int = 0


@dataclass(frozen=True)
class SeasonRule:
    code: str
    title: str
    source: str
    note: str
    who: Who
    windows: tuple[WindowRule, ...]
    obligations: tuple[Obligation, ...]


@dataclass(frozen=True)
class ExamRule:
    """The usual days (MM-DD) of 中考 or 高考, until the county gives the announced ones."""

    kind: str
    title: str
    stages: frozenset[str]
    start: str
    end: str
    note: str = ""


@dataclass(frozen=True)
class PsychMonth:
    """When 心理健康月 is held, from a year on: the founding document says March–May, the province May."""

    from_year: int
    start: str
    end: str
    source: str = ""


@dataclass(frozen=True)
class SeasonBook:
    """One version of the season rules. `ladder`: role → the role an overdue obligation moves to."""

    version: str
    valid_from: date
    source: str
    note: str
    exams: tuple[ExamRule, ...]
    psych_months: tuple[PsychMonth, ...]
    ladder: Mapping[str, str]
    seasons: tuple[SeasonRule, ...]


@cache
def load_book(version: str = CURRENT) -> SeasonBook:
    """Read a shipped version. Raises FileNotFoundError for an unknown one."""
    return parse_book(json.loads((DATA / f"seasons-{version}.json").read_text("utf-8")))


def parse_book(raw: Mapping[str, Any]) -> SeasonBook:
    return SeasonBook(
        raw["version"],
        date.fromisoformat(raw["valid_from"]),
        raw["source"],
        raw["note"],
        tuple(ExamRule(**{**row, "stages": frozenset(row["stages"])}) for row in raw["exams"]),
        tuple(PsychMonth(**row) for row in raw["psych_months"]),
        raw["ladder"],
        tuple(parse_season(row) for row in raw["seasons"]),
    )


def parse_season(raw: Mapping[str, Any]) -> SeasonRule:
    """One season, shipped or a county's own. Raises KeyError, TypeError or ValueError on a wrong shape."""
    windows = tuple(WindowRule(**row) for row in raw["windows"])
    unknown = {rule.kind for rule in windows} - WINDOW_KINDS
    if unknown:
        raise ValueError(f"季节“{raw['title']}”的时间规则无法识别：{'、'.join(sorted(unknown))}")
    who = Who(frozenset(raw["who"].get("stages", ())), raw["who"].get("grades", "all"))
    obligations = tuple(Obligation(**row) for row in raw["obligations"])
    return SeasonRule(raw["code"], raw["title"], raw.get("source", ""), raw.get("note", ""), who, windows, obligations)
