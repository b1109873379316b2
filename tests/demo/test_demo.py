"""The tiny city, played once through the real actions, and what must hold of it."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from assessments.models import Flag, GrowthFile, Interview, Result, Sitting
from crisis.models import Case
from xinyu.access.actor import acting_as
from xinyu.accounts.adapter import StaffAdapter
from xinyu.accounts.demo_people import is_refused, refuse_demo_people
from xinyu.accounts.models import Post, User
from xinyu.audit.entries import record
from xinyu.audit.models import AuditEntry
from xinyu.dashboard.models import Coverage
from xinyu.demo.logins import PASSWORD, logins
from xinyu.demo.play import is_played, play
from xinyu.organisations.models import School
from xinyu.students.models import Student

DEMO = "system:demo"


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker):
    """Played once and committed: a sitting opens only while the duty began before its own transaction did."""
    with django_db_blocker.unblock(), override_settings(DEMO=True, DATABASE_DEMO=settings.DATABASES["default"]):
        students = play("tiny", timezone.localdate())
        yield students
        connection.close()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def city(played, db, settings):
    settings.DEMO = True
    assert played == 300
    return School.objects.get(code="YC0102")


def test_everything_is_there_and_was_done_by_somebody(city):
    with acting_as(DEMO):
        assert Student.objects.count() == GrowthFile.objects.count() == 300
        assert Sitting.objects.filter(screening__state="closed", state="finished").count() > 60
        assert Sitting.objects.filter(screening__state="open", state="finished").count() > 20
        assert Flag.objects.filter(handled_at=None, school=city).exists(), "an open queue"
        assert Case.objects.filter(school=city).count() >= 3
        assert Interview.objects.filter(outcome="case", case=None, school=city).exists(), "one waits for a level"
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
        assert Coverage.objects.filter(school=city, finished__gt=0).exists()
    expected = {
        "students.import_roster",
        "assessments.finish_sitting",
        "assessments.record_interview",
        "crisis.open_case",
    }
    assert expected | {"assessments.approve_scale", "assessments.check_in", "accounts.grant_post"} <= verbs


def test_last_term_lies_in_the_past(city):
    with acting_as(DEMO):
        old = Result.objects.filter(screening__state="closed")
        assert old.count() > 100 and not old.filter(at__date__gte=timezone.localdate()).exists()


def test_counselor_of_the_first_school_sees_hers_and_nobody_elses(city):
    with acting_as(User.objects.get(username="counselor1")):
        assert Student.objects.count() == 180
        assert set(Student.objects.values_list("school_id", flat=True)) == {city.pk}
    with acting_as(User.objects.get(username="county1")):
        assert Student.objects.count() == 0


def test_posts_are_approved_by_a_third_person(city):
    with acting_as(DEMO):
        for post in Post.objects.all():
            assert post.approved_by_id and len({post.user_id, post.granted_by_id, post.approved_by_id}) == 3
        three = Post.objects.filter(role__in=("system_admin", "security_admin", "audit_admin"))
        assert three.values("user").distinct().count() == 3


def test_every_shown_log_in_opens_the_door(city, client):
    names = {name for _, name, _ in logins()}
    assert User.objects.filter(username__in=names, is_demo=True).count() == len(names) == 15
    page = client.get(reverse("account_login")).content.decode()
    assert PASSWORD in page and "counselor1" in page
    assert client.post(reverse("account_login"), {"login": "counselor1", "password": PASSWORD}).status_code == 302


def test_log_ins_open_nothing_outside_a_demo(city, client, settings):
    settings.DEMO = False
    user = User.objects.get(username="counselor1")
    assert is_refused(user)
    answer = client.post(reverse("account_login"), {"login": "counselor1", "password": PASSWORD})
    assert answer.status_code == 200 and PASSWORD not in answer.content.decode()
    assert StaffAdapter().is_open_for_signup(None) is False
    with pytest.raises(Exception, match="log-ins of the demo"):
        refuse_demo_people()


def test_command_refuses_outside_a_demo_and_leaves_data_alone(city, settings, capsys):
    call_command("demo", size="tiny")
    assert "data already" in capsys.readouterr().out and is_played()
    call_command("demo", logins=True)
    assert capsys.readouterr().out.count(PASSWORD) == 15
    settings.DEMO = False
    for options in ({"size": "tiny"}, {"logins": True}):
        with pytest.raises(CommandError, match="no demo"):
            call_command("demo", **options)


def test_half_a_demo_is_named_and_never_taken_for_a_whole_one(db, settings):
    settings.DEMO = True
    with acting_as(DEMO):
        record("demo.begin", subject="demo")
    with pytest.raises(CommandError, match="half way"):
        call_command("demo", size="tiny")
