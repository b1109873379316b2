"""What needs the county's word: again in a school year, and shortly before an exam; and when that word holds."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from assessments.overlap import USUAL_EXAMS, Approval, Exam, Other, Plan, approval_reasons, fingerprint, grounds
from xinyu.organisations.calendar import Span
from xinyu.reminders.season_book import load_book

AUTUMN = Plan(date(2026, 10, 12), date(2026, 10, 16), ("情绪", "幸福感"))
SPRING = Plan(date(2027, 5, 24), date(2027, 5, 28), ("情绪",))
EARLIER = Other("秋季普测", date(2026, 9, 20), date(2026, 9, 30), ("情绪",), 86)


def test_a_second_one_in_a_school_year_says_what_how_many_and_which_scale_is_the_same():
    [reason] = grounds(SPRING, [EARLIER])
    assert "86 名" in reason and "秋季普测" in reason and "“情绪”是同一量表" in reason and "县区批准" in reason
    assert "同一量表" not in grounds(AUTUMN, [replace(EARLIER, scales=("睡眠",))])[0]
    assert "正在参加" in grounds(AUTUMN, [replace(EARLIER, is_running=True)])[0]
    assert len(grounds(AUTUMN, [EARLIER, replace(EARLIER, title="另一次")])) == 2


@pytest.mark.parametrize(
    "other",
    [
        replace(EARLIER, students=0),
        replace(EARLIER, first_on=date(2026, 8, 31), last_on=date(2026, 8, 31)),
        replace(EARLIER, first_on=date(2025, 10, 1), last_on=date(2026, 6, 1)),
    ],
)
def test_nobody_reached_or_another_school_year_needs_no_approval(other):
    assert grounds(AUTUMN, [other]) == ()


def test_two_windows_at_once_over_the_end_of_a_school_year_count():
    summer = Plan(date(2027, 9, 1), date(2027, 9, 5), ())
    running = Other("暑期", date(2027, 8, 25), date(2027, 9, 3), (), 4, is_running=True)
    assert grounds(summer, [running]) and not grounds(summer, [replace(running, is_running=False)])


@pytest.mark.parametrize(
    ("first", "last", "leaving", "exam"),
    [
        ("2027-05-18", "2027-05-18", "junior", ""),
        ("2027-05-10", "2027-05-19", "junior", "中考"),
        ("2027-06-20", "2027-06-25", "junior", "中考"),
        ("2027-06-21", "2027-06-25", "junior", ""),
        ("2027-05-08", "2027-05-08", "senior", "高考"),
        ("2027-05-07", "2027-05-07", "vocational", ""),
        ("2027-06-01", "2027-06-02", "primary", ""),
    ],
)
def test_the_thirty_days_before_an_exam_belong_to_the_grade_that_sits_it(first, last, leaving, exam):
    plan = Plan(date.fromisoformat(first), date.fromisoformat(last), (), frozenset({leaving}))
    assert [exam in reason for reason in grounds(plan, [])] == ([True] if exam else [])
    assert grounds(replace(plan, leaving=frozenset()), []) == ()


def test_announced_days_take_the_place_of_the_usual_ones():
    plan = replace(SPRING, leaving=frozenset({"junior"}))
    late = Exam("zhongkao", Span(date(2027, 7, 1), date(2027, 7, 3)))
    assert grounds(plan, []) and grounds(plan, [], [late]) == ()
    assert grounds(plan, [], [Exam("zhongkao", Span(date(2026, 7, 1), date(2026, 7, 3)))])


def test_the_usual_days_are_those_of_the_season_book():
    for rule in load_book().exams:
        title, first, last, stages = USUAL_EXAMS[rule.kind]
        assert (rule.title, rule.stages) == (title, stages)
        assert (rule.start, rule.end) == ("{:02}-{:02}".format(*first), "{:02}-{:02}".format(*last))


def test_an_approval_holds_for_exactly_this_plan_until_its_day():
    day, given = date(2027, 5, 24), Approval("x", True, date(2027, 5, 24))
    assert approval_reasons(given, "x", day) == ()
    for found, word in (
        (None, "还没有"),
        (Approval("x", None), "等待"),
        (Approval("y", None), "改动"),
        (replace(given, asked="y"), "改动"),
        (Approval("x", False), "没有批准"),
        (replace(given, until_on=date(2027, 5, 23)), "过期"),
    ):
        assert word in approval_reasons(found, "x", day)[0]


def test_another_scale_class_or_hour_is_another_plan():
    at = datetime(2026, 9, 1, tzinfo=UTC)
    same = fingerprint(["a", "b"], [2, 1], at, at.replace(day=2))
    assert same == fingerprint(["a", "b"], [1, 2], at, at.replace(day=2))
    changed = (
        fingerprint(["a"], [1, 2], at, at.replace(day=2)),
        fingerprint(["a", "b"], [1, 3], at, at.replace(day=2)),
        fingerprint(["a", "b"], [1, 2], at, at.replace(day=3)),
    )
    assert same not in changed and len(set(changed)) == 3
