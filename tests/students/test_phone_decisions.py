"""A yes on the telephone counts once a second person, who listened, says so; a no counts at once."""

import pytest
from django.db import IntegrityError, transaction

from xinyu.access.actor import acting_as
from xinyu.students import actions
from xinyu.students.models import GuardianDecision

pytestmark = pytest.mark.django_db


def told(world, **values):
    given = {"purpose": "screening", "decision": "given", "channel": "phone", "notice_version": "2026-1"}
    given |= {"decided_at": world.screening.opens_at, "is_verified": True, "witness": world.homeroom}
    with acting_as(world.counselor):
        return actions.record_decision(world.students[0], world.guardian, actor=world.counselor, **given | values)


def test_a_yes_needs_two_people_and_only_the_named_one_confirms_it_once(here, there):
    with pytest.raises(actions.DecisionRefused, match="另一位"):
        told(here, witness=None)
    with pytest.raises(actions.DecisionRefused, match="另一位"):
        told(here, witness=here.counselor)
    row = told(here)
    assert not row.is_verified
    for other in (here.counselor, here.principal):
        with acting_as(other), pytest.raises(actions.DecisionRefused, match="不是请您"):
            actions.confirm_decision(row, actor=other)
    with acting_as(there.counselor):
        assert not GuardianDecision.objects.exists()
    with acting_as(here.homeroom):
        second = actions.confirm_decision(GuardianDecision.objects.get(), actor=here.homeroom)
        assert second.is_verified and second.decided_at == row.decided_at and second.recorded_by == here.homeroom
        with pytest.raises(actions.DecisionRefused, match="已经确认"):
            actions.confirm_decision(row, actor=here.homeroom)
    with acting_as(here.counselor), pytest.raises(IntegrityError), transaction.atomic():
        told(here, decision="refused")
        row.pk, row.witness = None, here.counselor
        row.save(force_insert=True)


def test_a_no_on_the_telephone_counts_at_once(here):
    row = told(here, decision="refused", witness=None)
    assert row.is_verified and row.witness is None


def test_the_pages_ask_for_the_second_person_and_show_her_what_to_confirm(here, there, enter):
    url = f"/students/{here.students[0].pk}/decision/"
    data = {
        "guardian": here.guardian.pk, "purpose": "screening", "decision": "given", "channel": "phone",
        "notice_version": "2026-1", "decided_at": "2026-01-05T08:00", "is_verified": "on",
    }  # fmt: skip
    client = enter(here.counselor)
    refused = client.post(url, data)
    assert refused.status_code == 422 and "另一位老师" in refused.text
    assert client.post(url, data | {"witness": there.homeroom.pk}).status_code == 422
    assert client.post(url, data | {"witness": here.homeroom.pk}).status_code == 302
    assert "没有等待确认" in client.get("/students/decisions/").text
    client = enter(here.homeroom)
    assert "请确认您在场听到的电话决定 1 条" in client.get("/").text
    assert "甲同学1" in client.get("/students/decisions/").text
    with acting_as(here.homeroom):
        row = GuardianDecision.objects.get()
    assert enter(here.principal).post(f"/students/decisions/{row.pk}/confirm/").status_code == 404
    assert enter(here.homeroom).post(f"/students/decisions/{row.pk}/confirm/").status_code == 302
    assert "没有等待确认" in enter(here.homeroom).get("/students/decisions/").text
    with acting_as(here.counselor):
        assert GuardianDecision.objects.filter(is_verified=True).count() == 1
