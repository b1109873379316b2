"""A guardian answers by a code: once, in time, from the telephone on the roster; nothing that leaves carries a name."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions import consent
from assessments.actions import screenings as actions
from assessments.consent import Consent
from assessments.models import ConsentLink
from assessments.models.consent_links import LinkWay
from assessments.queries.screenings import consents, enrolled, standings
from assessments.screening_flow import ScreeningRefused
from tests.assessments.screening_world import approved_scales, decide, end_earlier, plan
from tests.reminders.sinks import HttpSink
from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry
from xinyu.lib.addresses import CodelessFormatter
from xinyu.reminders.delivery import texts
from xinyu.reminders.delivery.addresses import conceal as conceal_address
from xinyu.reminders.delivery.consent_texts import send_consent_links
from xinyu.reminders.delivery.rows import SmsGateway
from xinyu.students.models import ContactHold, Guardian, GuardianDecision
from xinyu.vault.fields import conceal, find_by

pytestmark = pytest.mark.django_db
DOOR = "http://testserver/c/"
PHONE = "13912345678"


def parent(student, name="家长一", phone=PHONE):
    guardian = Guardian(student=student, name=name, relation="母亲", phone_index=find_by("phone", phone))
    conceal(guardian, phone=phone)
    guardian.save()
    return guardian


@pytest.fixture
def screening(here):
    scales = approved_scales(here)
    end_earlier(here)
    with acting_as(here.counselor):
        screening = plan(here, scales, klasses=[here.other_klass], legal_basis="duty")
        parent(here.students[2])
    return screening


def issue(world, screening, way=LinkWay.SLIP):
    with acting_as(world.counselor):
        waiting = standings(screening, enrolled(screening), timezone.localdate())
        return consent.issue_links(screening, waiting, actor=world.counselor, way=way, address=DOOR)


def state(world, screening):
    with acting_as(world.counselor):
        [one] = consents(screening, enrolled(screening), timezone.localdate()).values()
        return one


def test_no_log_and_no_denial_keeps_a_code_that_still_answers(here, screening, caplog):
    [slip] = issue(here, screening)
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/c/{slip.code}/", {}).status_code == 403  # somebody else's page sent it
    assert Client().post(f"/c/{slip.code}/", {}).status_code == 422
    assert any(slip.code in record.getMessage() for record in caplog.records)
    console = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, CodelessFormatter))
    lines = [console.format(record) for record in caplog.records]
    assert any("/c/***/" in line for line in lines) and not any(slip.code in line for line in lines)
    with acting_as(here.audit_admin):
        denied = [entry.detail["path"] for entry in AuditEntry.objects.filter(verb="access.denied")]
    assert denied == ["/c/***/"]


def test_a_slip_counts_once_and_only_with_the_telephone_of_the_roster(here, there, screening):
    [first] = issue(here, screening)
    [slip] = issue(here, screening)
    client = Client()
    assert client.get(f"/c/{first.code}/").status_code == 410
    page = client.get(f"/c/{slip.code}/")
    assert page.status_code == 200 and page["Cache-Control"] == "no-store"
    kid = here.students[2]
    assert kid.name not in page.text and "家长一" not in page.text and "伤害自己" in page.text and "9 题" in page.text
    assert client.post(f"/c/{slip.code}/", {"decision": "given"}).status_code == 422
    wrong = client.post(f"/c/{slip.code}/", {"decision": "given", "phone": "13900000000"})
    assert wrong.status_code == 422 and "不一致" in wrong.text
    assert state(here, screening) is Consent.SILENT
    assert client.post(f"/c/{slip.code.lower()}/", {"decision": "given", "phone": "139 1234 5678"}).status_code == 200
    assert state(here, screening) is Consent.OWN_WORD
    again = client.post(f"/c/{slip.code}/", {"decision": "refused", "phone": PHONE})
    assert "已经答复过" in again.text and state(here, screening) is Consent.OWN_WORD
    with acting_as(here.counselor):
        row = GuardianDecision.objects.get()
        assert (row.channel, row.is_verified, row.notice_version, row.recorded_by) == ("slip", True, "2026-1", None)
    assert issue(here, screening) == []
    with acting_as(there.counselor):
        assert not ConsentLink.objects.exists() and not GuardianDecision.objects.exists()
    with acting_as(here.audit_admin):
        said = AuditEntry.objects.filter(verb="assessments.guardian_said").values_list("actor", "detail__state")
        assert [word for _, word in said] == ["wrong", "done"] and said[0][0] == f"consent:{slip.link.pk}"


def test_a_code_from_before_a_no_cannot_take_it_back(here, screening):
    [slip] = issue(here, screening)
    with acting_as(here.counselor):
        guardian = Guardian.objects.select_related("student").get(name="家长一")
        decide(guardian.student, "refused", guardian)
    assert Client().post(f"/c/{slip.code}/", {"decision": "given", "phone": PHONE}).status_code == 410
    assert state(here, screening) is Consent.REFUSED


@pytest.mark.parametrize("reason", ["expired", "held", "notice", "closed", "tries"])
def test_a_code_is_gone_when_nothing_may_be_asked_any_more(here, screening, reason):
    [slip] = issue(here, screening)
    with acting_as(here.counselor):
        if reason == "held":
            ContactHold.objects.create(student=here.students[2], guardian=None, by=here.counselor)
        elif reason == "notice":
            consent.write_notice(screening, actor=here.counselor, text="新的告知书" * 20, topics=["两题"])
        elif reason == "closed":
            screening.state = "closed"
            screening.save(update_fields=["state"])
        elif reason == "expired":
            ConsentLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        else:
            ConsentLink.objects.update(wrong_tries=5)
    answer = Client().post(f"/c/{slip.code}/", {"decision": "given", "phone": PHONE})
    assert answer.status_code == 410
    with acting_as(here.counselor):
        assert not GuardianDecision.objects.exists()
    assert Client().get("/c/ZZZZZZZZZZ/").status_code == 404


def test_nobody_is_asked_after_a_no_nor_held_nor_without_a_telephone(here, screening):
    kid = here.students[2]
    with acting_as(here.counselor):
        Guardian.objects.create(student=kid, name="没有电话", relation="父亲")
        ContactHold.objects.create(student=kid, guardian=Guardian.objects.get(name="家长一"), by=here.counselor)
    assert issue(here, screening) == []
    with acting_as(here.counselor):
        decide(kid, "refused", Guardian.objects.get(name="没有电话"))
        ContactHold.objects.update(ended_at=timezone.now())
    assert issue(here, screening) == []


def test_the_message_carries_a_code_and_no_name(here, screening):
    with HttpSink() as http:
        with acting_as(here.county_officer):
            gateway = SmsGateway(
                county=here.county, url=f"http://127.0.0.1:{http.port}/send", body="to={phone}&text={text}", headers={}
            )
            conceal_address(gateway, "secret", "s")
            gateway.save()
        [made] = issue(here, screening, LinkWay.CODE)
        assert send_consent_links() == "1 sent, 0 left" and send_consent_links() == "0 sent, 0 left"
        [call] = http.calls
    body = call.body.decode()
    assert PHONE in body and made.code in body and here.students[2].name not in body and "家长一" not in body
    assert Client().post(f"/c/{made.code}/", {"decision": "refused"}).status_code == 200
    assert state(here, screening) is Consent.REFUSED


def test_without_a_gateway_the_counselor_reads_that_it_did_not_go_out(here, screening, enter):
    issue(here, screening, LinkWay.CODE)
    assert send_consent_links() == "0 sent, 1 left"
    page = enter(here.counselor).get(reverse("assessments:screening-consent", args=[screening.pk])).text
    assert "没有发出 1" in page


def test_only_an_address_and_a_code_go_into_the_text():
    assert "ABCDE23456" in texts.consent_text("https://xinyu.example.org/c/", "ABCDE23456", 7)
    for address, code in (("https://x.org/c/张三/", "ABCDE23456"), ("https://x.org/c/", "张三")):
        with pytest.raises(ValueError, match="only the address"):
            texts.consent_text(address, code, 7)


def test_the_counselor_writes_the_notice_prints_slips_and_sends(here, there, screening, enter):
    pages = {name: reverse(f"assessments:{name}", args=[screening.pk]) for name in ("notice-write", "consent-send")}
    slips = reverse("assessments:consent-slips", args=[screening.pk, here.other_klass.pk])
    for user, status in ((there.counselor, 404), (here.homeroom, 403), (here.principal, 403)):
        client = enter(user)
        assert client.get(pages["notice-write"]).status_code == status
        assert client.post(pages["consent-send"]).status_code == status == client.post(slips).status_code
    client = enter(here.counselor)
    assert "伤害自己" in client.get(pages["notice-write"]).text
    assert "太短" in client.post(pages["notice-write"], {"text": "短", "topics": "x"}).text
    assert client.post(pages["notice-write"], {"text": "告知内容。" * 20, "topics": "一条\n\n两条"}).status_code == 302
    with acting_as(here.counselor):
        screening.refresh_from_db()
        assert screening.notice_version == f"S{screening.pk}-1"
    pdf = client.post(slips)
    assert pdf["Content-Type"] == "application/pdf" and "no-store" in pdf["Cache-Control"]
    assert client.post(pages["consent-send"]).status_code == 302
    with acting_as(here.counselor):
        assert sorted(ConsentLink.objects.values_list("way", flat=True)) == ["code", "slip"]
        actions.invite_students(screening, actor=here.counselor)
        actions.move_screening(screening, "open", actor=here.counselor)
        with pytest.raises(ScreeningRefused, match="不能再改"):
            consent.write_notice(screening, actor=here.counselor, text="x" * 90, topics=[])
