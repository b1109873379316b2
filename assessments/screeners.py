"""What two screeners asked by a person lead to: ASQ (NIMH, Horowitz 2012) and the C-SSRS screener (© Columbia/RFMH).

Keys only. ASQ comes from the NIMH toolkit and is free; the C-SSRS may not be altered, so its official Chinese text is
read from the school's own paper and only the number of the question stands here. Neither is a diagnosis. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

YES, NO, REFUSED = "yes", "no", "refused"


class IncompleteScreener(ValueError):
    """A question that decides has no answer; `question` is its number, `text` says so at the field."""

    def __init__(self, screener: str, question: str):
        self.question = question
        self.text = f"{screener} 第 {question} 题还没有记录。"
        super().__init__(self.text)


@dataclass(frozen=True)
class Reading:
    """code, what it is called on the page, what to do now; `is_acute`: not alone, and now."""

    code: str
    label: str
    steps: str
    is_acute: bool = False


STAY = "不让学生独处，现在就请另一位老师到场，通知学校领导和监护人，当场评估去向；必要时拨打 120、110。"
ASQ_NEGATIVE = Reading("negative", "ASQ：未提示", "按访谈所见安排。老师的判断优先于问卷。")
ASQ_POSITIVE = Reading("positive", "ASQ：提示，非紧急", "当天完成一次简短的安全评估，离校前确认由谁接送。")
ASQ_ACUTE = Reading("acute", "ASQ：紧急提示", STAY, is_acute=True)
CSSRS_NONE = Reading("none", "C-SSRS：未提示", "按访谈所见安排。老师的判断优先于问卷。")
CSSRS_LOW = Reading("low", "C-SSRS：第一、二题提示", "安排后续访谈，约定下一次见面，告知可以找谁。")
CSSRS_MODERATE = Reading("moderate", "C-SSRS：第三题或以往行为提示", "当天完成安全评估和安全计划，提请学校研判。")
CSSRS_HIGH = Reading("high", "C-SSRS：第四、五题或近三月行为提示", STAY, is_acute=True)


def asq(answers: Mapping[str, str]) -> Reading | None:
    """Questions "1"–"4": yes, no, refused; "5" (right now) is asked after any yes or refusal.

    None when nothing is asked. A yes to 5 counts whatever else is missing. Raises IncompleteScreener.
    """
    if not any(answers.get(str(n)) for n in range(1, 6)):
        return None
    if answers.get("5") == YES:
        return ASQ_ACUTE
    first = [answers.get(str(n)) for n in range(1, 5)]
    for number, answer in enumerate(first, start=1):
        if not answer:
            raise IncompleteScreener("ASQ", str(number))
    if not any(answer in (YES, REFUSED) for answer in first):
        return ASQ_NEGATIVE
    if not answers.get("5"):
        raise IncompleteScreener("ASQ", "5")
    # A refusal to say is no "no": somebody who will not answer is not left alone either.
    return ASQ_ACUTE if answers["5"] == REFUSED else ASQ_POSITIVE


def cssrs(answers: Mapping[str, str]) -> Reading | None:
    """Questions "1", "2", after a yes to 2 "3"–"5", always "6" (ever) and after it "6m" (past three months).

    The gravest yes decides, also when others are missing; otherwise raises IncompleteScreener.
    """
    asked = ("1", "2", "3", "4", "5", "6", "6m")
    if not any(answers.get(number) for number in asked):
        return None
    said = {number for number in asked if answers.get(number) == YES}
    if said & {"4", "5", "6m"}:
        return CSSRS_HIGH
    needed = ["1", "2", *(("3", "4", "5") if "2" in said else ()), "6", *(("6m",) if "6" in said else ())]
    for number in needed:
        if not answers.get(number):
            raise IncompleteScreener("C-SSRS", number)
    if said & {"3", "6"}:
        return CSSRS_MODERATE
    if any(answers.get(number) == REFUSED for number in needed):
        return CSSRS_MODERATE
    return CSSRS_LOW if said & {"1", "2"} else CSSRS_NONE
