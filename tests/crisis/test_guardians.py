"""Telling the guardian: the clock, the contact that alone meets it, how it is confirmed, and what a hold stops."""

import base64
import hashlib
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw
from pypdf import PdfReader

from assessments.actions.concerns import match_reports, tell_concern
from assessments.models import ConcernEntry
from crisis.actions.guardians import ContactValues, record_contact
from crisis.actions.home_harm import lift_suspension
from crisis.actions.home_question import ask_about_new_concerns, deny_home
from crisis.actions.levels import state_level
from crisis.actions.medical import advise_hospital
from crisis.actions.moves import move_case
from crisis.guardian_clock import (
    Confirmation,
    Told,
    clock_words,
    counts,
    due_at,
    refuse_confirmation,
    refuse_contact,
    restarted,
)
from crisis.models import ContactProof, GuardianContact, GuardianDue, HomeQuestion
from crisis.queries.facts import is_guardian_told
from crisis.queries.guardians import dues_owed
from crisis.refusals import CaseRefusedError, FieldRefusedError
from xinyu.access.actor import acting_as
from xinyu.access.uploads import FileRefused, checked_paper, checked_signature
from xinyu.reminders.causes import guardians_untold, home_questions
from xinyu.students.holds import held_guardians, is_held
from xinyu.students.models import ContactHold, Guardian

from .cases import in_days, opened
from .test_home_harm import reported, suspended

T = datetime(2026, 11, 6, 8, 50, tzinfo=UTC)


# --- pure


def test_the_clock_is_at_once_or_in_hours_and_begins_anew_after_a_hold():
    assert due_at(T, 0) == T and due_at(T, 1440) == T + timedelta(days=1)
    assert clock_words(T, T, None, T + timedelta(minutes=25)) == "请立即告知，已等待 25 分钟"
    assert clock_words(T, T + timedelta(hours=24), None, T + timedelta(hours=1)) == "还有 23 小时"
    assert clock_words(T, T + timedelta(hours=24), None, T + timedelta(hours=27)) == "已超过时限 3 小时"
    assert clock_words(T, T, T + timedelta(minutes=9), T) == "9 分钟内已告知"
    later = T + timedelta(days=3)
    assert restarted(T, 0, later) == later and restarted(T + timedelta(days=9), 60, later) == T + timedelta(days=9)


@pytest.mark.parametrize(
    ("hours", "is_reached", "met"), [(0, True, True), (-20, True, True), (-30, True, False), (1, False, False)]
)
def test_only_a_guardian_who_was_reached_counts(hours, is_reached, met):
    assert counts(T, T + timedelta(hours=hours), is_reached=is_reached) is met


def told(**values):
    base = {"channel": "phone", "is_reached": True, "told_by": 1, "beside": None, "content": "情况", "has_topic": True}
    return Told(**(base | values))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, None),
        ({"channel": "in_person"}, "beside"),
        ({"channel": "home_visit"}, "beside"),
        ({"channel": "home_visit", "beside": 2}, None),
        ({"beside": 1}, "beside"),
        ({"content": " "}, "content"),
        ({"has_topic": False}, "topics"),
        ({"is_reached": False, "content": "", "has_topic": False}, None),
    ],
)
def test_what_a_contact_needs(values, field):
    refused = refuse_contact(told(**values))
    assert (refused and refused[0]) == field


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Confirmation("drawn", True, "", "甲"), None),
        (Confirmation("drawn", False, "", "甲"), "drawn"),
        (Confirmation("scan", False, "", "甲"), "scan"),
        (Confirmation("refused", False, "", "甲"), "witness"),
        (Confirmation("refused", False, "甲", "甲"), "witness"),
        (Confirmation("absent", False, "门卫老师", "甲"), None),
    ],
)
def test_how_a_contact_is_confirmed(said, field):
    refused = refuse_confirmation(said)
    assert (refused and refused[0]) == field


# --- files


def drawn(ink=True, size=(900, 300)) -> str:
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    if ink:
        ImageDraw.Draw(picture).line([(50, 50), (400, 200), (700, 80)], fill=(16, 36, 43, 255), width=5)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def photo() -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "canary-camera"
    Image.new("RGB", (400, 300), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_signature_has_ink_and_becomes_a_plain_picture():
    kept = checked_signature(drawn())
    assert kept.mime == "image/png" and Image.open(io.BytesIO(kept.data)).mode == "L"
    for wrong in (
        "",
        "data:image/png;base64,AAAA",
        "data:text/html;base64,PGI+",
        drawn(ink=False),
        drawn(size=(3000, 900)),
    ):
        with pytest.raises(FileRefused):
            checked_signature(wrong)


def test_a_paper_is_known_by_its_bytes_and_loses_what_the_camera_wrote():
    assert checked_paper(b"%PDF-1.7\n...\n%%EOF\n").mime == "application/pdf"
    kept = checked_paper(photo())
    assert b"canary-camera" in photo() and b"canary-camera" not in kept.data and kept.mime == "image/jpeg"
    for wrong in (
        b"<html><script>",
        b"%PDF-1.7 cut off",
        b"\x89PNG\r\n\x1a\n broken",
        b"MZ" * 10,
        b"%PDF-" + b"0" * (5 << 20),
    ):
        with pytest.raises(FileRefused):
            checked_paper(wrong)


# --- actions


def phoned(world, case, guardian=None, **values):
    """The counselor told the guardian by phone."""
    base = {"channel": "phone", "is_reached": True, "told_by": world.counselor.pk, "beside": None}
    base |= {"content": "canary-告知内容", "answer": "明天就去", "about_situation": True, "happened_at": timezone.now()}
    guardian = guardian or guardian_of(world, case)
    with acting_as(world.counselor):
        return record_contact(
            case, ContactValues(guardian=guardian, **(base | values)), actor=world.counselor, key=uuid4()
        )


def guardian_of(world, case):
    with acting_as("system:demo"):
        found = Guardian.objects.filter(student=case.student_id).first()
        return found or Guardian.objects.create(student_id=case.student_id, name="甲父亲", relation="父亲")


@pytest.fixture
def case(here):
    return opened(here, here.students[1], level="red")


def owed(world):
    with acting_as(world.counselor):
        return [(row.cause, row.within_minutes) for row in dues_owed()]


@pytest.mark.django_db
def test_a_level_begins_the_clock_and_only_a_contact_that_reached_somebody_meets_it(here, case):
    assert owed(here) == [("level", 0)]
    phoned(here, case, is_reached=False)
    assert owed(here) == [("level", 0)], "an attempt is written down and meets nothing"
    with acting_as("system:reminders"):
        assert [(draft.to, draft.is_urgent) for draft in guardians_untold()] == [(here.counselor.pk, True)]
    contact = phoned(here, case)
    assert owed(here) == []
    with acting_as(here.counselor):
        due = GuardianDue.objects.get(case=case)
        assert due.contact == contact and due.met_at == contact.happened_at and is_guardian_told(case)
        assert GuardianContact.objects.count() == 2


@pytest.mark.django_db
def test_orange_has_a_day_yellow_no_limit_and_raising_asks_again(here):
    assert opened(here, here.students[0]) and owed(here) == []
    case = opened(here, here.students[1], level="orange")
    assert owed(here) == [("level", 1440)]
    phoned(here, case)
    with acting_as(here.counselor):
        state_level(case, actor=here.counselor, level="red", reason="有计划", until_on=in_days(30))
    assert owed(here) == [("level", 0)]


@pytest.mark.django_db
def test_advice_to_see_a_doctor_is_told_at_once_and_met_by_a_contact_about_it(here, case):
    phoned(here, case)
    with acting_as(here.counselor):
        advice = advise_hospital(
            case, actor=here.counselor, advised_at=timezone.now(), reason="三周没有睡好", key=uuid4()
        )
    assert owed(here) == [("advice", 0)]
    phoned(here, case)
    assert owed(here) == [("advice", 0)], "a contact about something else"
    phoned(here, case, advice=advice)
    assert owed(here) == []


@pytest.mark.django_db
def test_the_end_of_a_case_calls_the_clock_off(here, case):
    with acting_as(here.counselor):
        move_case(case, "doubt", actor=here.counselor, reason="误会")
    with acting_as(here.vice_principal):
        move_case(case, "dismiss", actor=here.vice_principal, reason="同意")
    assert owed(here) == []


@pytest.mark.django_db
def test_a_held_guardian_is_not_told_the_other_one_is_and_the_clock_rests(here, case):
    kept = guardian_of(here, case)
    with acting_as("system:demo"):
        other = Guardian.objects.create(student_id=case.student_id, name="甲外婆", relation="外婆")
    suspended(here, case, guardian=kept)
    with pytest.raises(FieldRefusedError, match="已暂停") as why:
        phoned(here, case, guardian=kept)
    assert why.value.field == "guardian" and owed(here) == []
    assert phoned(here, case, guardian=other).guardian == other
    values = {"case_id": case.pk, "happened_at": timezone.now(), "channel": "phone", "is_reached": True}
    people = {"told_by": here.counselor, "by": here.counselor}
    with acting_as(here.counselor), pytest.raises(DatabaseError, match="suspended"), transaction.atomic():
        GuardianContact.objects.create(guardian=kept, **values, **people)  # past the action, as a script would


@pytest.mark.django_db
def test_after_the_written_decision_the_clock_begins_anew(here, case):
    suspended(here, case)
    with pytest.raises(FieldRefusedError, match="强制报告"):
        phoned(here, case)
    reported(here, case)
    with acting_as(here.principal):
        before = timezone.now()
        lift_suspension(case, actor=here.principal, decision="可以告知", team_met_on=timezone.localdate())
        due = dues_owed().get()
    assert due.due_at >= before


@pytest.mark.django_db
def test_a_contact_and_its_proof_stay_as_they_were_written(here, case):
    phoned(here, case)
    for statement in (
        "UPDATE crisis_guardiancontact SET is_reached = false",
        "UPDATE crisis_guardiandue SET met_at = NULL, contact_id = NULL",
    ):
        with (
            acting_as(here.counselor),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError),
            transaction.atomic(),
        ):
            cursor.execute(statement)


@pytest.mark.django_db
def test_somebody_elses_guardian_or_colleague_is_refused(here, there, case):
    with pytest.raises(CaseRefusedError, match="监护人"):
        phoned(here, case, guardian=here.guardian)
    with pytest.raises(CaseRefusedError, match="本校"):
        phoned(here, case, told_by=there.counselor.pk)


# --- the question about home


def told_at_home(world, student):
    with acting_as(world.teacher):
        tell_concern(world.school, actor=world.teacher, level="immediate", text="canary-反映", student=None,
                     names=[student.name], klass=student.klass, names_home=True)  # fmt: skip
    match_reports()


@pytest.mark.django_db
def test_a_case_from_a_report_that_names_home_holds_contacts_until_it_is_answered(here):
    kid = here.students[1]
    told_at_home(here, kid)
    case = opened(here, kid, level="red")
    with acting_as("system:reminders"):
        assert [draft.to for draft in home_questions()] == [here.counselor.pk] and not list(guardians_untold())
    with acting_as(here.counselor):
        assert is_held(kid) and HomeQuestion.objects.get(case=case).answered_at is None
    assert owed(here) == []
    with pytest.raises(FieldRefusedError):
        phoned(here, case)
    with acting_as(here.counselor):
        with pytest.raises(CaseRefusedError, match="依据"):
            deny_home(case, actor=here.counselor, reason=" ")
        deny_home(case, actor=here.counselor, reason="指的是同学")
        assert not is_held(kid)
        with pytest.raises(CaseRefusedError, match="已经有人回答"):
            deny_home(case, actor=here.counselor, reason="再一次")
    assert owed(here) == [("level", 0)]
    assert ask_about_new_concerns() == 0, "one report is asked about once"


@pytest.mark.django_db
def test_a_report_that_comes_later_reaches_an_open_case_and_a_yes_suspends(here, case):
    assert ask_about_new_concerns() == 0
    told_at_home(here, here.students[1])
    assert ask_about_new_concerns() == 1 and ask_about_new_concerns() == 0
    kept = guardian_of(here, case)
    suspended(here, case, guardian=kept)
    with acting_as(here.counselor):
        question = HomeQuestion.objects.get()
        assert question.is_home and question.answered_by == here.counselor
        assert held_guardians(case.student) == {kept.pk}
        assert ContactHold.objects.get(pk=question.hold_id).ended_at is not None
    assert ask_about_new_concerns() == 0


# --- pages


def page(name, *args):
    return reverse(f"crisis:{name}", args=args)


def contact_post(world, guardian, **values):
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    base = {"guardian": guardian.pk, "is_reached": "yes", "happened_at": now, "channel": "in_person"}
    base |= {"told_by": world.counselor.pk, "beside": world.homeroom.pk, "topics": ["situation"], "key": str(uuid4())}
    return base | {"content": "canary-告知内容", "stance": "agrees", "answer": "愿意配合"} | values


@pytest.mark.django_db
def test_from_the_contact_to_the_signature_in_one_go(here, enter, case):
    client, kept = enter(here.counselor), guardian_of(here, case)
    shown = client.get(page("case-page", case.pk)).content.decode()
    assert "请立即告知" in shown and page("contact-new", case.pk) in shown
    assert "请现在告知监护人 1 件" in client.get("/").content.decode()
    alone = client.post(page("contact-new", case.pk), contact_post(here, kept, beside=""))
    assert (
        alone.status_code == 409
        and "两位老师在场" in alone.content.decode()
        and "canary-告知内容" in alone.content.decode()
    )
    answer = client.post(page("contact-new", case.pk), contact_post(here, kept))
    with acting_as(here.counselor):
        contact = GuardianContact.objects.get()
    assert answer.url == page("contact-confirm", case.pk, contact.pk)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    sign = {"kind": "drawn", "drawn": "", "confirmed_at": now, "channel": "in_person", "key": str(uuid4())}
    empty = client.post(answer.url, sign)
    assert empty.status_code == 409 and "请监护人在框内签名" in empty.content.decode()
    wrong = client.post(answer.url, sign | {"drawn": drawn(ink=False)})
    assert wrong.status_code == 422 and "签名框是空的" in wrong.content.decode()
    assert client.post(answer.url, sign | {"drawn": drawn()}).status_code == 302
    with acting_as(here.counselor):
        proof = ContactProof.objects.get()
    file = client.get(page("proof-file", case.pk, proof.pk))
    assert file["Content-Type"] == "image/png" and hashlib.sha256(file.content).hexdigest() == proof.digest
    assert bytes(proof.file) != file.content and b"PNG" not in bytes(proof.file)
    shown = client.get(page("case-home", case.pk)).content.decode()
    assert "已签字" in shown and proof.digest[:12] in shown and "canary-告知内容" in shown
    assert "请现在告知监护人" not in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["scan", "refused"])
def test_a_scan_and_a_refusal_with_its_witness(here, enter, case, kind):
    contact, client = phoned(here, case), enter(here.counselor)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    post = {"kind": kind, "confirmed_at": now, "channel": "phone", "key": str(uuid4())}
    bad = {"scan": SimpleUploadedFile("x.pdf", b"<script>")} if kind == "scan" else {}
    good = {"scan": SimpleUploadedFile("x.bin", photo())} if kind == "scan" else {"witness": "值班门卫 张师傅"}
    refused = client.post(page("contact-confirm", case.pk, contact.pk), post | bad)
    assert refused.status_code in (409, 422) and "请" in refused.content.decode()
    assert client.post(page("contact-confirm", case.pk, contact.pk), post | good).status_code == 302
    with acting_as(here.counselor):
        proof = ContactProof.objects.get()
    assert proof.kind == kind and bool(proof.digest) is (kind == "scan")
    assert ("值班门卫" in client.get(page("case-home", case.pk)).content.decode()) is (kind == "refused")


@pytest.mark.django_db
def test_the_notice_says_what_the_school_advises_and_no_level(here, enter, case):
    contact, client = phoned(here, case), enter(here.counselor)
    for query in ("", f"?contact={contact.pk}"):
        answer = client.get(page("guardian-notice", case.pk) + query)
        reader = PdfReader(io.BytesIO(answer.content))
        text = "".join(sheet.extract_text() for sheet in reader.pages).replace("\n", "")
        assert "监护人告知书" in text and "监护人签字" in text and "12356" in text and len(reader.pages) == 1
        assert not any(word in text for word in ("红色", "一级", "抑郁", "高危"))
        assert ("canary-告知内容" in text) is bool(query)
    suspended(here, case)
    assert client.get(page("guardian-notice", case.pk)).status_code == 409
    shown = client.get(page("case-home", case.pk)).content.decode()
    assert "联系已暂停" in shown and page("contact-new", case.pk) not in shown


@pytest.mark.django_db
def test_who_opens_what(here, there, client, case):
    phoned(here, case)
    login = lambda user: client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")  # noqa: E731
    paths = [page(name, case.pk) for name in ("case-home", "contact-new", "guardian-notice", "home-question")]
    for user, status in ((there.counselor, 404), (here.homeroom, 403), (here.teacher, 403), (here.county_officer, 403)):
        login(user)
        assert {client.get(path).status_code for path in paths} == {status}
    login(here.principal)
    shown = client.get(page("case-home", case.pk))
    assert shown.status_code == 200 and "canary-告知内容" in shown.content.decode()
    assert client.get(page("advice-new", case.pk)).status_code == 403


@pytest.mark.django_db
def test_the_question_stands_over_the_case_and_is_where_opening_leads(here, enter):
    from .cases import talk

    kid = here.students[1]
    told_at_home(here, kid)
    client, interview = enter(here.counselor), talk(here, here.students[1])
    post = {"level": "red", "reason": "访谈中谈到", "until_on": in_days(20).isoformat()}
    answer = client.post(page("level-confirm", interview.pk), post)
    with acting_as(here.counselor):
        case = HomeQuestion.objects.get().case
        assert ConcernEntry.objects.filter(names_home=True).count() == 1
    assert answer.url == page("home-question", case.pk)
    assert "是否涉及家里" in client.get(page("case-page", case.pk)).content.decode()
    assert "请回答是否涉及家里 1 件" in client.get("/").content.decode()
    assert client.post(answer.url, {"reason": ""}).status_code == 422
    assert client.post(answer.url, {"reason": "核实过，是同学之间"}).status_code == 302
    assert "是否涉及家里" not in client.get(page("case-page", case.pk)).content.decode()


@pytest.mark.django_db
def test_more_contacts_ask_no_more_questions(here, enter, case):
    client, counts_seen = enter(here.counselor), []
    phoned(here, case)
    client.get(page("case-home", case.pk))
    for more in (0, 2):
        for _ in range(more):
            phoned(here, case)
        with CaptureQueriesContext(connection) as found:
            client.get(page("case-home", case.pk))
        counts_seen.append(len(found))
    assert counts_seen[0] == counts_seen[1]
