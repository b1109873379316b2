"""An obligation is met by its fact and by nothing else: no page, no form and no other line of the code ticks it off."""

import ast
from datetime import date, timedelta

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from tests.reminders.test_sweeping import MONDAY, dues, notices, season_at, start
from xinyu.access.actor import acting_as
from xinyu.ops import paths
from xinyu.reminders import gather
from xinyu.reminders.actions.confirming import confirm_check
from xinyu.reminders.actions.sweeping import sweep_dues
from xinyu.reminders.due import due, is_told
from xinyu.reminders.models import Due, Notice

APPS = ("xinyu", "assessments", "crisis", "counseling_rooms")
GUARDIANS = "crisis/actions/guardian_dues.py"
MEETING = "xinyu/reminders/actions/meeting.py"
#: who may call it: actions that have just written the fact, and the sweep that has found one
CALLERS = {"xinyu/reminders/actions/confirming.py", "xinyu/reminders/actions/sweeping.py"}
SEASON = season_at(MONDAY)


def sources():
    for app in APPS:
        for path in sorted((paths.ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(paths.ROOT)), ast.parse(path.read_text())


def writes_met_at(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in ("update", "create", "update_or_create", "Due") and any(k.arg == "met_at" for k in node.keywords)
    if isinstance(node, ast.Attribute):
        return node.attr == "met_at" and isinstance(node.ctx, ast.Store)
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text and "SET met_at" in node.value


def calls_meet(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "meet"


def test_one_function_meets_and_only_facts_call_it():
    found = [(name, node) for name, tree in sources() for node in ast.walk(tree)]
    # a guardian's due is another table; it is met by the contact that is recorded, in the same action
    assert {name for name, node in found if writes_met_at(node)} == {MEETING, GUARDIANS}
    assert {name for name, node in found if calls_meet(node)} == CALLERS


def test_the_search_finds_a_button_of_every_kind():
    for line in ("due.met_at = now", "Due.objects.update(met_at=now)", "x = 'UPDATE reminders_due SET met_at = now()'"):
        assert any(writes_met_at(node) for node in ast.walk(ast.parse(line))), line
    assert not any(writes_met_at(node) for node in ast.walk(ast.parse("Due.objects.filter(met_at=None)")))


@pytest.mark.django_db
def test_reading_visiting_and_posting_to_a_due_leave_it_open(here, enter):
    start(here, timezone.localdate())
    sweep_dues()
    mine = next(row for row in dues(user=here.homeroom) if row.klass_id == here.klass.pk)
    message = next(row for row in notices(here.homeroom) if row.due_id == mine.pk)
    client, page = enter(here.homeroom), reverse("reminders:due", args=[mine.pk])
    assert client.get(page, follow=True).status_code == 200
    assert client.post(page).status_code == 405
    assert client.get(reverse("reminders:notice", args=[message.pk])).status_code == 200
    sweep_dues()
    with acting_as(here.homeroom):
        assert Notice.objects.get(pk=message.pk).read_at and Due.objects.get(pk=mine.pk).met_at is None
    names = {pattern.name for pattern in get_resolver("xinyu.reminders.urls").url_patterns if "due_id" in str(pattern)}
    assert names == {"due"}


@pytest.mark.django_db
def test_what_had_climbed_stops_for_everybody_with_the_next_sweep(here):
    start(here, MONDAY)
    late = MONDAY + timedelta(days=14)
    sweep_dues(late)
    others = {row.user_id for row in dues(klass=here.klass)} - {here.homeroom.pk}
    assert others
    with acting_as(here.homeroom):
        confirm_check(here.klass, SEASON, "class_check", 0, actor=here.homeroom, on=late)
    sweep_dues(late + timedelta(days=1))
    assert not dues(klass=here.klass, met_at__isnull=True)
    with acting_as("system:reminders"):
        said = Notice.objects.filter(due__klass=here.klass)
        assert not said.filter(read_at__isnull=True).exists()
        assert not [row for row in said if str(late + timedelta(days=1)) in row.key]


def planned(county, days: list[date]) -> list:
    with acting_as("system:reminders"):
        f = gather.county_facts(county, days[-1])
        rows = [row for on in days for row in due(on, f.facts, f.windows, f.calendar, f.people, f.subjects)]
    return [row for row in rows if is_told(row)]


@pytest.mark.django_db
def test_a_week_without_sweeps_is_caught_up_once_and_is_no_flood(here):
    start(here, MONDAY)
    before = MONDAY + timedelta(days=3)
    sweep_dues(before)
    known = {row.key for user in here.users.values() for row in notices(user)}
    week = [before + timedelta(days=n) for n in range(1, 9)]
    # the cast's expired post ends yesterday by the clock: when that falls into this week, nobody is there to be told
    missed = [row for row in planned(here.county, week) if row.person_id != here.users["expired"].pk]
    sweep_dues(week[-1])
    caught = [row for user in here.users.values() for row in notices(user) if row.key not in known]
    wanted = {}
    for row in sorted(missed, key=lambda row: row.on):
        wanted[row.person_id, row.occasion, row.place, row.level] = row.key
    assert {row.key for row in caught} == set(wanted.values())
    assert 0 < len(caught) < len(missed)
    sweep_dues(week[-1])
    sweep_dues(week[-1] + timedelta(days=1))
    again = [row for user in here.users.values() for row in notices(user) if row.key not in known]
    fresh = planned(here.county, [week[-1] + timedelta(days=1)])
    assert {row.key for row in again} == set(wanted.values()) | {row.key for row in fresh}
