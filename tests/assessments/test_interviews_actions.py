"""Flags and interviews: handled once, one transaction, one audit entry; climbing inside the school only."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from assessments.actions.climbing import climb_flags
from assessments.actions.interviews import (
    AlreadyHandledError,
    acknowledge_flag,
    mark_seen,
    record_interview,
)
from assessments.models import Flag, Interview, TimelineEntry
from tests.assessments.sittings import check_in
from tests.cast import add_post, make_user
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post, User
from xinyu.audit.models import AuditEntry
from xinyu.reminders.delivery.actions import add_absence
from xinyu.vault.fields import reveal

pytestmark = pytest.mark.django_db


def interview(world, **values):
    given = {"at": timezone.now(), "outcome": "no_concern", "summary": "说了最近的事"} | values
    return record_interview(world.students[0], actor=world.counselor, **given)


def audited(world, verb):
    with acting_as(world.audit_admin):
        return AuditEntry.objects.filter(verb=verb).count()


def test_an_interview_answers_every_open_flag_at_once(here, there):
    with acting_as("system:demo"):
        Flag.objects.create(student=here.students[0], level="talk", source="talk", due_at=timezone.now())
    with acting_as(here.counselor):
        held = interview(here)
        assert Flag.objects.filter(handled_at__isnull=True).count() == 0
        assert set(Flag.objects.values_list("interview_id", flat=True)) == {held.pk}
        assert reveal(held, "summary") == "说了最近的事"
        entry = TimelineEntry.objects.get(kind="interview")
        assert (entry.is_shared, entry.source) == (False, f"assessments_interview:{held.pk}:held")
    assert audited(here, "assessments.record_interview") == 1
    with acting_as(there.counselor):
        assert Flag.objects.filter(handled_at__isnull=True).count() == 1


def test_a_flag_raised_while_writing_stays_open(here):
    with acting_as("system:demo"):
        late = Flag.objects.create(
            student=here.students[0], level="immediate", source="item", item=9, scale="PHQ-9", due_at=timezone.now()
        )
    with acting_as(here.counselor):
        interview(here, flag_ids=[here.flag.pk])
        assert [flag.pk for flag in Flag.objects.filter(handled_at__isnull=True)] == [late.pk]


def test_the_second_counselor_is_told_and_nothing_is_written_twice(here):
    with acting_as(here.counselor):
        interview(here, flag_ids=[here.flag.pk])
    with acting_as(here.counselor):
        before = Interview.objects.count()
        with pytest.raises(AlreadyHandledError, match="甲counselor"), transaction.atomic():
            interview(here, flag_ids=[here.flag.pk])
        assert Interview.objects.count() == before
    assert audited(here, "assessments.record_interview") == 1


def test_watch_until_is_kept_only_for_watching(here):
    day = timezone.localdate() + timedelta(days=14)
    with acting_as(here.counselor):
        assert interview(here, outcome="watch", watch_until=day).watch_until == day
        assert interview(here, outcome="support", watch_until=day).watch_until is None


def test_opening_marks_unread_flags_once(here):
    with acting_as(here.counselor):
        assert mark_seen(here.students[0], actor=here.counselor) == 1
        assert mark_seen(here.students[0], actor=here.counselor) == 0
        assert Flag.objects.get().seen_by == here.counselor
    assert audited(here, "assessments.open_flags") == 1


def test_flags_climb_by_the_clock_to_people_of_the_same_school(here, there):
    with acting_as("system:demo"):
        deputy = make_user("deputy-甲", "甲代理")
        add_post(deputy, "counselor", here.school, granter=here.granter, approver=here.approver)
        Flag.objects.exclude(school_id=here.school.pk).update(
            handled_at=None, due_at=timezone.now() + timedelta(days=9)
        )
        Flag.objects.filter(pk=here.flag.pk).update(due_at=timezone.now() + timedelta(days=1))
    raised = here.flag.raised_at

    def stands_with():
        with acting_as("system:triage"):
            return Flag.objects.get(pk=here.flag.pk).climbed_to

    assert climb_flags(raised + timedelta(minutes=59)) == 0
    for minutes, who in ((61, deputy), (121, here.vice_principal), (181, here.principal)):
        climb_flags(raised + timedelta(minutes=minutes))
        assert stands_with() == who
    assert climb_flags(raised + timedelta(minutes=182)) == 0
    assert audited(here, "assessments.climb_flag") >= 3
    with acting_as(here.principal):
        assert list(Flag.objects.values_list("pk", flat=True)) == [here.flag.pk]
        assert acknowledge_flag(Flag.objects.get(), actor=here.principal) is True
    with acting_as(here.county_officer):
        assert not Flag.objects.exists()


def test_a_flag_climbs_past_whoever_is_on_leave_or_whose_account_is_closed(here):
    today = timezone.localdate()
    with acting_as("system:demo"):
        away, closed, there = (make_user(f"deputy-{n}", f"代理{n}") for n in range(3))
        for user in (away, closed, there):
            add_post(user, "counselor", here.school, granter=here.granter, approver=here.approver)
        User.objects.filter(pk=closed.pk).update(is_active=False)
        Flag.objects.filter(pk=here.flag.pk).update(due_at=timezone.now() + timedelta(days=1))
    with acting_as(away):
        add_absence(away, here.counselor.pk, today, today, today=today)
    climb_flags(here.flag.raised_at + timedelta(minutes=61))
    with acting_as("system:triage"):
        assert Flag.objects.get(pk=here.flag.pk).climbed_to == there
    with acting_as(here.vice_principal):  # nobody else is at that rung: an alert beats silence
        add_absence(here.vice_principal, here.counselor.pk, today, today, today=today)
    climb_flags(here.flag.raised_at + timedelta(minutes=121))
    with acting_as("system:triage"):
        assert Flag.objects.get(pk=here.flag.pk).climbed_to == here.vice_principal


def flag_of(world, level):
    with acting_as("system:demo"):
        return Flag.objects.create(
            student=world.students[0], level=level, source="item", due_at=timezone.now() + timedelta(days=1)
        )


def climbed_to(flag):
    with acting_as("system:triage"):
        return Flag.objects.get(pk=flag.pk).climbed_to


def be_away(user, deputy):
    today = timezone.localdate()
    with acting_as(user):
        add_absence(user, deputy.pk, today, today, today=today)


def test_pressing_flags_do_not_wait_for_a_counselor_who_is_not_there(here, there):
    now, sameday, talk = flag_of(here, "immediate"), flag_of(here, "same_day"), flag_of(here, "talk")
    elsewhere = flag_of(there, "immediate")
    climb_flags()
    assert climbed_to(now) is None  # she is there
    be_away(here.counselor, here.moral_head)
    check_in(here, here.revoked)  # a check-in without a post counts for nothing
    climb_flags()
    assert [climbed_to(flag) for flag in (now, sameday, talk)] == [here.vice_principal, here.vice_principal, None]
    assert climbed_to(elsewhere) is None
    check_in(here, here.moral_head)
    later = flag_of(here, "same_day")
    climb_flags()
    assert climbed_to(later) == here.moral_head  # who is on duty stands before the leaders
    assert climbed_to(now) == here.vice_principal  # what a leader has does not come down again


def test_a_leader_on_duty_who_does_not_answer_is_passed_like_a_deputy(here):
    flag = flag_of(here, "immediate")
    be_away(here.counselor, here.principal)
    check_in(here, here.principal)
    for minutes, who in ((0, here.principal), (21, here.vice_principal), (31, here.principal)):
        climb_flags(timezone.now() + timedelta(minutes=minutes))
        assert climbed_to(flag) == who


def test_a_counselor_on_duty_is_there_although_her_leave_says_otherwise(here):
    flag = flag_of(here, "immediate")
    be_away(here.counselor, here.moral_head)
    check_in(here)
    climb_flags()
    assert climbed_to(flag) is None


def test_a_school_without_a_counselor_loses_no_minute(here):
    flag = flag_of(here, "immediate")
    with acting_as("system:demo"):
        Post.objects.filter(user=here.counselor).update(revoked_at=timezone.now(), revoked_by=here.granter)
    climb_flags()
    assert climbed_to(flag) == here.vice_principal


def test_a_handled_flag_does_not_climb(here):
    with acting_as(here.counselor):
        interview(here)
    climb_flags(timezone.now() + timedelta(days=2))
    with acting_as("system:triage"):
        assert Flag.objects.get(pk=here.flag.pk).climbed_to is None
