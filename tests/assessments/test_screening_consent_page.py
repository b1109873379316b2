"""The page of consent: a conflict and silence with whom to ask; for the counselor of the school alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.actions import screenings as actions
from tests.assessments.screening_world import approved_scales, decide, plan
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry
from xinyu.students.models import ContactHold, Guardian

pytestmark = pytest.mark.django_db


def parent(student, name, **values):
    return Guardian.objects.create(student=student, name=name, relation="家长", **values)


@pytest.fixture
def screening(here):
    scales = approved_scales(here)
    with acting_as(here.counselor):
        return plan(here, scales)


def test_conflict_silence_and_refusal_stand_apart_and_a_withheld_guardian_is_not_asked(here, there, screening, enter):
    first, second, third = here.students
    with acting_as(here.counselor):
        decide(first, "given", parent(first, "赵一"))
        decide(first, "refused", parent(first, "钱二"))
        decide(second, "refused", parent(second, "孙三"))
        parent(second, "不必再问")
        parent(third, "李四")
        ContactHold.objects.create(student=third, guardian=parent(third, "周五"), by=here.counselor)
    url = reverse("assessments:screening-consent", args=[screening.pk])
    page = enter(here.counselor).get(url).text
    assert "意见不一致（1 人）" in page and "回复（1 人）" in page and "已撤回（1 人）" in page
    assert "待回复：李四" in page and "周五" not in page and "不必再问" not in page and "赵一" not in page
    with acting_as(here.counselor):
        assert AccessEntry.objects.filter(what="screening_consent").count() == 3
    assert enter(there.counselor).get(url).status_code == 404
    for role in ("homeroom", "principal", "county_officer"):
        assert enter(here.users[role]).get(url).status_code == 403


def test_a_withdrawal_after_handing_in_keeps_what_was_handed_in_and_a_late_conflict_takes_the_waiting_out(
    here, screening
):
    first, second, _ = here.students
    with acting_as(here.counselor):
        mother, other = parent(first, "赵一"), parent(second, "孙三")
        decide(first, "given", mother)
        decide(second, "given", other)
        actions.invite_students(screening, actor=here.counselor)
        screening.sittings.filter(student=first).update(state="finished")
        decide(first, "withdrawn", mother)
        decide(second, "refused", parent(second, "父亲"))
        assert actions.invite_students(screening, actor=here.counselor).taken_out == 1
        states = dict(screening.sittings.values_list("student_id", "state"))
        assert (states[first.pk], states[second.pk]) == ("finished", "exempt")


def test_the_page_asks_no_more_for_more_students(here, screening, enter):
    url, counts = reverse("assessments:screening-consent", args=[screening.pk]), []
    client = enter(here.counselor)
    client.get(url)
    for size in (1, 30):
        with acting_as(here.counselor):
            for n in range(size):
                parent(make_student(here.klass, f"{size}-{n}", f"同学{n}"), f"家长{n}")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 30
