"""Two signatures: under a lowering, a closing, a 未证实; proved anew, verified later, blocked and said why without."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from crisis.actions.moves import move_case
from crisis.models import Case, ClosingRequest, LoweringRequest
from crisis.refusals import CaseRefusedError
from xinyu.access.actor import acting_as
from xinyu.audit.models import Signature
from xinyu.audit.signing import verify_signature

from .cases import in_days, met, opened, planned_item
from .test_actions import walk_to_follow_up
from .test_acute import enter

pytestmark = pytest.mark.django_db
PASSWORD = "quiet-river-42"


def lowering(level="yellow"):
    today = timezone.localdate().isoformat()
    return {"level": level, "reason": "研判会意见", "until_on": in_days(30).isoformat(), "team_met_on": today}


def test_a_lowering_is_signed_by_two_and_the_page_says_what_is_missing(here, client):
    case = opened(here, here.students[1], level="orange")
    page = reverse("crisis:case-page", args=[case.pk])
    met(here, case, level="yellow")
    enter(client, here.counselor).post(reverse("crisis:lowering-new", args=[case.pk]), lowering())
    shown = client.get(page).content.decode()
    assert "还缺第二人的签字" in shown and "橙色（二级）" in shown
    with acting_as(here.counselor):
        asked = LoweringRequest.objects.get(case=case)
        [first] = Signature.objects.filter(purpose="lowering")
        assert first.user_id == here.counselor.pk and verify_signature(first).is_unchanged
    decide = reverse("crisis:lowering-decide", args=[case.pk, asked.pk])
    assert enter(client, here.counselor).post(decide, {"decision": "accept"}).status_code == 409
    with acting_as(here.counselor):
        assert Case.objects.get(pk=case.pk).level == "orange"
        assert Signature.objects.filter(purpose="lowering").count() == 1
    enter(client, here.principal).post(decide, {"decision": "accept"})
    shown = client.get(page).content.decode()
    assert "降级与结案的签字" in shown and here.counselor.name in shown and first.code in shown
    with acting_as(here.principal):
        assert Case.objects.get(pk=case.pk).level == "yellow"
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            LoweringRequest.objects.filter(pk=asked.pk).update(until_on=in_days(99))
        verdict = verify_signature(Signature.objects.get(pk=first.pk))
        assert verdict.is_genuine and verdict.is_unchanged, "what was signed cannot be written over"


@pytest.mark.parametrize("name", ["propose_closing", "doubt"])
def test_a_closing_is_signed_by_two(here, name):
    case = opened(here, here.students[1])
    walk_to_follow_up(here, case)
    with acting_as(here.counselor):
        move_case(case, name, actor=here.counselor, reason="目标达到")
    with acting_as(here.vice_principal):
        move_case(case, {"propose_closing": "close", "doubt": "dismiss"}[name], actor=here.vice_principal)
        rows = Signature.objects.filter(purpose="closing").order_by("pk")
        assert [row.user_id for row in rows] == [here.counselor.pk, here.vice_principal.pk]
        assert len({row.digest for row in rows}) == 1, "both signed the same words"
        assert all(verify_signature(row).is_unchanged for row in rows)


def test_a_request_without_its_first_signature_is_not_decided(here):
    case = opened(here, here.students[1])
    with acting_as(here.counselor):
        move_case(case, "doubt", actor=here.counselor, reason="误报")
    with acting_as(here.vice_principal):
        ClosingRequest.objects.filter(case=case).update(decided_at=timezone.now(), is_accepted=False)
        again = ClosingRequest(case=case, student_id=case.student_id, kind="unconfirmed", by=here.vice_principal)
        again.save()
    with acting_as(here.principal), pytest.raises(CaseRefusedError, match="提出人的签字不在"):
        move_case(case, "dismiss", actor=here.principal)


def test_signing_asks_again_who_it_is_and_keeps_what_was_typed(here, client):
    case = opened(here, here.students[1], level="orange")
    met(here, case, level="yellow")
    planned_item(here, case)
    user = here.counselor
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    client.post("/account/login/", {"login": user.username, "password": PASSWORD})
    page, doubt = reverse("crisis:lowering-new", args=[case.pk]), reverse("crisis:case-move", args=[case.pk, "doubt"])
    for url in (page, doubt):
        asked = client.get(url)
        assert asked.status_code == 302 and asked.url.startswith("/account/reauthenticate/")
    assert client.get(reverse("crisis:case-move", args=[case.pk, "plan"])).status_code == 200, "daily work asks nothing"
    refused = client.post(page, lowering() | {"reason": "写了很久的理由"})
    assert refused.status_code == 409 and "写了很久的理由" in refused.content.decode()
    assert "确认是您本人" in refused.content.decode()
    with acting_as(user):
        assert not LoweringRequest.objects.filter(case=case).exists()
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.post(page, lowering()).status_code == 302
