"""What a county may ask for in a season of its own: a menu, and the way between a filled form and stored rules. Pure.

Each line is an obligation that the platform knows a fact for: a county cannot ask for something that nothing meets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

#: prefix of the codes of a county's own seasons; shipped seasons have none of it
OWN = "own"


@dataclass(frozen=True)
class MenuItem:
    """`days`: due so many days after the start (anchor 'start') or before the end (anchor 'end') of the season."""

    code: str
    role: str
    title: str
    subject: str
    evidence: str
    anchor: str
    days: int
    works: str = "on_site"


MENU = (
    MenuItem("class_check", "homeroom", "完成本班学生排查表", "klass", "class_check", "start", 9),
    MenuItem("key_review", "counselor", "复核重点关注学生名单", "school", "key_attention_review", "start", 13),
    MenuItem("room_hours", "counselor", "增开心理辅导室时段", "school", "room_hours_extended", "start", 4),
    MenuItem("activity_own", "counselor", "开展主题活动", "school", "activity_own", "start", 20),
    MenuItem("zero_report", "principal", "确认并签发零报告", "school", "zero_report", "end", 2),
    MenuItem("returns", "county_officer", "核对各校排查回收情况", "county", "returns_reviewed", "end", 0, "work"),
)
BY_CODE = {item.code: item for item in MENU}


@dataclass(frozen=True)
class Wanted:
    """One ticked line of the menu."""

    item: MenuItem
    title: str
    days: int

    def as_rule(self) -> dict[str, Any]:
        offset = self.days if self.item.anchor == "start" else -self.days
        return {
            "code": self.item.code, "role": self.item.role, "title": self.title, "subject": self.item.subject,
            "evidence": self.item.evidence, "anchor": self.item.anchor, "offset": offset, "repeat": "once",
            "days": self.item.works,
        }  # fmt: skip


@dataclass(frozen=True)
class SeasonDraft:
    """A season as a form holds it. `kind`: 'months' (each year the same days), 'dates', 'exam' or 'before_break'."""

    title: str
    kind: str
    stages: tuple[str, ...] = ()
    grades: str = "all"
    start: date | None = None
    end: date | None = None
    exam: str = ""
    days_before: int = 0
    days_after: int = 0
    wanted: tuple[Wanted, ...] = ()

    def as_rule(self, code: str) -> dict[str, Any]:
        """What `season_book.parse_season` reads."""
        return {
            "code": code,
            "title": self.title,
            "source": "本区设定",
            "note": "本区设定，可修改",
            "who": {"stages": sorted(self.stages), "grades": self.grades},
            "windows": [self._window()],
            "obligations": [one.as_rule() for one in self.wanted],
        }

    def _window(self) -> dict[str, Any]:
        if self.kind == "exam":
            return {"kind": "exam", "exam": self.exam, "days_before": self.days_before, "days_after": self.days_after}
        if self.kind == "before_break":
            return {"kind": "before_break", "days_before": self.days_before}
        assert self.start is not None
        assert self.end is not None
        days = (self.start, self.end)
        start, end = (f"{day:%m-%d}" if self.kind == "months" else day.isoformat() for day in days)
        return {"kind": self.kind, "start": start, "end": end}


def draft_of(rule: Mapping[str, Any], year: int) -> SeasonDraft:
    """A stored season of the county's own, back in the shape of the form; 'months' get the days of `year`."""
    window = rule["windows"][0]
    days = [window.get(name, "") for name in ("start", "end")]
    if window["kind"] == "months":
        days = [f"{year}-{day}" for day in days]
    start, end = (date.fromisoformat(day) if day else None for day in days)
    wanted = tuple(
        Wanted(BY_CODE[row["code"]], row["title"], abs(row.get("offset", 0)))
        for row in rule["obligations"]
        if row["code"] in BY_CODE
    )
    return SeasonDraft(
        rule["title"], window["kind"], tuple(rule["who"].get("stages", ())), rule["who"].get("grades", "all"),
        start, end, window.get("exam", ""), window.get("days_before", 0), window.get("days_after", 0), wanted,
    )  # fmt: skip


def next_code(custom: list[Mapping[str, Any]]) -> str:
    """A code that no season of the county has had in these rules."""
    taken = {row["code"] for row in custom}
    return next(code for n in range(1, len(taken) + 2) if (code := f"{OWN}_{n}") not in taken)
