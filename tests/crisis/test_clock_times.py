"""A county sets the times of the duty clock on a page: never so long that nobody comes, never for runs under way."""

import pytest
from django.urls import reverse

from crisis.actions.clock_times import with_times
from crisis.chain import load_clocks
from crisis.models import ChainStep
from crisis.queries.chain import clock_of, clock_of_run
from crisis.refusals import CaseRefusedError
from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry

from .cases import opened
from .test_acute import enter

PAGE = "crisis:clock-times"


def usual():
    return {
        (clock.colour, rung.code): (rung.acknowledge, rung.act)
        for clock in load_clocks().values()
        for rung in clock.rungs
    }


def data(**changed):
    found = {}
    for (colour, code), (acknowledge, act) in usual().items():
        found[f"{colour}-{code}-acknowledge"], found[f"{colour}-{code}-act"] = acknowledge, act
    return found | changed


@pytest.mark.parametrize("times", [(0, 120), (121, 120), (61, 120), (15, 481)])
def test_times_that_would_leave_a_student_alone_are_refused(times):
    with pytest.raises(CaseRefusedError, match="学校"):
        with_times(load_clocks(), usual() | {("red", "school"): times}, "x", "x")
    changed = with_times(load_clocks(), usual() | {("red", "school"): (60, 480)}, "x-1", "x")["red"].rungs[1]
    assert (changed.acknowledge, changed.act) == (60, 480)


@pytest.mark.django_db
def test_new_runs_go_by_the_new_times_and_those_under_way_by_their_own(here, there, client):
    before = opened(here, here.students[1], level="red")
    client = enter(client, here.county_officer)
    page = reverse(PAGE)
    assert "默认：15 分钟内确认" in client.get(page).content.decode()
    refused = client.post(page, data(**{"red-at_once-acknowledge": 90}))
    assert refused.status_code == 422 and "最多 1 小时" in refused.content.decode()
    assert 'value="90"' in refused.content.decode(), "what was typed stays"
    assert client.post(page, data(**{"red-at_once-acknowledge": ""})).status_code == 422
    assert client.post(page, data(**{"red-at_once-acknowledge": 5})).status_code == 302
    with acting_as("system:reminders"):
        here.county.refresh_from_db()
        assert clock_of(here.county, "red").rungs[0].acknowledge == 5
        assert clock_of(there.county, "red").rungs[0].acknowledge == 15
        run = clock_of_run(here.county, "red", list(ChainStep.objects.filter(case=before)))
        assert run.rungs[0].acknowledge == 15
    after = opened(here, here.students[2], level="red")
    with acting_as("system:reminders"):
        step = ChainStep.objects.filter(case=after).first()
        assert round((step.acknowledge_by - step.opens_at).total_seconds()) == 300
    assert f"{here.county.code}-1 版" in client.get(page).content.decode()
    with acting_as(here.audit_admin):
        assert AuditEntry.objects.filter(verb="crisis.set_clock_times").count() == 1
    for role in ("counselor", "principal", "city_officer"):
        assert enter(client, here.users[role]).get(page).status_code == 403
