"""From what was ticked to scored values by place on the form; refuses what the scale does not offer."""

from collections.abc import Sequence

from .errors import AnswerError
from .key import Key

Answers = Sequence[int | None]


def decode(key: Key, answers: Answers) -> list[int | None]:
    """Scored (reversed where due) values in the form's order, None for a blank. Raises AnswerError."""
    if len(answers) != len(key.decoders):
        code, due = key.definition.code, len(key.decoders)
        raise AnswerError("wrong_count", f"{code} 共 {due} 题，收到 {len(answers)} 个答案（空白的题也要占一位）")
    try:
        scored = [decoder[value] for decoder, value in zip(key.decoders, answers, strict=True)]
    except (KeyError, TypeError):
        raise _not_an_option(key, answers) from None
    return _fill_unasked(key, answers, scored) if key.conditional else scored


def _not_an_option(key: Key, answers: Answers) -> AnswerError:
    for index, (decoder, value) in enumerate(zip(key.decoders, answers, strict=True)):
        options = [option for option in decoder if option is not None]
        if value is not None and value not in options:
            listed = "、".join(str(option) for option in options)
            return AnswerError("not_an_option", f"第 {index + 1} 题的答案“{value}”不在选项（{listed}）之内", index + 1)
    return AnswerError("not_an_option", "答案里有无法识别的值")


def _fill_unasked(key: Key, answers: Answers, scored: list[int | None]) -> list[int | None]:
    """A blank whose condition was answered and not met was rightly not asked. A given answer always stands."""
    known = list(answers)
    for index, condition, test, otherwise in key.conditional:
        before = known[condition]
        if known[index] is None and before is not None and not test.holds(before):
            known[index] = otherwise
            scored[index] = key.decoders[index][otherwise]
    return scored
