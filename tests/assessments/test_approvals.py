"""A second screening in a school year: kept shut until somebody else at the county has approved exactly this plan."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions import approvals
from assessments.actions import screenings as actions
from assessments.models import ScreeningApproval
from assessments.screening_flow import ScreeningRefused
from tests.assessments.screening_world import approved_scales, plan
from tests.cast import add_post
from xinyu.access.actor import acting_as

pytestmark = pytest.mark.django_db
REASON = "上次测评后发生了突发事件，需要了解学生现状。"


@pytest.fixture
def second(here):
    """A draft of a second screening: the cast's first student has one that runs."""
    scales = approved_scales(here)
    with acting_as(here.counselor):
        screening = plan(here, scales, legal_basis="duty")
        actions.invite_students(screening, actor=here.counselor)
    return screening


def ask(world, screening):
    with acting_as(world.counselor):
        return approvals.ask_approval(screening, actor=world.counselor, reason=REASON)


def answer(officer, row, **values):
    given = {"is_granted": True, "note": "同意，注意控制题量。", "until_on": timezone.localdate()} | values
    with acting_as(officer):
        return approvals.decide_approval(row, actor=officer, **given)


def opened(world, screening):
    with acting_as(world.counselor):
        return actions.move_screening(screening, "open", actor=world.counselor)


def test_it_opens_only_with_an_approval_of_this_plan_that_has_not_expired(here, second):
    with pytest.raises(ScreeningRefused, match="还没有向县区"):
        opened(here, second)
    row = ask(here, second)
    with pytest.raises(ScreeningRefused, match="等待批准"):
        opened(here, second)
    with pytest.raises(ScreeningRefused, match="已经申请过"):
        ask(here, second)
    answer(here.county_officer, row)
    with pytest.raises(ScreeningRefused, match="已经有人答复"):
        answer(here.county_officer, row)
    with acting_as(here.counselor):
        values = {"title": "改了时间", "opens_at": second.opens_at, "closes_at": second.closes_at + timedelta(days=1)}
        same = {"scales": second.scales.all(), "klasses": [here.klass, here.other_klass], "legal_basis": "duty"}
        actions.edit_screening(second, actor=here.counselor, **values, **same)
    with pytest.raises(ScreeningRefused, match="有改动"):
        opened(here, second)
    refused = answer(here.county_officer, ask(here, second), is_granted=False, note="本学期已测")
    assert refused.until_on is None
    with pytest.raises(ScreeningRefused, match="没有批准"):
        opened(here, second)
    answer(here.county_officer, ask(here, second))
    assert opened(here, second).state == "open"


def test_nobody_answers_her_own_request_nor_another_countys(here, there, second):
    row = ask(here, second)
    with pytest.raises(PermissionDenied):
        answer(here.counselor, row)
    with pytest.raises(ScreeningApproval.DoesNotExist):
        answer(there.county_officer, row)
    with acting_as("system:demo"):
        add_post(
            here.counselor,
            "county_officer",
            here.county,
            granter=here.things["granter"],
            approver=here.things["approver"],
        )
    with pytest.raises(ScreeningRefused, match="另一个人"):
        answer(here.counselor, row)
    with acting_as(here.counselor), pytest.raises(IntegrityError), transaction.atomic():
        ScreeningApproval.objects.filter(pk=row.pk).update(decided_by=here.counselor)


def test_a_sitting_that_nobody_began_in_a_screening_that_is_over_does_not_count(here, second):
    with acting_as(here.counselor):
        actions.move_screening(here.screening, "close", actor=here.counselor)
    assert opened(here, second).state == "open"


def test_the_school_asks_and_the_officer_answers_on_their_pages(here, there, second, enter):
    url = reverse("assessments:screening-detail", args=[second.pk])
    ask_url = reverse("assessments:approval-ask", args=[second.pk])
    assert enter(there.counselor).post(ask_url, {"reason": REASON}).status_code == 404
    school = enter(here.counselor)
    assert "须经县区批准" in school.get(url).text
    assert "至少 10 个字" in school.post(ask_url, {"reason": "再测"}).text
    assert school.post(ask_url, {"reason": REASON}).status_code == 302
    assert "等待批准" in school.get(url).text
    with acting_as(here.county_officer):
        row = ScreeningApproval.objects.get()
    page = reverse("assessments:approval-decide", args=[row.pk])
    assert enter(there.county_officer).get(page).status_code == 404
    assert enter(here.counselor).get(page).status_code == 403
    officer = enter(here.county_officer)
    shown = officer.get(page).text
    assert REASON in shown and "甲普测" in shown and "甲同学" not in shown
    late = officer.post(page, {"is_granted": "yes", "note": "同意开展测评", "until_on": "2020-01-01"})
    assert late.status_code == 422 and "180 天" in late.text
    until = f"{timezone.localdate():%Y-%m-%d}"
    assert officer.post(page, {"is_granted": "yes", "note": "同意开展测评", "until_on": until}).status_code == 302
    assert officer.post(page, {"is_granted": "no", "note": "反悔了不同意"}).status_code == 409
    assert "须经县区批准" not in enter(here.counselor).get(url).text


def test_the_officers_list_asks_no_more_for_more_requests(here, enter):
    client, counts, scales = enter(here.county_officer), [], approved_scales(here)
    url = reverse("assessments:approval-list")
    client.get(url)
    for size in (1, 2):
        with acting_as(here.counselor):
            for _ in range(size):
                screening = plan(here, scales)
                approvals.ask_approval(screening, actor=here.counselor, reason=REASON)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).text.count("等待答复") == sum((1, 2)[: (1, 2).index(size) + 1])
        counts.append(len(caught))
    assert counts[0] == counts[1]
