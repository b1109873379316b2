"""Warning levels as a versioned scheme, and who may raise or lower one. No national definition exists (workflow D2).

Level order: 1 is the gravest. A machine never sets a level; a named person does, with a reason and an end date.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
# Roles that work with a student of their own school; whoever teaches may raise (workflow D2: anyone upward).
RAISERS = frozenset({"teacher", "homeroom", "grade_head", "counselor", "moral_head", "vice_principal", "principal"})
# Raising means asking; stating the level on the case belongs to those who answer for it.
CONFIRMERS = frozenset({"counselor", "moral_head", "vice_principal", "principal"})


#: the default scheme's codes, gravest first: every level of every scheme equals one of them
COMMON = ("red", "orange", "yellow", "blue")
VERSIONS = ("2026.1",)


@dataclass(frozen=True)
class Level:
    """One level with its looks and limits. Limits are hours or minutes after confirmation; None: no such limit.

    clock       'real' time, or 'on_site': only days with students count
    depth       'full' 一人一案 (all sections) or 'page' 一生一案 (one page)
    lasts_days  the statement ends after this many days unless it is renewed
    maps_to     the colour of the default scheme that this level equals, for figures across counties
    """

    code: str
    label: str
    colour: str
    icon: str
    order: int
    criteria: str
    handlers: str
    clock: str
    respond_minutes: int | None
    interview_hours: int | None
    guardian_hours: int | None
    report_hours: int | None
    written_report_hours: int | None
    refer_same_day: bool
    follow_up_days: int
    depth: str
    lasts_days: int
    to_lower_needs_medical: bool
    maps_to: str = ""

    @property
    def common_code(self) -> str:
        return self.maps_to or self.code

    @property
    def gravity(self) -> int:
        """1 for the gravest, comparable between schemes."""
        return COMMON.index(self.common_code) + 1


@dataclass(frozen=True)
class LevelScheme:
    """Levels by gravity, gravest first. A case keeps the version it was confirmed with."""

    code: str
    title: str
    version: str
    valid_from: date
    source: str
    levels: tuple[Level, ...]

    def level(self, code: str) -> Level:
        """Raises KeyError for a code of another scheme."""
        return {level.code: level for level in self.levels}[code]

    @property
    def key(self) -> str:
        """'colours/2026.1', as statements keep it."""
        return f"{self.code}/{self.version}"

    def same_as(self, level: Level) -> Level:
        """This scheme's word for a level of another: the equal one, else the next graver, never a lighter one."""
        graver = [one for one in self.levels if one.gravity <= level.gravity]
        return graver[-1] if graver else self.levels[0]


@cache
def load_scheme(code: str = "colours", version: str = "2026.1") -> LevelScheme:
    """A shipped scheme: 'colours' (红橙黄蓝) or 'classes' (重大、严重、一般)."""
    raw = json.loads((DATA / f"levels-{version}.json").read_text("utf-8"))
    return next(parse_scheme(row, raw) for row in raw["schemes"] if row["code"] == code)


@cache
def shipped_schemes() -> tuple[LevelScheme, ...]:
    """Every scheme of every version, newest version first."""
    found = []
    for version in reversed(VERSIONS):
        raw = json.loads((DATA / f"levels-{version}.json").read_text("utf-8"))
        found += [load_scheme(row["code"], version) for row in raw["schemes"]]
    return tuple(found)


def scheme_named(key: str) -> LevelScheme:
    """The scheme of a stored key. Raises KeyError for one that was never shipped."""
    return {scheme.key: scheme for scheme in shipped_schemes()}[key]


@cache
def level_in(code: str, key: str = "") -> Level:
    """A level with the words of the scheme it was stated in; without a key of the newest that knows the code.

    Raises KeyError for a code that no scheme knows.
    """
    schemes = (scheme_named(key),) if key else shipped_schemes()
    return {level.code: level for scheme in reversed(schemes) for level in scheme.levels}[code]


def scheme_knowing(code: str) -> LevelScheme:
    """The newest scheme with a level of this code. Raises KeyError."""
    found = {level.code: scheme for scheme in reversed(shipped_schemes()) for level in scheme.levels}
    return found[code]


def codes_meaning(common: str) -> list[str]:
    """Codes of all schemes that equal a level of the default one."""
    return sorted({one.code for scheme in shipped_schemes() for one in scheme.levels if one.common_code == common})


def mapping(scheme: LevelScheme, other: LevelScheme) -> list[tuple[Level, Level]]:
    """[(level of `scheme`, what `other` says for it)], as the page of the choice shows it."""
    return [(level, other.same_as(level)) for level in scheme.levels]


def parse_scheme(row: Mapping[str, Any], head: Mapping[str, Any]) -> LevelScheme:
    """A scheme of a file (or edited by the bureau). Raises ValueError when the levels are not in strict order."""
    levels = tuple(Level(**level) for level in row["levels"])
    if [level.order for level in levels] != list(range(1, len(levels) + 1)):
        raise ValueError(f"等级方案“{row['title']}”的等级顺序不正确")
    gravities = [level.gravity for level in levels]
    if gravities != sorted(set(gravities)):
        raise ValueError(f"等级方案“{row['title']}”与默认方案的对应不正确")
    valid_from = date.fromisoformat(head["valid_from"])
    return LevelScheme(row["code"], row["title"], head["version"], valid_from, head["source"], levels)


@dataclass(frozen=True)
class LevelChange:
    """What is asked for: from which level (None: none yet) to which, why, and with what behind it.

    signers          person ids who signed, each re-authenticated (D9.13); team_decision: a 研判会 decided
    medical_opinion  a document of a medical institution is attached
    """

    current: Level | None
    wanted: Level
    reason: str
    role: str
    signers: frozenset[int] = frozenset()
    team_decision: bool = False
    medical_opinion: bool = False


def may_raise(change: LevelChange) -> str | None:
    """None when the level may be set or raised, else why not (Chinese). One named person with a reason is enough."""
    if change.role not in (CONFIRMERS if change.current is None else RAISERS):
        return "您的岗位不能确认等级，请提交给心理教师。"
    if change.current is not None and change.wanted.gravity >= change.current.gravity:
        return "新的等级没有高于现在的等级。"
    return None if change.reason.strip() else "请填写定级理由。"


def may_lower(change: LevelChange) -> str | None:
    """None when the level may be lowered, else why not: team, two signatures, for red a medical opinion (D9.8)."""
    if change.role not in CONFIRMERS:
        return "您的岗位不能降低等级。"
    if change.current is None or change.wanted.gravity <= change.current.gravity:
        return "新的等级没有低于现在的等级。"
    if not change.reason.strip():
        return "请填写降级理由。"
    if not change.team_decision:
        return "降级须由研判会决定：请先登记那一天的研判会纪要，研判级别与拟降级别一致。"
    if len(change.signers) < 2:
        return "降级须有两人签字，现在还缺第二人的签字。"
    if change.current.to_lower_needs_medical and not change.medical_opinion:
        return f"{change.current.label}降级须附医疗机构意见。"
    return None


def refuse_end(level: Level, until_on: date, today: date) -> str | None:
    """Why a statement made today can not end on `until_on`, in Chinese; None when it can."""
    if until_on <= today:
        return "有效期要晚于今天。"
    if (until_on - today).days > level.lasts_days:
        return f"{level.label}的有效期最长 {level.lasts_days} 天，到期可续期。"
    return None
