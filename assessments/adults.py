"""Which scales are for members of staff, how a round stands on a day, and what a result says to the person. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assessments.outcome import ResultDraft
from assessments.own_words import plain_title, soft_words
from assessments.scoring import Definition

#: by how much the main band asks for attention; the last one for everything above
BY_CONCERN = (
    "这一部分的回答里，没有看到需要特别留意的地方。",
    "最近这方面可能有些消耗。给休息和自己喜欢的事留一点时间；想聊一聊，辅导站随时欢迎您。",
    "最近这方面可能不轻松，您不必一个人扛着。可以约辅导站心理教师谈一谈，也可以请医生看一看。",
)
NOT_INTERPRETED = "空着的题较多，这一部分没有作解释，这没有关系。"
NO_BAND = "这一部分没有统一的界值，只作为和辅导站心理教师谈话时的参考。"
ASKED_FOR = "这一部分里有一个回答，让我们想当面听您说说。请先看上面写的，不要一个人扛着。"
DRAFT, PLANNED, OPEN, OVER = "draft", "planned", "open", "over"


def is_for_adults(definition: Definition) -> bool:
    """A self-report with words and without an upper age: what the library says of ages and nothing else."""
    return "self" in definition.roles and definition.ages[1] is None and definition.text_status != "none"


def reasons_against(definition: Definition, *, is_approved: bool) -> tuple[str, ...]:
    """Why staff must not be asked this, () when they may."""
    name = definition.title_zh
    if not is_for_adults(definition):
        return (f"“{name}”不是成人可以自己作答的量表。",)
    return () if is_approved else (f"“{name}”的文本还没有经过本县区核对批准，请县区教育局专干先在量表库里批准。",)


def state_on(today: date, *, opens_on: date, closes_on: date, is_started: bool, is_ended: bool) -> str:
    """draft | planned | open | over."""
    if is_ended or (is_started and today > closes_on):
        return OVER
    if not is_started:
        return DRAFT
    return OPEN if today >= opens_on else PLANNED


@dataclass(frozen=True)
class AdultPart:
    """One questionnaire as its person reads it: without a number, the band in its own words, no name of a disorder."""

    about: str
    band: str
    words: str


def adult_parts(found: Iterable[tuple[str, ResultDraft, bool]]) -> list[AdultPart]:
    """From [(title, result, whether an answer in it alerts)]; codes of scales are left out of titles. Beside an answer
    that alerts a low band would only soothe."""
    return [
        AdultPart(plain_title(title), "", ASKED_FOR)
        if is_critical
        else AdultPart(plain_title(title), row.band if row.is_valid else "", _words(row))
        for title, row, is_critical in found
    ]


def _words(row: ResultDraft) -> str:
    if not row.is_valid:
        return NOT_INTERPRETED
    return soft_words(row.band_order, is_valid=True, said=BY_CONCERN) or NO_BAND
