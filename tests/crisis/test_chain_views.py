"""Pages of the duty clock: one tap for whoever is told, the clock of a case, the bureau's hand-overs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crisis.actions.chain import climb_chains
from crisis.models import ChainStep, Handover
from tests.crisis.cases import opened
from xinyu.access.actor import acting_as


@pytest.fixture
def red(here, there):
    return opened(here, here.students[1], level="red", reason="canary-reason")


def text(response):
    return response.content.decode()


def test_a_homeroom_teacher_sees_name_and_task_and_no_level(here, red, enter):
    client = enter(here.homeroom)
    page = text(client.get("/cases/steps/"))
    assert here.students[1].name in page
    assert "需要您配合" in page
    assert not any(word in page for word in ("红色", "一级", "canary-reason", red.code))
    with acting_as(here.homeroom):
        step = ChainStep.objects.get()
    assert client.get(f"/cases/{red.pk}/clock/").status_code == 403
    assert client.post(f"/cases/steps/{step.pk}/known/").status_code == 302
    client.post(f"/cases/steps/{step.pk}/acted/")
    assert "没有等着您的联动任务" in text(client.get("/cases/steps/"))
    with acting_as(here.homeroom):
        step.refresh_from_db()
    assert step.acknowledged_at < step.acted_at


def test_nobody_answers_for_another(here, there, red, enter):
    with acting_as("system:triage"):
        step = ChainStep.objects.get(case=red, role="vice_principal")
    for other in (here.homeroom, here.counselor, there.counselor):
        assert enter(other).post(f"/cases/steps/{step.pk}/known/").status_code == 404
    assert here.students[1].name not in text(enter(there.counselor).get("/cases/steps/"))
    assert enter(there.counselor).get(f"/cases/{red.pk}/clock/").status_code == 404


def test_the_clock_of_a_case_says_who_was_told(here, red, enter):
    climb_chains(timezone.now() + timedelta(minutes=16))
    page = text(enter(here.counselor).get(f"/cases/{red.pk}/clock/"))
    for word in ("甲vice_principal", "甲principal", "已上移", "15 分钟内确认"):
        assert word in page


def test_the_bureau_reads_acknowledges_guides_and_hands_back(here, there, red, enter):
    climb_chains(timezone.now() + timedelta(minutes=31))
    with acting_as("system:triage"):
        url = f"/cases/handovers/{Handover.objects.get(case=red).pk}/"
    client = enter(here.county_officer)
    assert here.school.name in text(client.get("/cases/handovers/"))
    page = text(client.get(url))
    assert "没有学生身份" in page
    assert not any(word in page for word in (here.students[1].name, "canary-reason", red.code))
    assert client.post(f"{url}guidance/", {"body": ""}).status_code == 422
    assert client.post(f"{url}acknowledge/").status_code == 302
    assert client.post(f"{url}guidance/", {"body": "请先联系监护人"}).status_code == 302
    assert "请先联系监护人" in text(client.get(url))
    assert enter(there.county_officer).get(url).status_code == 404
    assert enter(here.principal).get(url).status_code == 403
    assert "请先联系监护人" in text(enter(here.principal).get(f"/cases/{red.pk}/clock/"))
    client = enter(here.county_officer)
    client.post(f"{url}return/")
    assert client.get(url).status_code == 404


def test_the_principal_hands_over_with_a_reason(here, red, enter):
    client = enter(here.principal)
    assert client.post(f"/cases/{red.pk}/handover/", {"reason": ""}).status_code == 422
    assert client.post(f"/cases/{red.pk}/handover/", {"reason": "请派专家"}).status_code == 302
    assert enter(here.counselor).get(f"/cases/{red.pk}/handover/").status_code == 403
    with acting_as("system:triage"):
        url = f"/cases/handovers/{Handover.objects.get(case=red).pk}/"
    client = enter(here.county_officer)
    assert here.students[1].name not in text(client.get(url))  # nobody of the bureau has signed for it
    client.post(f"{url}acknowledge/")
    page = text(client.get(url))
    assert here.students[1].name in page
    assert "请派专家" in page


def test_today_puts_it_first(here, red, enter):
    page = text(enter(here.homeroom).get("/"))
    assert "现在需要您知晓并配合 1 人" in page
    climb_chains(timezone.now() + timedelta(minutes=31))
    assert "学校移交" in text(enter(here.county_officer).get("/"))


def test_queries_do_not_grow_with_tasks(here, enter):
    client, counts = enter(here.grade_head), []
    client.get("/cases/steps/")
    for number in (1, 2):
        opened(here, here.students[number], level="red")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/cases/steps/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]
