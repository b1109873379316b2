"""Who is meant: names that a reporter typed, and the words of a report as they may stand with one student. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST = 12
SEPARATORS = re.compile(r"[\s、，,；;/]+")


@dataclass(frozen=True)
class Known:
    """A student as the school's roster has her."""

    id: int
    klass_id: int
    name: str


def split_names(text: str) -> list[str]:
    """'王一、李二 张三' → three names, each once, in order; a name with · in it stays whole."""
    found = [part.strip() for part in SEPARATORS.split(text) if part.strip()]
    return list(dict.fromkeys(found))


def only_one(name: str, klass_id: int | None, roster: Iterable[Known]) -> int | None:
    """The id of the one student of this name in the class (None: in the school); None when there is none or several.

    Two of the same name are never guessed: the counselor decides.
    """
    found = [one.id for one in roster if one.name == name and klass_id in (None, one.klass_id)]
    return found[0] if len(found) == 1 else None


def for_one(text: str, name: str, others: Sequence[str]) -> str:
    """The words of an incident as they stand with one student: the others are not named."""
    for other in sorted(set(others) - {name}, key=len, reverse=True):
        if other not in name:
            text = text.replace(other, "另一名同学")
    return text
