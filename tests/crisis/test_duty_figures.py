"""Duty figures: exact numbers for the officer of the place alone, and the message about flags that nobody opens."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Flag
from assessments.queries.interviews import facts_of
from assessments.triage import unread_beyond_school
from crisis.actions.chain import climb_chains
from crisis.queries.duty_figures import duty_figures
from tests.crisis.cases import opened, planned_item
from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry
from xinyu.reminders.causes import drafts

PAGE = "/cases/duty-figures/"


def flagged(world, student, minutes, level="immediate", **values):
    with acting_as("system:demo"):
        now = timezone.now()
        flag = Flag.objects.create(student=student, level=level, source="item", due_at=now, **values)
        Flag.objects.filter(pk=flag.pk).update(raised_at=now - timedelta(minutes=minutes))
        flag.refresh_from_db()
        return flag


def line_of(user, school):
    with acting_as(user):
        return {line.school.pk: line for line in duty_figures()}.get(school.pk)


def told(user):
    with acting_as("system:reminders"):
        return [one for one in drafts(timezone.localdate()) if one.to == user.pk and one.key.startswith("flags-unread")]


@pytest.mark.parametrize(
    ("level", "minutes", "counts"),
    [("immediate", 44, 0), ("immediate", 46, 1), ("same_day", 194, 0), ("same_day", 196, 1), ("talk", 9999, 0)],
)
def test_the_database_counts_what_the_pure_rule_counts(here, there, level, minutes, counts):
    flag = flagged(here, here.students[1], minutes, level)
    pure = unread_beyond_school([facts_of(flag)], timezone.now())
    line = line_of(here.county_officer, here.school)
    assert (pure.count if pure else 0) == (line.unread.count if line.unread else 0) == counts
    assert len(told(here.county_officer)) == counts


def test_a_flag_that_somebody_opened_or_handled_is_not_the_countys(here, there):
    flagged(here, here.students[1], 90, seen_at=timezone.now())
    assert line_of(here.county_officer, here.school).unread is None
    assert told(here.county_officer) == []


def test_the_message_says_school_number_and_time_and_nobody(here, there):
    first = flagged(here, here.students[1], 120)
    flagged(here, here.students[2], 60)
    (draft,) = told(here.county_officer)
    since = timezone.localtime(first.raised_at)
    assert draft.title == f"甲中学：2 条紧急提示自 {since:%m月%d日 %H:%M} 起无人查看"
    assert draft.is_urgent and draft.url == PAGE
    words = draft.title + draft.body + draft.why
    assert not any(one.name in words or one.klass.name in words for one in here.students)
    assert told(there.county_officer) == told(here.principal) == []
    flagged(here, here.students[0], 50)
    assert told(here.county_officer)[0].key != draft.key  # one more is told anew


def test_cases_without_plan_and_runs_that_moved_up_are_counted(here, there):
    opened(here, here.students[1], level="red")
    planned_item(here, opened(here, here.students[2], level="orange"))
    line = line_of(here.county_officer, here.school)
    assert (line.red, line.orange, line.bare, line.lapsed, line.overdue) == (1, 1, 1, 0, 0)
    climb_chains(timezone.now() + timedelta(minutes=16))
    assert line_of(here.county_officer, here.school).overdue == 1


def test_only_the_officers_of_the_place_get_a_line(here, there):
    flagged(here, here.students[1], 90)
    assert line_of(here.city_officer, here.school).unread.count == 1
    assert line_of(there.county_officer, here.school) is None
    for user in (here.principal, here.counselor, here.expert, there.counselor, here.system_admin):
        with acting_as(user):
            assert duty_figures() == []


def test_the_page_is_for_the_officer_and_each_reading_is_kept(here, there, enter):
    flagged(here, here.students[1], 90)
    client = enter(here.county_officer)
    page = client.get(PAGE).content.decode()
    assert "1 条紧急提示自" in page and "请现在电话联系" in page
    assert not any(one.name in page for one in here.students)
    assert "1 条紧急提示自" not in enter(there.county_officer).get(PAGE).content.decode()
    assert enter(here.principal).get(PAGE).status_code == 403
    with acting_as(here.audit_admin):
        assert AuditEntry.objects.filter(verb="crisis.see_duty_figures").count() == 2


def test_queries_do_not_grow_with_numbers(here, there, enter):
    client, counts = enter(here.city_officer), []
    client.get(PAGE)
    for student in (*here.students, there.students[1]):
        flagged(here, student, 90)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(PAGE).status_code == 200
        counts.append(len(caught))
    assert len(set(counts)) == 1
