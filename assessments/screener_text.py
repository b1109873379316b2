"""The words of a screener as its owner prints them: read from a file, question by question. Pure."""

from collections.abc import Sequence

from assessments.text_binding import LONGEST, NUMBER, TEXT, TextRefused
from xinyu.lib.spreadsheets import column_letter, said

#: the questions of the C-SSRS screener; "6m" is the second half of the sixth, about the past three months
CSSRS_NUMBERS = ("1", "2", "3", "4", "5", "6", "6m")


def template_rows() -> list[list[str]]:
    return [[number, ""] for number in CSSRS_NUMBERS]


def read_words(rows: Sequence[Sequence[object]]) -> list[tuple[str, str]]:
    """[(number, words)] in order. Raises TextRefused with the cell of every mistake."""
    head = [said(cell) for cell in rows[0]] if rows else []
    if NUMBER not in head or TEXT not in head:
        raise TextRefused(f"第一行应有“{NUMBER}”和“{TEXT}”两列，请使用本页的模板。")
    at_number, at_text = head.index(NUMBER), head.index(TEXT)
    found: dict[str, str] = {}
    errors: list[str] = []
    for at, row in enumerate(rows[1:], 2):
        cells = [said(cell) for cell in row] + [""] * (len(head) - len(row))
        if not any(cells):
            continue
        number, words = cells[at_number].lower(), cells[at_text]
        if number not in CSSRS_NUMBERS:
            errors.append(f"{column_letter(at_number)}{at} 题号“{cells[at_number]}”不是 1—6 或 6m。")
        elif number in found:
            errors.append(f"{column_letter(at_number)}{at} 第 {number} 题出现了两次。")
        elif not 1 <= len(words) <= LONGEST:
            errors.append(f"{column_letter(at_text)}{at} 第 {number} 题应有 1—{LONGEST} 个字。")
        found.setdefault(number, words)
    if missing := [number for number in CSSRS_NUMBERS if number not in found]:
        errors.append(f"文件里缺第 {'、'.join(missing)} 题。")
    if errors:
        raise TextRefused(*errors[:20])
    return [(number, found[number]) for number in CSSRS_NUMBERS]
