"""From a spreadsheet with the words of an official form to a new version of a scale. Pure.

The key stays as it is: numbers, values, rules. The file says, for each printed place, what is asked and how the options
are called; the person who binds it confirms every critical item by eye (3-scales C0.6).
"""

import copy
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.scoring import Definition
from assessments.scoring.definition import Form, Item
from xinyu.lib.spreadsheets import SheetRefused, address, column_letter, formula_errors, said

NUMBER, TEXT = "题号", "题目"
LONGEST = 200
_VALUE = re.compile(r"选项.*?(-?\d+)\s*分")
#: a file with more mistakes than this is another file
MOST_ERRORS = 20


class TextRefused(SheetRefused):
    """The file does not fit the key; `errors` are Chinese sentences with the address of their cell."""


@dataclass(frozen=True)
class BoundItem:
    """`place`: as printed; `number`: of the key; `options`: (value, label)."""

    place: int
    number: int
    text: str
    options: tuple[tuple[int, str], ...]


def header_of(scale: Definition) -> list[str]:
    """The columns of the template: one per value that an option of the scale can have."""
    values = sorted({option.value for item in scale.items for option in item.options})
    return [NUMBER, TEXT, *(f"选项（{value} 分）" for value in values)]


def template_rows(scale: Definition, form: Form) -> list[list[str | int]]:
    """A row per printed place with what is known already; labels only where the key has its own words."""
    values = [int(_VALUE.findall(title)[0]) for title in header_of(scale)[2:]]
    rows: list[list[str | int]] = []
    for place, number in enumerate(form.order, 1):
        labels = {option.value: option.label_zh for option in scale.items[number - 1].options}
        rows.append([place, "", *(labels.get(value, "") for value in values)])
    return rows


def read_text(
    scale: Definition, form: Form, rows: Sequence[Sequence[object]], formulas: Collection[tuple[int, int]]
) -> list[BoundItem]:
    """The items in printed order. Raises TextRefused with every mistake found."""
    head = [said(cell) for cell in rows[0]] if rows else []
    if NUMBER not in head or TEXT not in head:
        raise TextRefused(f"第 1 行应是表头，含“{NUMBER}”“{TEXT}”和各个“选项（… 分）”，请用本页的模板。")
    columns = {int(match[1]): at for at, title in enumerate(head) if (match := _VALUE.search(title))}
    errors = formula_errors(formulas)
    found: dict[int, BoundItem] = {}
    for at, row in enumerate(rows[1:], 2):
        cells = [said(cell) for cell in row] + [""] * (len(head) - len(row))
        if any(cells):
            try:
                item = _read_row(scale, form, cells, at, head, columns)
                if item.place in found:
                    raise TextRefused(f"{address(head, NUMBER, at)} 第 {item.place} 题出现了两次。")
                found[item.place] = item
            except TextRefused as refused:
                errors += refused.errors
    missing = [str(place) for place in range(1, len(form.order) + 1) if place not in found]
    if missing and not errors:
        errors.append(f"共 {len(form.order)} 题，文件里缺第 {'、'.join(missing[:10])} 题。")
    if errors:
        raise TextRefused(*errors[:MOST_ERRORS])
    return [found[place] for place in sorted(found)]


def _read_row(
    scale: Definition, form: Form, cells: Sequence[str], at: int, head: Sequence[str], columns: dict[int, int]
) -> BoundItem:
    number, text = cells[head.index(NUMBER)], cells[head.index(TEXT)]
    if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= len(form.order)):
        raise TextRefused(f"{address(head, NUMBER, at)} 题号“{number}”不在 1—{len(form.order)} 之内。")
    if not 1 <= len(text) <= LONGEST:
        raise TextRefused(f"{address(head, TEXT, at)} 第 {number} 题的题目应有 1—{LONGEST} 个字。")
    item = scale.items[form.order[int(number) - 1] - 1]
    return BoundItem(int(number), item.number, text, _options(item, cells, at, number, columns))


def _options(
    item: Item, cells: Sequence[str], at: int, number: str, columns: dict[int, int]
) -> tuple[tuple[int, str], ...]:
    due = [option.value for option in item.options]
    for value, column in columns.items():
        if cells[column] and value not in due:
            raise TextRefused(f"{column_letter(column)}{at} 第 {number} 题没有 {value} 分的选项。")
    found = []
    for value in due:
        if value not in columns or not cells[columns[value]]:
            raise TextRefused(f"第 {at} 行：第 {number} 题应有 {len(due)} 个选项，缺 {value} 分的选项文字。")
        found.append((value, cells[columns[value]][:40]))
    if len({label for _, label in found}) < len(found):
        raise TextRefused(f"第 {at} 行：第 {number} 题有两个选项的文字相同。")
    return tuple(found)


def bound_document(
    document: dict[str, Any], scale: Definition, form: Form, role: str, items: Sequence[BoundItem], version: str
) -> dict[str, Any]:
    """The document of the new version: the same key with these words, for one order and one informant."""
    made = copy.deepcopy(document)
    words = {item.number: item for item in items}
    for item in made["items"]:
        bound = words[item["number"]]
        item["text_zh"] = bound.text
        item["options"] = [{"label_zh": label, "value": value} for value, label in bound.options]
    made["version"], made["text_status"] = version, "official"
    made["roles"] = [role]
    if len(scale.forms) > 1:
        made["forms"] = [{"code": form.code, "title_zh": form.title_zh, "order": list(form.order)}]
    return made


def next_version(base: str, taken: Collection[str]) -> str:
    """ "1" → "1.1", "1.2": versions that ship with the platform have no dot, so that an update never meets ours."""
    whole = base.partition(".")[0]
    step = 1
    while f"{whole}.{step}" in taken:
        step += 1
    return f"{whole}.{step}"
