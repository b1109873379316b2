from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinyu.organisations.calendar import SchoolCalendar, Span, Term
from xinyu.reminders.due import Fact, Person, Subject, due, plan_year, windows_around
from xinyu.reminders.season_book import load_book, parse_season
from xinyu.reminders.seasons import CountySetting, seasons_in
from xinyu.reminders.steps import Policy, periods

CALENDAR = SchoolCalendar(
    (
        Term("2026-2027-1", date(2026, 9, 1), date(2027, 1, 22)),
        Term("2026-2027-2", date(2027, 2, 22), date(2027, 7, 2)),
        Term("2027-2028-1", date(2027, 9, 1), date(2028, 1, 14)),
    )
)
CHECK = {
    "code": "class_check",
    "role": "homeroom",
    "title": "完成本班学生排查表",
    "subject": "klass",
    "evidence": "class_check",
    "anchor": "start",
    "offset": 9,
}
AUTUMN = {
    "code": "autumn_care",
    "title": "秋冬关爱行动",
    "who": {"stages": [], "grades": "all"},
    "windows": [{"kind": "dates", "start": "2026-11-14", "end": "2026-12-11"}],
    "obligations": [CHECK],
}
ABOVE = (("grade", 10), ("school", 100), ("county", 1000))
KLASS = Subject("klass", 1, "初三（1）班", frozenset({("junior", "leaving")}), ABOVE)
OTHER = Subject("klass", 2, "初一（1）班", frozenset({("junior", "entering")}), (("grade", 11), *ABOVE[1:]))
SCHOOL = Subject(
    "school", 100, "第三中学", frozenset({("junior", ""), ("junior", "leaving"), ("junior", "entering")}), ABOVE[2:]
)
COUNTY = Subject("county", 1000, "天元区", SCHOOL.groups)
PEOPLE = [
    Person(1, "homeroom", ("klass", 1)),
    Person(2, "homeroom", ("klass", 2)),
    Person(3, "grade_head", ("grade", 10)),
    Person(4, "counselor", ("school", 100)),
    Person(5, "moral_head", ("school", 100)),
    Person(6, "vice_principal", ("school", 100)),
    Person(7, "principal", ("school", 100)),
    Person(8, "county_officer", ("county", 1000)),
    Person(9, "homeroom", ("klass", 99)),
]
SUBJECTS = [KLASS, OTHER, SCHOOL, COUNTY]
SETTING = CountySetting("430211", CALENDAR)


def one_season(obligation=None):
    raw = {**AUTUMN, "obligations": [{**CHECK, **(obligation or {})}]}
    setting = CountySetting("x", CALENDAR, custom=(parse_season(raw),))
    return [window for window in seasons_in(2026, setting) if window.code == "autumn_care"]


def reminders(facts=(), people=PEOPLE, subjects=(KLASS,), policy=None, obligation=None):
    found = []
    for n in range(120):
        on = date(2026, 11, 1) + timedelta(n)
        found += due(on, facts, one_season(obligation), CALENDAR, people, subjects, policy=policy)
    return found


def days(rows):
    return [(f"{row.on:%m-%d}", row.reason.code, row.person_id) for row in rows]


def test_reminded_on_the_first_day_before_due_on_due_and_overdue_then_the_next_level():
    # The window opens on a Saturday; due 14 + 9 = Monday 23 November.
    assert days(reminders()) == [
        ("11-16", "first", 1),
        ("11-20", "soon", 1),
        ("11-23", "today", 1),
        ("11-24", "overdue", 1),
        ("11-25", "overdue", 1),
        ("11-26", "overdue", 1),
        ("11-27", "raised", 3),
        ("11-30", "raised", 3),
        ("12-01", "raised", 3),
        ("12-02", "raised", 5),
        ("12-03", "raised", 5),
        ("12-04", "raised", 5),
    ]


@pytest.mark.parametrize(("came", "reason"), [(date(2026, 11, 18), "first"), (date(2026, 11, 28), "overdue")])
def test_who_comes_meanwhile_hears_of_it_on_the_first_day(came, reason):
    """28 November is a Saturday: a newcomer does not wait for the next reminder day."""
    successor = Person(10, "homeroom", ("klass", 1), came)
    before = Person(1, "homeroom", ("klass", 1), None, came - timedelta(days=1))
    people = [before, successor, *PEOPLE[2:]]
    told = [row for row in days(reminders(people=people)) if row[2] == 10]
    assert told[0] == (f"{came:%m-%d}", reason, 10)
    assert told[1:] == [row for row in days(reminders(people=[successor, *PEOPLE[2:]])) if row[2] == 10][1:]
    met = [Fact("class_check", ("klass", 1), came - timedelta(days=1))]
    assert not [row for row in reminders(met, people=people) if row.person_id == 10]
    year = plan_year(2026, CountySetting("x", CALENDAR, custom=(parse_season(AUTUMN),)), (), people, [KLASS])
    assert came in {row.on for row in year if row.person_id == 10}


def test_a_fact_stops_the_reminders_from_its_day_on():
    fact = Fact("class_check", ("klass", 1), date(2026, 11, 20))
    assert days(reminders([fact])) == [("11-16", "first", 1)]


@pytest.mark.parametrize(
    "fact",
    [
        Fact("class_check", ("klass", 2), date(2026, 11, 16)),
        Fact("zero_report", ("klass", 1), date(2026, 11, 16)),
        Fact("class_check", ("klass", 1), date(2026, 11, 13)),
        Fact("class_check", ("klass", 1), date(2026, 11, 16), occasion="spring:2027/class_check/2027-03-01"),
    ],
)
def test_a_fact_of_another_class_kind_time_or_occasion_stops_nothing(fact):
    assert days(reminders([fact])) == days(reminders())


def test_a_vacant_post_passes_to_the_next_role_at_once():
    people = [person for person in PEOPLE if person.role != "homeroom"]
    assert {row.person_id for row in reminders(people=people)[:6]} == {3}
    assert reminders(people=[]) == []


def test_a_post_counts_only_between_its_dates():
    people = [
        Person(1, "homeroom", ("klass", 1), ends_on=date(2026, 11, 19)),
        Person(20, "homeroom", ("klass", 1), starts_on=date(2026, 11, 20)),
    ]
    assert days(reminders(people=people))[:3] == [("11-16", "first", 1), ("11-20", "soon", 20), ("11-23", "today", 20)]


def test_a_due_day_off_site_moves_back_and_a_one_day_window_reminds_once_per_day():
    rows = reminders(obligation={"offset": 8})  # 22 November is a Sunday
    assert {row.due_on for row in rows} == {date(2026, 11, 20)}
    assert len({(row.on, row.person_id) for row in rows}) == len(rows)


def test_repeated_obligations_are_owed_once_per_period():
    rows = reminders(
        obligation={"repeat": "monthly", "anchor": "end", "offset": 0}, policy=Policy(overdue_days=1, raises=0)
    )
    assert sorted({row.due_on for row in rows}) == [date(2026, 11, 30), date(2026, 12, 11)]
    november = Fact("class_check", ("klass", 1), date(2026, 11, 30))
    kept = reminders([november], obligation={"repeat": "monthly", "anchor": "end", "offset": 0})
    assert date(2026, 12, 11) in {row.due_on for row in kept}
    assert max(row.on for row in kept if row.due_on == date(2026, 11, 30)) < november.on


def test_weeks_and_months_are_cut_to_the_window():
    span = Span(date(2026, 11, 14), date(2026, 12, 11))
    assert periods(span, "monthly") == [
        Span(date(2026, 11, 14), date(2026, 11, 30)),
        Span(date(2026, 12, 1), date(2026, 12, 11)),
    ]
    assert periods(span, "weekly")[:2] == [
        Span(date(2026, 11, 14), date(2026, 11, 15)),
        Span(date(2026, 11, 16), date(2026, 11, 22)),
    ]


def test_only_classes_of_the_season_are_asked():
    found = plan_year(2027, SETTING, (), PEOPLE, SUBJECTS)
    assert {row.place for row in found if row.occasion.startswith("zhongkao") and row.place[0] == "klass"} == {
        ("klass", 1)
    }
    assert {row.place for row in found if row.occasion.startswith("entering") and row.place[0] == "klass"} == {
        ("klass", 2)
    }
    assert not [row for row in found if row.occasion.startswith("gaokao")]
    assert not [row for row in found if row.person_id == 9]


def test_the_year_plan_is_the_union_of_its_days():
    calendar = CALENDAR.filled(2026, 2027)
    facts = [
        Fact("class_check", ("klass", 1), date(2027, 3, 5)),
        Fact("zero_report", ("school", 100), date(2027, 5, 28)),
    ]
    windows = windows_around(2027, SETTING)
    by_day = [
        row
        for n in range(365)
        for row in due(date(2027, 1, 1) + timedelta(n), facts, windows, calendar, PEOPLE, SUBJECTS, load_book().ladder)
    ]
    plan = plan_year(2027, SETTING, facts, PEOPLE, SUBJECTS)
    assert plan == by_day
    assert len({row.key for row in plan}) == len(plan) > 200


def test_the_january_report_is_due_on_an_office_day_and_reaches_the_county():
    rows = [row for row in plan_year(2027, SETTING, (), PEOPLE, SUBJECTS) if row.occasion.startswith("privacy_report")]
    school = [row for row in rows if row.place == ("school", 100)]
    assert {row.due_on for row in school} == {date(2027, 1, 29)}
    assert [row.person_id for row in school if row.level == 1] == [8, 8, 8]


@settings(max_examples=30, deadline=None)
@given(st.permutations(PEOPLE), st.permutations(SUBJECTS), st.dates(date(2027, 1, 1), date(2027, 12, 31)))
def test_order_of_input_does_not_matter(people, subjects, on):
    windows = windows_around(2027, SETTING)
    expected = due(on, (), windows, CALENDAR, PEOPLE, SUBJECTS)
    assert due(on, (), list(reversed(windows)), CALENDAR, people, subjects) == expected
