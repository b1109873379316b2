"""A county's interview forms as a table: written out to be changed, read back cell by cell. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.interview_forms import InterviewTemplate
from assessments.text_binding import TextRefused
from xinyu.lib.spreadsheets import column_letter, said

HEAD = ("访谈表", "标识", "问题", "选项", "应当询问")
TITLES = {"立即": "immediate", "当日": "same_day", "谈话": "talk"}
WORDS = {level: word for word, level in TITLES.items()}
#: what a county may word otherwise, never leave out (4-workflow D1: 意念、计划、工具；先确认安全)
KEPT = {"immediate": ("safe", "thoughts", "plan", "means"), "same_day": ("thoughts",), "talk": ()}
LONGEST, MOST_QUESTIONS, MOST_OPTIONS = 120, 30, 12


def rows_of(templates: Mapping[str, InterviewTemplate]) -> list[list[str]]:
    return [
        [WORDS[level], one.code, one.label, "、".join(one.options), "是" if one.is_core else ""]
        for level, template in templates.items()
        for one in template.questions
    ]


def read_forms(rows: Sequence[Sequence[object]], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """What parse_templates takes as `forms`. Raises TextRefused with the cell of every mistake."""
    head = [said(cell) for cell in rows[0]] if rows else []
    if any(name not in head for name in HEAD):
        raise TextRefused(f"第一行应有{'、'.join(f'“{name}”' for name in HEAD)}，请使用本页的表格。")
    at = {name: head.index(name) for name in HEAD}
    found: dict[str, list[dict[str, Any]]] = {level: [] for level in TITLES.values()}
    errors: list[str] = []
    for number, row in enumerate(rows[1:], 2):
        cells = [said(cell) for cell in row] + [""] * (len(head) - len(row))
        if any(cells):
            errors += _read(number, {name: cells[at[name]] for name in HEAD}, at, found)
    for level, questions in found.items():
        codes = {one["code"] for one in questions}
        if missing := [code for code in KEPT[level] if code not in codes]:
            errors.append(f"“{WORDS[level]}”少了标识为 {'、'.join(missing)} 的问题：说法可以改，不能不问。")
        if not 1 <= len(questions) <= MOST_QUESTIONS:
            errors.append(f"“{WORDS[level]}”应有 1—{MOST_QUESTIONS} 个问题，现有 {len(questions)} 个。")
    if errors:
        raise TextRefused(*errors[:20])
    return [{"level": level, "title": titles[level], "questions": found[level]} for level in found]


def _read(number: int, cells: dict[str, str], at: dict[str, int], found: dict[str, list]) -> list[str]:
    def where(name: str) -> str:
        return f"{column_letter(at[name])}{number}"

    errors, level = [], TITLES.get(cells["访谈表"])
    if level is None:
        return [f"{where('访谈表')} 请写：{'、'.join(TITLES)}。"]
    codes = {one["code"] for one in found[level]}
    code = cells["标识"] or _free_code(codes)
    if not (code.isascii() and code.isidentifier()) or len(code) > 20:
        errors.append(f"{where('标识')} “{code}”只能用 20 个以内的英文字母、数字和下划线；新问题可以空着。")
    elif code in codes:
        errors.append(f"{where('标识')} “{code}”在这张表里出现了两次。")
    if not 1 <= len(cells["问题"]) <= LONGEST:
        errors.append(f"{where('问题')} 应有 1—{LONGEST} 个字。")
    options = [one.strip() for one in cells["选项"].split("、") if one.strip()]
    if len(options) == 1 or len(options) > MOST_OPTIONS or len(set(options)) < len(options):
        errors.append(f"{where('选项')} 应有 2—{MOST_OPTIONS} 个不同的选项，用“、”分开；空着表示用文字回答。")
    if cells["应当询问"] not in ("", "是", "否"):
        errors.append(f"{where('应当询问')} 请写“是”或空着。")
    if not errors:
        kind = {"kind": "choice", "options": options} if options else {"kind": "text"}
        found[level].append({"code": code, "label": cells["问题"], "is_core": cells["应当询问"] == "是", **kind})
    return errors


def _free_code(codes: set[str]) -> str:
    return next(f"own{n}" for n in range(1, 1000) if f"own{n}" not in codes)
