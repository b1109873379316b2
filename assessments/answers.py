"""What a student typed on a page: read it, check it against the scale, merge it, pack it. Pure.

On the wire an answer is the place of the option (0, 1, …) by item number; kept is the option's value, in the order of
the form, None for a blank. A blank is never filled in here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.scoring import Definition, compile_key

#: bytes of one page on the wire: 100 items with times take about 2,000
MOST_BYTES = 16_384
PACKED = 1


class PageRefused(ValueError):
    """The page does not belong to this scale or is not what the form sends. The text is Chinese and names no answer."""


@dataclass(frozen=True)
class Sheet:
    """Answers of one scale. `seconds`: time spent, known only when every answer given carries its own time."""

    values: tuple[int | None, ...]
    seconds: float | None = None

    @property
    def is_blank(self) -> bool:
        return all(value is None for value in self.values)


Sheets = dict[str, Sheet]


@dataclass(frozen=True)
class Page:
    """One page as it was sent. `revision` grows with every change the browser makes; `base` is the stored revision that
    it was typed upon, None where the page does not say."""

    scale: str
    revision: int
    sheet: Sheet
    base: int | None = None


def read_json(body: bytes, definition: Definition) -> tuple[Page, str]:
    """(page, client's key or '') of a JSON body. Raises PageRefused."""
    if len(body) > MOST_BYTES:
        raise PageRefused("这一页的内容过大，无法保存。")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise PageRefused("无法读取这一页的内容，请刷新后再试。") from None
    if not isinstance(data, dict):
        raise PageRefused("无法读取这一页的内容，请刷新后再试。")
    return read_page(data, data.get("answers"), data.get("seconds"), definition), str(data.get("key") or "")


def read_form(data: Mapping[str, str], definition: Definition) -> tuple[Page, str]:
    """(page, client's key or '') of a form sent without JavaScript: radio buttons named by item number."""
    answers = {name: data[name] for name in data if name.isdecimal()}
    return read_page(data, answers, None, definition), str(data.get("key") or "")


def read_page(data: Mapping[str, Any], answers: Any, seconds: Any, definition: Definition) -> Page:
    if data.get("scale") != definition.code or not isinstance(answers, dict):
        raise PageRefused("这一页不是当前的问卷，请刷新后再试。")
    places = {_whole(number): _whole(place) for number, place in answers.items()}
    sheet = Sheet(_values(definition, places), _seconds(seconds, set(places)))
    base = data.get("base")
    return Page(definition.code, _whole(data.get("revision")), sheet, None if base is None else _whole(base))


def _whole(value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise PageRefused("这一页里有无法识别的内容，请刷新后再试。")
    return int(text)


def _values(definition: Definition, places: Mapping[int, int]) -> tuple[int | None, ...]:
    numbers = compile_key(definition, definition.printed).numbers
    if set(places) - set(numbers):
        raise PageRefused("这一页里有问卷没有的题目，请刷新后再试。")
    values: list[int | None] = []
    for number in numbers:
        options, place = definition.items[number - 1].options, places.get(number)
        if place is not None and place >= len(options):
            raise PageRefused(f"第 {number} 题没有这个选项，请重新选择。")
        values.append(None if place is None else options[place].value)
    return tuple(values)


def _seconds(seconds: Any, answered: set[int]) -> float | None:
    """Times are a hint about quality only: whatever is odd about them counts as unknown."""
    if not isinstance(seconds, dict) or not answered or not {str(number) for number in answered} <= seconds.keys():
        return None
    times = [seconds[str(number)] for number in answered]
    if not all(isinstance(time, int | float) and 0 <= time < 86_400 for time in times):
        return None
    return round(sum(times), 1)


def places_of(definition: Definition, sheet: Sheet) -> dict[int, int]:
    """Item number → place of the chosen option, for showing typed answers again."""
    chosen = {}
    for number, value in zip(compile_key(definition, definition.printed).numbers, sheet.values, strict=True):
        for place, option in enumerate(definition.items[number - 1].options):
            if value is not None and option.value == value:
                chosen[number] = place
    return chosen


def blanks_of(definition: Definition, sheet: Sheet | None) -> list[int]:
    """Numbers of the items left out, in the order of the form."""
    numbers = compile_key(definition, definition.printed).numbers
    values = sheet.values if sheet else (None,) * len(numbers)
    return [number for number, value in zip(numbers, values, strict=True) if value is None]


def merged(saved: Sheets, page: Page) -> Sheets:
    """The saved sheets with this page laid over them. No page can take an answer back, so what it leaves blank and is
    saved was given on another device meanwhile, and stays; its time is then unknown."""
    known = saved.get(page.scale)
    if known is None or len(known.values) != len(page.sheet.values):
        return saved | {page.scale: page.sheet}
    values = tuple(new if new is not None else old for new, old in zip(page.sheet.values, known.values, strict=True))
    return saved | {page.scale: page.sheet if values == page.sheet.values else Sheet(values)}


def is_newer(page: Page, saved: Sheets, revision: int) -> bool:
    """Whether the page may be stored over `revision` (-1: nothing is stored). What was typed upon something else than
    what is stored, or carries the same revision, is fine only when it says nothing else."""
    if page.revision > revision and (page.base is None or page.base == max(revision, 0)):
        return True
    return page.revision >= revision and merged(saved, page) == saved


def pack(sheets: Sheets) -> bytes:
    """Canonical bytes: equal sheets give equal bytes."""
    data = {code: [list(sheet.values), sheet.seconds] for code, sheet in sheets.items()}
    return json.dumps({"v": PACKED, "sheets": data}, sort_keys=True, separators=(",", ":")).encode()


def unpack(packed: bytes) -> Sheets:
    """What `pack` made. Raises ValueError for another version."""
    data = json.loads(packed)
    if data.get("v") != PACKED:
        raise ValueError(f"answers packed in version {data.get('v')!r}")
    return {code: Sheet(tuple(values), seconds) for code, (values, seconds) in data["sheets"].items()}
