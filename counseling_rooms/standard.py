"""Which type of counselling room a school must have, and whether the room it has meets the content of a type.

The rule is the city's (see RULE_SOURCE); 以上/以下 include the number (民法典 §1259). The content of each type is data:
a trial default, edited by the bureau.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
RULE_SOURCE = "《株洲市中小学心理辅导室建设标准（试行）》，见株教提字〔2023〕26号；“以上”“以下”含本数（民法典第1259条）"
# Which senior-level school types count for the 示范型 rule, and which school types are 中学 or 小学.
MODEL_STAGES = frozenset({"senior", "complete", "twelve_year", "vocational"})
SCHOOL_TYPES = ("primary", "junior", "senior", "complete", "nine_year", "twelve_year", "vocational", "special")
SIMPLE_STAGES = frozenset({"primary", "junior", "senior", "complete", "nine_year", "twelve_year"})


@dataclass(frozen=True)
class RoomType:
    """A room type with everything a page needs to show it. A higher `order` satisfies every lower one."""

    code: str
    label: str
    colour: str
    icon: str
    order: int


SIMPLE = RoomType("simple", "简易型", "azure", "home", 1)
STANDARD = RoomType("standard", "标准型", "blue", "building", 2)
MODEL = RoomType("model", "示范型", "indigo", "building-community", 3)
ROOM_TYPES = {room_type.code: room_type for room_type in (SIMPLE, STANDARD, MODEL)}


@dataclass(frozen=True)
class SchoolFacts:
    """What the rule looks at.

    stage          a code of SCHOOL_TYPES (a 完全中学 is `complete`)
    locality       'rural' 乡村 | 'town' 镇区 | 'urban' 城区
    enrolment      students of the whole school; `senior_enrolment` those of the senior part, None when not known apart
    """

    stage: str
    locality: str
    enrolment: int
    is_demonstration: bool = False
    senior_enrolment: int | None = None


@dataclass(frozen=True)
class RuleSettings:
    """The city's dated choices where the document is silent."""

    town_counts_as_rural: bool = False
    whole_school_enrolment: bool = True
    model_from: int = 1000
    simple_up_to: int = 600
    version: str = "2026.1"


@dataclass(frozen=True)
class Required:
    """The answer: `minimum` is what must stand at least. For 简易型 it is a permission (可建), not a wish."""

    minimum: RoomType
    rule: str
    text: str
    source: str
    is_permission: bool


def required_type(school: SchoolFacts, settings: RuleSettings | None = None) -> Required:
    """The least type the school must build, with the rule that says so. Raises ValueError on a negative enrolment."""
    settings = settings or RuleSettings()
    if school.enrolment < 0:
        raise ValueError("在校人数不能为负数")
    counted = _counted_enrolment(school, settings)
    if school.is_demonstration and school.stage in MODEL_STAGES and counted >= settings.model_from:
        schools = f"{settings.model_from} 人以上（本校按 {counted} 人计）的示范性中等职业学校、示范性普通高中"
        text = f"在校学生 {schools}，应建示范型。"
        return Required(MODEL, "R1", text, RULE_SOURCE, is_permission=False)
    if school.enrolment <= settings.simple_up_to and _is_rural(school, settings) and school.stage in SIMPLE_STAGES:
        schools = f"{settings.simple_up_to} 人以下（本校 {school.enrolment} 人）的农村中小学"
        text = f"在校学生 {schools}，可建简易型；标准型、示范型同样达标。"
        return Required(SIMPLE, "R2", text, RULE_SOURCE, is_permission=True)
    text = f"本校（{school.enrolment} 人）不属于应建示范型或可建简易型的学校，应建标准型。"
    return Required(STANDARD, "R3", text, RULE_SOURCE, is_permission=False)


def _counted_enrolment(school: SchoolFacts, settings: RuleSettings) -> int:
    """Schools with a senior part beside others: the whole school by default, only the senior part by setting."""
    if settings.whole_school_enrolment or school.senior_enrolment is None:
        return school.enrolment
    return school.senior_enrolment


def _is_rural(school: SchoolFacts, settings: RuleSettings) -> bool:
    return school.locality == "rural" or (settings.town_counts_as_rural and school.locality == "town")


@dataclass(frozen=True)
class Compliance:
    """A state of required beside built, with its looks."""

    code: str
    label: str
    colour: str
    icon: str
    order: int
    is_met: bool


MISSING = Compliance("missing", "未建", "red", "circle-x", 1, is_met=False)
BELOW = Compliance("below", "低于要求", "orange", "alert-triangle", 2, is_met=False)
MET = Compliance("met", "达标", "green", "circle-check", 3, is_met=True)
ABOVE = Compliance("above", "高于要求", "teal", "circle-plus", 4, is_met=True)
COMPLIANCES = {state.code: state for state in (MISSING, BELOW, MET, ABOVE)}


def compliance(required: Required | RoomType, built: RoomType | None) -> Compliance:
    """Built beside required. None means that no room stands; a higher type than required is compliant."""
    minimum = required.minimum if isinstance(required, Required) else required
    if built is None:
        return MISSING
    if built.order < minimum.order:
        return BELOW
    return MET if built.order == minimum.order else ABOVE


@dataclass(frozen=True)
class CheckItem:
    """One line of a type's content. Numbers are compared inclusively; an item without a bound is yes or no."""

    code: str
    title: str
    fact: str
    at_least: float | None = None
    at_most: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Checked:
    item: CheckItem
    is_met: bool
    reason: str


@dataclass(frozen=True)
class RoomStandard:
    """Versioned content of the room types: {type code: items}; `labels` name a fact where a form asks for it."""

    version: str
    valid_from: date
    source: str
    items: Mapping[str, tuple[CheckItem, ...]]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, CheckItem]:
        """{fact: the first line that asks for it}: what a form about a room has to ask, each once."""
        asked: dict[str, CheckItem] = {}
        for item in (item for items in self.items.values() for item in items):
            asked.setdefault(item.fact, item)
        return asked

    def label(self, item: CheckItem) -> str:
        return self.labels.get(item.fact, item.title)


@cache
def load_standard(version: str = "2026.1") -> RoomStandard:
    """Read the shipped content. Raises FileNotFoundError for an unknown version."""
    return parse_standard(json.loads((DATA / f"standard-{version}.json").read_text("utf-8")))


def parse_standard(raw: Mapping[str, Any]) -> RoomStandard:
    """Content edited by the bureau has the same shape as the shipped file."""
    items = {code: tuple(CheckItem(**row) for row in rows) for code, rows in raw["types"].items()}
    valid_from = date.fromisoformat(raw["valid_from"])
    return RoomStandard(raw["version"], valid_from, raw["source"], items, raw.get("labels", {}))


def check_items(
    room_type: RoomType, facts: Mapping[str, float | bool | None], standard: RoomStandard | None = None
) -> list[Checked]:
    """Every line of the type's content, met or not, with the reason in Chinese. A missing fact is not met: 未填报."""
    return [_check(item, facts.get(item.fact)) for item in (standard or load_standard()).items[room_type.code]]


def _check(item: CheckItem, value: float | bool | None) -> Checked:
    if value is None:
        return Checked(item, False, "未填报")
    if item.at_least is None and item.at_most is None:
        return Checked(item, bool(value), "有" if value else "没有")
    if item.at_least is not None and value < item.at_least:
        return Checked(item, False, f"现为 {value:g} {item.unit}，要求不少于 {item.at_least:g} {item.unit}")
    if item.at_most is not None and value > item.at_most:
        return Checked(item, False, f"现为 {value:g} {item.unit}，要求不多于 {item.at_most:g} {item.unit}")
    return Checked(item, True, f"现为 {value:g} {item.unit}")
