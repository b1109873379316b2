"""An acute talk whose level nobody confirms is chased: the plan without a clock, then rows, notices, 今天."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assessments.models import Interview
from crisis.actions.acute import chase_acute_talks
from crisis.actions.opening import open_case
from crisis.acute import due_calls, plan
from crisis.models import AcuteCall
from xinyu.access.actor import acting_as
from xinyu.reminders.actions.sweeping import sweep_causes
from xinyu.reminders.models import Notice

from .cases import REASON, in_days, second_counselor, talk

FRIDAY = datetime(2026, 11, 27, 16, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = "/"


def test_every_ten_minutes_somebody_else_is_asked_and_nobody_twice():
    people = {"counselor": [1, 2, 3], "vice_principal": [4], "principal": [5]}
    calls = plan(FRIDAY, 2, people)
    assert [(call.rung, call.person, (call.at - FRIDAY).seconds // 60) for call in calls] == [
        ("talker", 2, 0), ("deputy", 1, 10), ("deputy", 3, 10), ("vice_principal", 4, 20), ("principal", 5, 30)
    ]  # fmt: skip
    assert [call.person for call in due_calls(calls, FRIDAY + timedelta(minutes=9))] == [2]


def test_an_empty_rung_costs_no_time_and_who_has_left_is_passed_over():
    assert [(call.person, call.at) for call in plan(FRIDAY, 9, {"principal": [5], "vice_principal": []})] == [
        (5, FRIDAY)
    ]
    assert [call.rung for call in plan(FRIDAY, 9, {"counselor": [1], "principal": [1, 5]})] == ["deputy", "principal"]


def acute_talk(world, student, minutes: int) -> Interview:
    interview = talk(world, student)
    with acting_as("system:demo"):
        added = timezone.now() - timedelta(minutes=minutes)
        Interview.objects.filter(pk=interview.pk).update(is_acute=True, added_at=added)
    return interview


@pytest.mark.django_db
def test_the_sweep_asks_one_after_the_other_and_a_level_ends_it(here, there, client):
    second, kid = second_counselor(here), here.students[1]
    interview = acute_talk(here, kid, minutes=0)
    assert chase_acute_talks() == 1 and chase_acute_talks() == 0
    assert chase_acute_talks(timezone.now() + timedelta(minutes=11)) == 1
    assert chase_acute_talks(timezone.now() + timedelta(minutes=31)) == 2
    sweep_causes()
    for user in (here.counselor, second, here.vice_principal, here.principal):
        with acting_as(user):
            assert Notice.objects.filter(to=user, key__startswith="acute/", is_urgent=True).count() == 1
    page = enter(client, here.principal).get(TODAY).content.decode()
    assert "紧急访谈待定级 1 件" in page
    listed = client.get(reverse("crisis:acute-list")).content.decode()
    assert kid.name in listed and "canary" not in listed and "访谈要点" not in listed
    with acting_as(here.principal):
        call = AcuteCall.objects.get(person=here.principal)
    assert enter(client, here.vice_principal).post(reverse("crisis:acute-see", args=[call.pk])).status_code == 404
    enter(client, here.principal).post(reverse("crisis:acute-see", args=[call.pk]))
    assert "仍待定级" in client.get(reverse("crisis:acute-list")).content.decode()
    assert kid.name not in enter(client, there.counselor).get(reverse("crisis:acute-list")).content.decode()
    with acting_as(there.principal), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crisis_acutecall")
        assert cursor.fetchone()[0] == 0
    with acting_as(second):
        open_case(interview, actor=second, level="red", reason=REASON, until_on=in_days(30))
    assert "没有待定级" in enter(client, here.principal).get(reverse("crisis:acute-list")).content.decode()
    assert chase_acute_talks(timezone.now() + timedelta(hours=2)) == 0


@pytest.mark.django_db
def test_an_acute_talk_gets_its_level_whatever_its_outcome_says(here):
    interview = acute_talk(here, here.students[1], minutes=0)
    with acting_as("system:demo"):
        Interview.objects.filter(pk=interview.pk).update(outcome="watch")
    with acting_as(here.counselor):
        again = Interview.objects.get(pk=interview.pk)
        assert open_case(again, actor=here.counselor, level="orange", reason=REASON, until_on=in_days(30)).pk


def enter(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
