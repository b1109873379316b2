"""When home is named as the source of harm: nobody is told, a report is owed, and two hands end it."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crisis.actions.home_harm import ReportValues, lift_suspension, report_harm, suspend_guardian
from crisis.actions.moves import move_case
from crisis.harm import Lifting, clock_words, refuse_lifting
from crisis.models import HomeHarm, MandatoryReport
from crisis.queries.facts import is_guardian_told
from crisis.queries.home_harm import reports_owed
from crisis.refusals import CaseRefusedError
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record_view
from xinyu.audit.models import AuditEntry
from xinyu.reports.actions import HeldBack, request_growth_file
from xinyu.students.actions import record_decision, reveal_guardian_phone
from xinyu.students.holds import held_guardians

from .cases import noted, opened, planned_item

DAY = date(2026, 11, 2)


def lifting(**values):
    return Lifting(**({"set_by": 1, "lifted_by": 2, "team_met_on": DAY, "decision": "可以告知"} | values))


@pytest.mark.parametrize(
    ("values", "is_reported", "word"),
    [
        ({}, True, None),
        ({}, False, "强制报告"),
        ({"lifted_by": 1}, True, "另一人"),
        ({"decision": " "}, True, "书面决定"),
        ({"team_met_on": DAY - timedelta(days=1)}, True, "早于"),
        ({"team_met_on": DAY + timedelta(days=1)}, True, "晚于"),
    ],
)
def test_only_a_written_decision_and_another_hand_end_it(values, is_reported, word):
    said = refuse_lifting(lifting(**values), set_on=DAY, today=DAY, is_reported=is_reported)
    assert said is None if word is None else word in said


def test_the_clock_runs_from_the_moment_the_school_knew():
    known = datetime(2026, 11, 2, 16, 50)
    assert clock_words(known, None, known + timedelta(minutes=20)) == "知悉已 20 分钟，尚未登记报告"
    assert clock_words(known, known + timedelta(hours=3, minutes=5), known) == "知悉后 3 小时 5 分钟报告"


def suspended(world, case, guardian=None, actor=None):
    actor = actor or world.counselor
    with acting_as(actor):
        return suspend_guardian(
            case, actor=actor, guardian=guardian, named="同住的亲戚", reason="canary-依据", known_at=timezone.now()
        )


def reported(world, case, key=None):
    values = ReportValues(timezone.now(), "police", "城东派出所 值班民警", "phone", "A-17", "canary-报告内容")
    with acting_as(world.counselor):
        return report_harm(case, values, actor=world.counselor, key=key)


@pytest.mark.django_db
def test_it_stops_what_goes_home_and_owes_a_report(here):
    kid, case = here.students[0], here.case
    suspended(here, case)
    with acting_as(here.counselor):
        assert held_guardians(kid) == {here.guardian.pk}
        assert is_guardian_told(case), "the guardian clock is stopped"
        assert [row.case_id for row in reports_owed()] == [case.pk]
        assert reveal_guardian_phone(here.guardian, actor=here.counselor) == ""
        with pytest.raises(HeldBack):
            request_growth_file(kid, actor=here.counselor, purpose="监护人申请查阅")
        values = {"purpose": "screening", "channel": "paper", "notice_version": "1", "decided_at": timezone.now()}
        with pytest.raises(PermissionDenied):
            record_decision(kid, here.guardian, decision="given", actor=here.counselor, **values)
    with pytest.raises(CaseRefusedError, match="暂停"):
        noted(here, case, kind="guardian")
    with acting_as("system:demo"):
        entry = AuditEntry.objects.get(verb="crisis.suspend_guardian")
        assert entry.detail == {"case": case.pk, "all": True}


@pytest.mark.django_db
def test_a_follow_up_does_not_wait_for_a_guardian_who_must_not_be_told(here):
    case = opened(here, here.students[1])
    planned_item(here, case)
    suspended(here, case)
    with acting_as(here.counselor):
        move_case(case, "plan", actor=here.counselor)
        assert move_case(case, "follow_up", actor=here.counselor, reason="情况稳定").state == "follow_up"


@pytest.mark.django_db
def test_one_named_guardian_leaves_the_other(here):
    suspended(here, here.case, guardian=here.guardian)
    with acting_as("system:demo"):
        other = type(here.guardian).objects.create(student=here.students[0], name="甲外婆", relation="外婆")
    with acting_as(here.homeroom):
        assert held_guardians(here.students[0]) == {here.guardian.pk} != {other.pk}


@pytest.mark.django_db
def test_a_report_stops_the_clock_once_and_can_not_be_changed(here):
    suspended(here, here.case)
    key = uuid4()
    first, again = reported(here, here.case, key), reported(here, here.case, key)
    assert first.pk == again.pk
    with acting_as(here.counselor):
        assert not reports_owed().exists()
        with pytest.raises(ProgrammingError), transaction.atomic():
            MandatoryReport.objects.filter(pk=first.pk).update(receipt="B")


@pytest.mark.django_db
def test_another_hand_ends_it_after_the_report(here):
    harm = suspended(here, here.case)
    with acting_as(here.principal), pytest.raises(CaseRefusedError, match="强制报告"):
        lift_suspension(here.case, actor=here.principal, decision="可以", team_met_on=timezone.localdate())
    reported(here, here.case)
    with acting_as(here.counselor), pytest.raises(CaseRefusedError, match="另一人"):
        lift_suspension(here.case, actor=here.counselor, decision="可以", team_met_on=timezone.localdate())
    with acting_as(here.principal):
        lift_suspension(here.case, actor=here.principal, decision="可以", team_met_on=timezone.localdate())
        assert held_guardians(here.students[0]) == set()
        assert HomeHarm.objects.get(pk=harm.pk).ended_by_id == here.principal.pk


@pytest.mark.django_db
def test_rows_are_seen_by_whoever_answers_for_the_school_only(here, there):
    suspended(here, here.case)
    reported(here, here.case)
    seen = {}
    people = ("counselor", "principal", "homeroom", "grade_head", "teacher", "county_officer", "system_admin")
    for name, user in [*((role, here.users[role]) for role in people), ("outsider", there.counselor)]:
        with acting_as(user), connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM crisis_homeharm) + (SELECT count(*) FROM crisis_mandatoryreport)"
            )
            seen[name] = cursor.fetchone()[0]
    assert {name for name, count in seen.items() if count} == {"counselor", "principal"}


def page(name, case):
    return reverse(f"crisis:{name}", args=[case.pk])


@pytest.mark.django_db
def test_the_page_leads_there_in_one_click_and_keeps_what_was_typed(here, enter):
    client = enter(here.counselor)
    assert page("guardian-suspend", here.case) in client.get(page("case-page", here.case)).content.decode()
    assert "所有监护人" in client.get(page("guardian-suspend", here.case)).content.decode()
    typed = {"guardian": "all", "named": "", "reason": "写到一半", "known_at": "2026-11-02T16:50"}
    refused = client.post(page("guardian-suspend", here.case), typed)
    assert refused.status_code == 422 and "写到一半" in refused.content.decode()
    typed |= {"named": "同住的亲戚", "known_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}
    assert client.post(page("guardian-suspend", here.case), typed).status_code == 302
    shown = client.get(page("case-page", here.case)).content.decode()
    assert "监护人告知已暂停" in shown and "尚未登记报告" in shown
    assert "强制报告尚未登记 1 件" in client.get("/").content.decode()
    report = {"to": "police", "reported_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "office": "城东派出所"}
    report |= {"channel": "phone", "receipt": "A-17", "content": "报告了情况", "key": str(uuid4())}
    assert client.post(page("report-new", here.case), report).status_code == 302
    shown = client.get(page("case-page", here.case)).content.decode()
    assert "城东派出所" in shown and "A-17" in shown and "尚未登记报告" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["guardian-suspend", "guardian-resume", "report-new"])
def test_the_outsider_and_the_homeroom_teacher_find_nothing(here, there, client, name):
    for user, status in ((there.counselor, 404), (here.homeroom, 403), (here.teacher, 403)):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(page(name, here.case)).status_code == status


@pytest.mark.django_db
def test_the_homeroom_teacher_reads_whom_not_to_phone_and_never_why(here, enter):
    suspended(here, here.case)
    client = enter(here.homeroom)
    shown = client.get(reverse("students:detail", args=[here.students[0].pk])).content.decode()
    assert "暂不联系" in shown and "canary" not in shown and "同住的亲戚" not in shown
    decision = client.get(reverse("students:decision-record", args=[here.students[0].pk])).content.decode()
    assert "监护人联系已暂停" in decision and "甲家长" not in decision


@pytest.mark.django_db
def test_a_reporter_is_in_no_list_of_looks(here, enter):
    with acting_as(here.teacher):
        record_view([here.students[0]], "concerns", purpose="canary-反映")
    for user in (here.principal, here.counselor):
        client = enter(user)
        for address in (reverse("students:who-sees", args=[here.students[0].pk]), reverse("audit:access-log")):
            assert "canary-反映" not in client.get(address).content.decode()


@pytest.mark.django_db
def test_more_reports_ask_no_more_questions(here, enter):
    client = enter(here.counselor)
    suspended(here, here.case)
    client.get(page("case-page", here.case))  # what is read once a process is not counted
    counts = []
    for more in (1, 2):
        for _ in range(more):
            reported(here, here.case)
        with CaptureQueriesContext(connection) as found:
            client.get(page("case-page", here.case))
        counts.append(len(found))
    assert counts[0] == counts[1]
