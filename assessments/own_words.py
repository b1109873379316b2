"""What a sheet says to the student it is about: soft, without numbers, bands or names of disorders. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: by how much the main band asks for attention; the last one for everything above
BY_CONCERN = (
    "这一部分的回答里，没有看到需要特别留意的地方。",
    "最近这方面可能有点费神。很多同学都有这样的时候，想聊一聊的话，心理老师随时欢迎你。",
    "最近这方面可能不太轻松。你不用一个人扛着，老师愿意和你一起想办法。",
)
NOT_INTERPRETED = "这一次的回答没有作解释，这没有关系。愿意的话，可以再答一次。"
_CODE = re.compile(r"[（(][A-Za-z0-9\- ]+[）)]")


@dataclass(frozen=True)
class OwnPart:
    """One questionnaire in everyday words."""

    about: str
    words: str


def soft_words(concern: int | None, *, is_valid: bool, said: Sequence[str] = BY_CONCERN) -> str:
    """'' where nothing can be said: a sheet without a band. `said`: words by concern, for whom they are written."""
    if not is_valid:
        return NOT_INTERPRETED
    return "" if concern is None else said[min(concern, len(said) - 1)]


def plain_title(title: str) -> str:
    """A scale's title without its code in brackets."""
    return _CODE.sub("", title).strip()


def own_parts(results: Iterable[tuple[str, int | None, bool]]) -> list[OwnPart]:
    """From [(title, concern of the main band, is valid)]; codes of scales are left out."""
    said = [OwnPart(plain_title(title), soft_words(concern, is_valid=ok)) for title, concern, ok in results]
    return [part for part in said if part.words]
