"""The sweep of obligations: written once by however many sweepers, stops when the fact is there, catches up once."""

import json
from datetime import date, timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from assessments.models import Flag
from crisis.models import Case, ClosingRequest
from tests.assessments.sittings import check_in
from tests.cast import add_post, build, make_user
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post
from xinyu.audit.models import AuditEntry
from xinyu.demo.seasons import CODE, rules_around
from xinyu.reminders.actions.confirming import confirm_check, confirm_record
from xinyu.reminders.actions.settings import SeasonRulesRefused, add_season_setting, check_rules
from xinyu.reminders.actions.sweeping import sweep_causes, sweep_dues
from xinyu.reminders.models import Due, Notice
from xinyu.vault.fields import conceal

SYSTEM = "system:reminders"
MONDAY = date(2026, 11, 23)


@pytest.fixture
def season(here):
    """The county's own season, a week old on MONDAY, and nothing else."""
    start(here, MONDAY)
    return season_at(MONDAY)


def season_at(on):
    return f"{CODE}:{on - timedelta(days=7)}"


def start(world, on):
    rules = rules_around(on) | {"disabled": ["midterm", "final", "entering", "privacy_report"]}
    with acting_as("system:demo"):
        add_season_setting(world.county, rules, None, in_force_from=date(2026, 1, 1))


def dues(**where):
    with acting_as(SYSTEM):
        return list(Due.objects.filter(**where).order_by("pk"))


def notices(user):
    with acting_as(user):
        return list(Notice.objects.all())


@pytest.mark.django_db
def test_sweep_owes_each_post_its_own_and_tells_each_once(here, there, season):
    sweep_dues(MONDAY)
    found = {(due.user_id, due.obligation, due.klass_id) for due in dues(season=season)}
    assert (here.homeroom.pk, "class_check", here.klass.pk) in found
    assert (here.grade_head.pk, "class_check", here.other_klass.pk) in found  # 2班 has no homeroom teacher
    assert (here.counselor.pk, "key_review", None) in found
    assert (here.county_officer.pk, "returns", None) in found
    before = {user.pk: len(notices(user)) for user in here.users.values()}
    assert before[here.homeroom.pk] == 1
    sweep_dues(MONDAY)
    assert {user.pk: len(notices(user)) for user in here.users.values()} == before
    assert not [due for due in dues(user=there.counselor) if due.school_id == here.school.pk]
    with acting_as(here.audit_admin):
        mine = AuditEntry.objects.filter(verb="reminders.sweep_dues", subject=f"organisations_county:{here.county.pk}")
        assert mine.count() == 1


@pytest.mark.django_db
def test_a_school_without_people_is_counted_for_the_county_and_does_not_flood_it(here, season):
    with acting_as("system:demo"):
        Post.objects.filter(school=here.school).update(revoked_at=timezone.now(), revoked_by=here.granter)
    sweep_dues(MONDAY)
    with acting_as(here.county_officer):
        assert Due.objects.filter(klass__isnull=False, user=here.county_officer).count() == 2
        assert not Notice.objects.filter(due__klass__isnull=False).exists()
        assert Notice.objects.filter(due__obligation="returns").count() == 1


@pytest.mark.django_db
def test_fact_stops_the_reminder_at_once(here, season):
    sweep_dues(MONDAY)
    with acting_as(here.homeroom):
        check = confirm_check(here.klass, season, "class_check", 0, actor=here.homeroom, on=MONDAY)
        assert Due.objects.get(klass=here.klass).met_at
    assert check.attention_count == 0
    said = len(notices(here.homeroom))
    for days in range(1, 30):
        sweep_dues(MONDAY + timedelta(days=days))
    assert len(notices(here.homeroom)) == said
    assert all(notice.read_at for notice in notices(here.homeroom))
    assert dues(klass=here.other_klass, met_at__isnull=True)


@pytest.mark.django_db
def test_record_of_the_school_meets_its_own_obligation_only(here, season):
    sweep_dues(MONDAY)
    with acting_as(here.principal):
        confirm_record(here.school, season, "zero_report", {"classes": 2}, actor=here.principal)
    sweep_dues(MONDAY)
    assert not dues(obligation="zero_report", school=here.school, met_at__isnull=True)
    assert dues(obligation="key_review", school=here.school, met_at__isnull=True)


@pytest.mark.django_db
def test_a_stopped_fortnight_is_caught_up_with_one_reminder_each(here, season):
    sweep_dues(MONDAY)
    first = len(notices(here.homeroom))
    sweep_dues(MONDAY + timedelta(days=14))
    assert len(notices(here.homeroom)) == first + 1
    assert len(dues(klass=here.klass, user=here.homeroom)) == 1
    assert dues(klass=here.klass, user=here.grade_head) or dues(klass=here.klass, user=here.moral_head)


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_write_once():
    here = build("甲")
    start(here, MONDAY)
    barrier, failed = Barrier(2), []

    def run():
        try:
            barrier.wait(10)
            sweep_dues(MONDAY)
        except Exception as error:  # noqa: BLE001 - reported below, a thread would swallow it
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert failed == []
    assert len(dues(klass=here.klass)) == 1 and len(notices(here.homeroom)) == 1
    keys = [due.key for due in dues()]
    assert len(keys) == len(set(keys)) and keys


@pytest.mark.django_db
def test_critical_answer_rings_at_every_counselor_once_and_names_nobody(here, there):
    second = make_user("second-counselor")
    with acting_as("system:demo"):
        add_post(second, "counselor", here.school, granter=here.granter, approver=here.approver)
        kid = here.students[0]
        Flag.objects.create(student=kid, level="immediate", source="item", due_at=timezone.now())
    sweep_causes()
    sweep_causes()
    for user in (here.counselor, second):
        rung = [n for n in notices(user) if n.key.startswith("flag-immediate")]
        assert len(rung) == 1 and rung[0].is_urgent
        assert kid.name not in rung[0].title + rung[0].body + rung[0].why
    assert not [n for n in notices(there.counselor) if n.key.startswith("flag")]
    assert not [n for n in notices(here.revoked) if n.key.startswith("flag")]


@pytest.mark.django_db
def test_critical_answer_rings_at_whoever_is_on_duty_now_and_still_holds_a_post(here, there):
    with acting_as("system:demo"):
        Flag.objects.create(student=here.students[0], level="immediate", source="item", due_at=timezone.now())
    now = timezone.now()
    check_in(here, here.moral_head)
    check_in(here, here.revoked)
    check_in(here, here.principal, from_at=now - timedelta(hours=9), until_at=now - timedelta(hours=8))
    check_in(there, there.moral_head)
    sweep_causes()
    sweep_causes()
    (rung,) = notices(here.moral_head)
    assert rung.key.startswith("flag-immediate") and rung.is_urgent and "心理教师" in rung.body
    assert here.students[0].name not in rung.title + rung.body + rung.why
    assert [len(notices(user)) for user in (here.revoked, here.principal, there.moral_head)] == [0, 0, 0]


@pytest.mark.django_db
def test_climbed_flag_closing_request_and_ending_level_are_told(here):
    with acting_as("system:demo"):
        Flag.objects.filter(pk=here.flag.pk).update(climbed_to=here.vice_principal)
        Case.objects.filter(pk=here.case.pk).update(level_until=timezone.localdate() + timedelta(days=3))
        row = ClosingRequest(case=here.case, student=here.students[0], kind="closed", by=here.counselor)
        conceal(row, reason=f"canary-{here.tag}-reason")
        row.save()
    sweep_causes()
    sweep_causes()
    assert [n.key.split("/")[0] for n in notices(here.principal)] == ["closing-request"]
    assert {n.key.split("/")[0] for n in notices(here.vice_principal)} == {"closing-request", "flag-climbed"}
    assert [n.key.split("/")[0] for n in notices(here.counselor)] == ["level-expires"]
    everything = "".join(n.title + n.body + n.why for u in here.users.values() for n in notices(u))
    assert "canary" not in everything and here.students[0].name not in everything and here.case.code not in everything


def test_rules_that_cannot_be_read_are_refused_by_part():
    with pytest.raises(SeasonRulesRefused, match="winter"):
        check_rules({"winter": []})
    with pytest.raises(SeasonRulesRefused, match="重复"):
        check_rules({"custom": [rules_around(MONDAY)["custom"][0] | {"code": "spring"}]})
    with pytest.raises(SeasonRulesRefused, match="写法有误"):
        check_rules({"custom": [{"title": "x"}]})


@pytest.mark.django_db
def test_seasons_command_prints_a_year_and_a_day(here, season):
    out = StringIO()
    call_command("seasons", county=here.county.code, year=2027, stdout=out)
    year = json.loads(out.getvalue())
    assert {row["season"] for row in year} >= {"春季重点排查", "心理健康月"}
    assert all(row["on"].startswith("2027") for row in year)
    out = StringIO()
    call_command("seasons", county=here.county.code, year=2026, on=date(2026, 11, 16), stdout=out)
    assert {row["reason"] for row in json.loads(out.getvalue())} == {"first"}
