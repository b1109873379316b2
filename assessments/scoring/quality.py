"""Signs that a sheet was filled in without reading. Remarks for the counselor; no total and no flag depends on them."""

from collections.abc import Sequence

from .definition import Definition
from .key import Key
from .sheet import Remark


def remarks(key: Key, answers: Sequence[int | None], seconds: float | None, age: int | None) -> tuple[Remark, ...]:
    """`answers` are raw values in the form's order, `seconds` the whole time spent answering."""
    found = []
    rules = key.definition.quality
    if seconds is not None and rules.min_seconds_per_item is not None:
        answered = len(answers) - answers.count(None)
        if seconds < rules.min_seconds_per_item * answered:
            found.append(Remark("too_fast", f"{answered} 题共用 {seconds:g} 秒，作答过快"))
    if rules.straight_line_items is not None and _is_straight(key, answers):
        found.append(Remark("straight_line", "答了的题都选了同一个选项"))
    if rules.pattern_items is not None and _is_pattern(answers, rules.pattern_items):
        found.append(Remark("pattern", "选项按固定花样轮换，如 1、2、3、1、2、3"))
    if rules.contradictions:
        found.extend(_contradictions(key, answers))
    if age is not None and not _fits(key.definition, age):
        found.append(Remark("outside_ages", f"{age} 岁不在本量表适用年龄之内，分级仅供参考"))
    return tuple(found)


def _is_straight(key: Key, answers: Sequence[int | None]) -> bool:
    """The same raw value everywhere. Values that an honest sheet may well repeat ("never" nine times) are excepted."""
    rules = key.definition.quality
    values = [value for value in answers if value is not None]
    if rules.straight_line_items is None or len(values) < rules.straight_line_items:
        return False
    return len(set(values)) == 1 and values[0] not in rules.straight_line_except


def _is_pattern(answers: Sequence[int | None], least: int) -> bool:
    """A turn of 2 to 4 different places repeated over the whole sheet, which no honest sheet of that length shows."""
    if None in answers or len(answers) < least:
        return False
    return any(
        len(set(answers[:turn])) > 1 and all(value == answers[at % turn] for at, value in enumerate(answers))
        for turn in (2, 3, 4)
    )


def _contradictions(key: Key, answers: Sequence[int | None]) -> list[Remark]:
    given = {number: value for number, value in zip(key.numbers, answers, strict=True) if value is not None}
    return [
        Remark("contradiction", rule.text_zh)
        for rule in key.definition.quality.contradictions
        if all(test.item in given and test.holds(given[test.item]) for test in rule.tests)
    ]


def _fits(definition: Definition, age: int) -> bool:
    low, high = definition.ages
    return age >= low and (high is None or age <= high)
