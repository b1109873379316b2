"""ASQ and C-SSRS: worked examples of every branch; a gap in the middle never reads as 'nothing'."""

import pytest

from assessments.naming import Known, for_one, only_one, split_names
from assessments.screeners import IncompleteScreener, asq, cssrs


def said(text):
    """'1n 2y 5r' → answers."""
    words = {"y": "yes", "n": "no", "r": "refused"}
    return {part[:-1]: words[part[-1]] for part in text.split()}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1n 2n 3n 4n", "negative"),
        ("1y 2n 3n 4n 5n", "positive"),
        ("1n 2n 3n 4r 5n", "positive"),
        ("1y 2n 3n 4n 5y", "acute"),
        ("1y 2n 3n 4n 5r", "acute"),
        ("5y", "acute"),
    ],
)
def test_asq(text, code):
    reading = asq(said(text))
    assert reading.code == code and reading.is_acute == (code == "acute")


@pytest.mark.parametrize(("text", "question"), [("1n 2n 4n", "3"), ("1y 2n 3n 4n", "5"), ("1n 2n 3r 4n", "5")])
def test_asq_does_not_guess(text, question):
    with pytest.raises(IncompleteScreener) as gap:
        asq(said(text))
    assert gap.value.question == question


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1n 2n 6n", "none"),
        ("1y 2n 6n", "low"),
        ("1y 2y 3n 4n 5n 6n", "low"),
        ("1y 2y 3y 4n 5n 6n", "moderate"),
        ("1n 2n 6y 6mn", "moderate"),
        ("1n 2n 6r", "moderate"),
        ("1n 2n 6y 6my", "high"),
        ("1y 2y 3n 4y 5n 6n", "high"),
        ("1y 2y 3y 4n 5y 6n", "high"),
        ("4y", "high"),
    ],
)
def test_cssrs(text, code):
    reading = cssrs(said(text))
    assert reading.code == code and reading.is_acute == (code == "high")


@pytest.mark.parametrize(
    ("text", "question"), [("1y 2n", "6"), ("1y 2y 3n 6n", "4"), ("1n 2n 6y", "6m"), ("2n 6n", "1")]
)
def test_cssrs_does_not_guess(text, question):
    with pytest.raises(IncompleteScreener) as gap:
        cssrs(said(text))
    assert gap.value.question == question


def test_nothing_asked_is_no_reading():
    assert asq({}) is None and cssrs({"1": ""}) is None


def test_names_are_split_and_never_guessed():
    assert split_names("王一、李二，王一 阿依·买买提") == ["王一", "李二", "阿依·买买提"]
    roster = [Known(1, 7, "王一"), Known(2, 8, "王一"), Known(3, 7, "李二")]
    assert only_one("王一", 7, roster) == 1 and only_one("李二", None, roster) == 3
    assert only_one("王一", None, roster) is None and only_one("赵四", 7, roster) is None


def test_each_student_reads_without_the_others():
    text = "王一打了李二，李二说不想活了"
    assert for_one(text, "李二", ["王一", "李二"]) == "另一名同学打了李二，李二说不想活了"
    assert for_one("王一说", "王一鸣", ["王一", "王一鸣"]) == "王一说"
