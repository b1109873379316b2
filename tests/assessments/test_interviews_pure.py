"""Pure parts of the interview pages: diagnosis words, talk periods, whose student it is."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from assessments.diagnosis_words import diagnosis_words, hint, with_source
from assessments.standing import roles_over, schools_as
from assessments.talk_periods import CHINA, periods_on


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("最近睡不好，情绪低落。", []),
        ("家长说孩子有抑郁症和焦虑症。", ["抑郁症", "焦虑症"]),
        ("双相情感障碍复诊", ["双相情感障碍"]),
        ("像是双相。", ["双相"]),
        ("疑似adhd", ["ADHD"]),
        ("医院诊断抑郁症（诊断信息由医疗机构提供）", []),
    ],
)
def test_diagnosis_words_are_found_once_and_not_when_the_source_is_named(text, found):
    assert diagnosis_words(text) == found


def test_the_hint_names_the_words_and_the_source_silences_it():
    assert "抑郁症" in hint(["抑郁症"])
    assert with_source("确诊抑郁症") == "确诊抑郁症（诊断信息由医疗机构提供）"
    assert diagnosis_words(with_source("确诊抑郁症")) == []
    assert with_source(with_source("甲")) == with_source("甲")


def test_periods_that_are_over_are_left_out_and_a_started_one_begins_now():
    noon = datetime(2026, 11, 23, 13, 0, tzinfo=CHINA)
    rows = periods_on(noon.date(), noon)
    assert [(row.label, row.starts_at.hour, row.starts_at.minute) for row in rows] == [
        ("午间", 13, 0),
        ("课后服务", 16, 30),
    ]
    assert periods_on(noon.date(), noon, [["早读", "07:30", "08:00"]]) == []


def post(role, klass=None, grade=None, school=None):
    return SimpleNamespace(role=role, klass_id=klass, grade_id=grade, school_id=school)


def test_a_post_elsewhere_says_nothing_about_this_student():
    student = SimpleNamespace(klass_id=1, grade_id=2, school_id=3)
    posts = [post("homeroom", 9, 2, 3), post("grade_head", None, 2, 3), post("counselor", None, None, 4)]
    assert roles_over(posts, student) == {"grade_head"}
    assert roles_over([post("county_officer")], student) == frozenset()
    assert schools_as(posts, "counselor") == [4]
