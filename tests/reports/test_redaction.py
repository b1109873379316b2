"""Names and numbers of others give way; the student's own name and plain numbers stay. No database."""

from xinyu.reports.redaction import HIDDEN_NUMBER, Redactor

NAMES = {"李老师甲": "某老师", "王小明": "某同学", "小明": "某同学", "王": "某同学", "王家长": "监护人"}


def test_longest_name_first_and_never_a_single_letter():
    redact = Redactor(NAMES, "王小明明")
    assert redact("王小明和李老师甲、王家长") == "某同学和某老师、监护人"
    assert redact("王小明明说") == "王小明明说", "the student's own name, though another's lies in it"
    assert redact("国王的小明") == "国王的某同学"


def test_numbers_that_reach_somebody_are_hidden_and_scores_are_not():
    redact = Redactor({}, "")
    for number in ("13800000000", "0731-88712345", "88712345", "110105194912310021", "11010519491231002X"):
        assert redact(f"电话{number}。") == f"电话{HIDDEN_NUMBER}。"
    assert redact("PHQ-9 15 分，2026-11-25，0102-2026-001") == "PHQ-9 15 分，2026-11-25，0102-2026-001"
