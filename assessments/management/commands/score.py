"""Score one answer sheet on the command line: a JSON score sheet, no database, nothing stored."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.scoring import AnswerError, find_scale, load_scales, score
from assessments.scoring.definition import ROLES

SEXES = {"F": "F", "女": "F", "M": "M", "男": "M"}


class Command(BaseCommand):
    help = "给一份答卷计分，输出 JSON。不连接数据库，不保存任何内容。"
    # Must work while the database is down: neither system checks nor migrations are looked at.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scale", help="量表代号，如 PHQ-9")
        parser.add_argument("--answers", default="", help="按题序用逗号隔开的分值，空着表示没有作答，如 0,1,,3")
        parser.add_argument("--sex", help="F 或 M")
        parser.add_argument("--grade", help="年级，1—12")
        parser.add_argument("--age", help="周岁")
        parser.add_argument("--role", default="self", help="、".join(ROLES))
        parser.add_argument("--form", help="题序代号，如 A")
        parser.add_argument("--seconds", help="作答用时（秒）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sheet = _score(options)
        except AnswerError as wrong:
            raise CommandError(f"错误：{wrong}", returncode=2) from wrong
        self.stdout.write(json.dumps(sheet, ensure_ascii=False, indent=2))


def _score(options: dict[str, Any]) -> dict[str, Any]:
    definition = find_scale(options["scale"])
    if definition is None:
        known = "、".join(load_scales())
        raise AnswerError("unknown_scale", f"没有量表“{options['scale']}”，可用：{known}")
    if not options["answers"].strip():
        raise AnswerError("no_answers", "请用 --answers 给出答案，按题序用逗号隔开，没有作答的题空着")
    sex = options["sex"]
    if sex is not None and sex.upper() not in SEXES:
        raise AnswerError("unknown_sex", f"--sex 应为 F 或 M，收到“{sex}”")
    sheet = score(
        definition,
        read_answers(options["answers"]),
        role=options["role"],
        form=options["form"],
        sex=SEXES[sex.upper()] if sex else None,
        grade=_whole(options, "grade", 1, 12),
        age=_whole(options, "age", 3, 120),
        seconds=_whole(options, "seconds", 0, 10**6),
    )
    return sheet.as_dict()


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
