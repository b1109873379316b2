"""Score answer sheets on the command line: JSON score sheets, no database, nothing stored."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.scoring import (
    AnswerError,
    Definition,
    DefinitionError,
    Filled,
    find_scale,
    load_scales,
    parse_definition,
    score_many,
)
from assessments.scoring.definition import ROLES

SEXES = {"F": "F", "女": "F", "M": "M", "男": "M"}


class Command(BaseCommand):
    help = "给一份（或一批）答卷计分，输出 JSON。不连接数据库，不保存任何内容。"
    # Must work while the database is down: neither system checks nor migrations are looked at.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scale", help="量表代号，如 PHQ-9")
        parser.add_argument("--definition", help="改用这个 JSON 文件里的量表定义，如教育局改过界值、导入过常模的版本")
        parser.add_argument("--file", help="一批答卷：一行一份，写法同 --answers；输出 JSON 列表")
        parser.add_argument("--answers", default="", help="按题序用逗号隔开的分值，空着表示没有作答，如 0,1,,3")
        parser.add_argument("--sex", help="F 或 M")
        parser.add_argument("--grade", help="年级，1—12")
        parser.add_argument("--age", help="周岁")
        parser.add_argument("--role", default="self", help="、".join(ROLES))
        parser.add_argument("--form", help="题序代号，如 A")
        parser.add_argument("--seconds", help="作答用时（秒）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sheets = _score(options)
        except (AnswerError, DefinitionError) as wrong:
            raise CommandError(f"错误：{wrong}", returncode=2) from wrong
        shown = sheets if options["file"] else sheets[0]
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))


def _score(options: dict[str, Any]) -> list[dict[str, Any]]:
    definition, sex = _definition(options), options["sex"]
    if options["file"]:
        rows = [line for line in _text(options["file"]).splitlines() if line.strip()]
    else:
        rows = [options["answers"]]
    if not any(row.strip() for row in rows):
        raise AnswerError("no_answers", "请用 --answers 给出答案，按题序用逗号隔开，没有作答的题空着")
    if sex is not None and sex.upper() not in SEXES:
        raise AnswerError("unknown_sex", f"--sex 应为 F 或 M，收到“{sex}”")
    about = {
        "role": options["role"],
        "sex": SEXES[sex.upper()] if sex else None,
        "grade": _whole(options, "grade", 1, 12),
        "age": _whole(options, "age", 3, 120),
        "seconds": _whole(options, "seconds", 0, 10**6),
    }
    pile = [Filled(read_answers(row), **about) for row in rows]
    return [sheet.as_dict() for sheet in score_many(definition, pile, form=options["form"])]


def _definition(options: dict[str, Any]) -> Definition:
    if options["definition"]:
        try:
            document = json.loads(_text(options["definition"]))
        except ValueError as broken:
            raise AnswerError("not_json", f"{options['definition']} 不是 JSON 文件") from broken
        found: Definition | None = parse_definition(document)
    else:
        found = find_scale(options["scale"])
    if found is None or found.code.upper() != options["scale"].strip().upper():
        known = found.code if found else "、".join(load_scales())
        raise AnswerError("unknown_scale", f"没有量表“{options['scale']}”，可用：{known}")
    return found


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as broken:
        raise AnswerError("no_file", f"读不了文件 {path}（应为 UTF-8 文本）") from broken


def read_answers(text: str) -> list[int | None]:
    """ "0,1,,3" → [0, 1, None, 3]. Full-width commas and digits are understood. Raises AnswerError."""
    answers: list[int | None] = []
    for place, cell in enumerate(text.replace("，", ",").split(","), 1):
        try:
            answers.append(int(cell) if cell.strip() else None)
        except ValueError:
            raise AnswerError("not_a_number", f"第 {place} 题的答案“{cell.strip()}”不是整数", place) from None
    return answers


def _whole(options: dict[str, Any], name: str, low: int, high: int) -> int | None:
    given = options[name]
    if given is None:
        return None
    try:
        value = int(given)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise AnswerError(f"bad_{name}", f"--{name} 应是 {low}—{high} 的整数，收到“{given}”")
    return value
