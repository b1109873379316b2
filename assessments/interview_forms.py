"""What an interview asks, by how urgent it is: the bureau's template, as data with a version. Pure.

County.settings["interview_forms"] may hold a document of the same shape; a talk keeps the version of
its day.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
LEVELS = ("immediate", "same_day", "talk")
KINDS = ("text", "choice")


@dataclass(frozen=True)
class Question:
    """`options` only for a choice. `code` names the field and survives a change of words.

    `is_core`: should be asked; a talk is saved without it all the same, and says that it was not asked. A form does not
    hold up what was found in an emergency.
    """

    code: str
    label: str
    kind: str
    options: tuple[str, ...] = ()
    is_core: bool = False


@dataclass(frozen=True)
class InterviewTemplate:
    version: str
    level: str
    title: str
    source: str
    questions: tuple[Question, ...]


def parse_templates(raw: Mapping[str, Any]) -> dict[str, InterviewTemplate]:
    """Level → template. Raises ValueError for a level that is missing or a question that cannot be asked."""
    found = {}
    for row in raw.get("forms", ()):
        questions = tuple(_question(one, row["level"]) for one in row["questions"])
        if not questions or len({one.code for one in questions}) < len(questions):
            raise ValueError(f"访谈表“{row['level']}”没有问题，或有两个问题同名")
        found[row["level"]] = InterviewTemplate(
            str(raw["version"]), row["level"], row["title"], str(raw.get("source", "")), questions
        )
    if missing := [level for level in LEVELS if level not in found]:
        raise ValueError(f"访谈表缺少：{'、'.join(missing)}")
    return found


def _question(row: Mapping[str, Any], level: str) -> Question:
    options = tuple(row.get("options", ()))
    if row["kind"] not in KINDS or (row["kind"] == "choice") is not bool(options) or not row["code"].isidentifier():
        raise ValueError(f"访谈表“{level}”的问题“{row['code']}”不完整")
    return Question(row["code"], row["label"], row["kind"], options, bool(row.get("is_core")))


@cache
def shipped_templates(version: str = "2026.1") -> dict[str, InterviewTemplate]:
    return parse_templates(json.loads((DATA / f"interview-forms-{version}.json").read_text("utf-8")))


def template_for(levels: Iterable[str], templates: Mapping[str, InterviewTemplate]) -> InterviewTemplate:
    """The template of the most urgent of the open flags; without any, of a talk."""
    standing = set(levels)
    return templates[next((level for level in LEVELS if level in standing), "talk")]
