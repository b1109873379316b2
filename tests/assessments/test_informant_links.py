"""A guardian or teacher answers about a student by a code: once, in time, and by the right person."""

import copy
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions.informants import behind, issue_link, take_in_answers
from assessments.actions.readings import NotNow
from assessments.models import Flag, InformantLink, InformantSheet, ScaleVersion, TimelineEntry
from assessments.queries.informants import side_by_side, versions_to_send
from assessments.scale_library import approve_scale, load_library, store_version
from assessments.scoring import load_documents, parse_definition
from tests.cast import PLACE_OF_ROLE
from xinyu.access.actor import DOOR, acting_as
from xinyu.students.models import ContactHold, Guardian
from xinyu.vault.fields import conceal, find_by

pytestmark = pytest.mark.django_db
PHONE = "13912345678"
ANSWERS = {"scale": "PSC-17", "revision": "0"} | {str(n): "1" for n in range(1, 18)}


@pytest.fixture
def paper(here) -> ScaleVersion:
    """PSC-17 with a guardian's words, one item made critical, approved by the county."""
    document = copy.deepcopy(load_documents()["PSC-17"])
    for item in document["items"]:
        item["text_zh"] = f"家长版第 {item['number']} 题"
    document |= {"version": "1.1", "text_status": "official", "roles": ["parent"]}
    document["critical"] = [{"item": 17, "min": 2, "level": "immediate"}]
    with acting_as("system:demo"):
        load_library()
    with acting_as(here.county_officer):
        version = store_version(ScaleVersion(), parse_definition(document), document)
        approve_scale(version, here.county, actor=here.county_officer, note="与纸面逐题比对")
    with acting_as("system:demo"):
        guardian = here.guardian
        guardian.phone_index = find_by("phone", PHONE)
        conceal(guardian, phone=PHONE)
        guardian.save()
    return version


def issue(world, version, **values):
    given = {"role": "parent", "who": "母亲", "guardian": world.guardian} | values
    with acting_as(world.counselor):
        return issue_link(world.students[0], version, actor=world.counselor, **given)


def answer(code: str, client: Client | None = None, **changes):
    return (client or Client()).post(f"/i/{code}/", ANSWERS | {"phone": PHONE} | changes)


def test_what_was_answered_on_a_phone_stands_beside_the_students_own(here, there, paper):
    link, code = issue(here, paper)
    kid, client = here.students[0], Client()
    page = client.get(f"/i/{code}/")
    assert page.status_code == 200 and "家长版第 1 题" in page.text and page["Cache-Control"].startswith("no-store")
    assert kid.name not in page.text and here.guardian.name not in page.text and "学号尾号" in page.text
    done = answer(code, client)
    assert done.status_code == 200 and "已收到" in done.text and "总分" not in done.text and "17" not in done.text
    assert take_in_answers() == 1 and take_in_answers() == 0
    with acting_as(here.counselor):
        sheet = InformantSheet.objects.get()
        assert (sheet.role, sheet.who, sheet.total, sheet.is_complete) == ("parent", "母亲", 17, True)
        [beside] = side_by_side(kid)
        assert [voice.who for voice in beside.voices] == ["家长（母亲）"]
        link.refresh_from_db()
        assert (link.sheet, link.wrapped, link.answers) == (sheet, None, None)
        assert TimelineEntry.objects.filter(title="收到母亲填写的问卷").count() == 1
    again = answer(code, client)
    assert "已经用过" in again.text
    with acting_as(there.counselor):
        assert not InformantLink.objects.exists() and not InformantSheet.objects.exists()


def test_it_counts_only_with_the_telephone_of_the_roster(here, paper):
    _, code = issue(here, paper)
    assert answer(code, phone="").status_code == 422
    wrong = answer(code, phone="13900000000")
    assert wrong.status_code == 422 and "不一致" in wrong.text and 'value="1" checked' in wrong.text
    for _ in range(4):
        answer(code, phone="13900000000")
    assert answer(code).status_code == 410
    assert take_in_answers() == 0


def test_what_was_left_out_is_named_once_and_a_blank_sheet_is_none(here, paper):
    _, code = issue(here, paper)
    blank = Client().post(f"/i/{code}/", {"scale": "PSC-17", "revision": "0", "phone": PHONE})
    assert blank.status_code == 422 and "还没有选择任何一题" in blank.text
    some = {key: value for key, value in ANSWERS.items() if key != "4"} | {"phone": PHONE}
    asked = Client().post(f"/i/{code}/", some)
    assert asked.status_code == 422 and "第 4 题还没有选" in asked.text and 'name="again"' in asked.text
    assert Client().post(f"/i/{code}/", some | {"again": "1"}).status_code == 200
    assert Client().post(f"/i/{code}/", {"scale": "PHQ-9", "revision": "0"}).status_code == 200, "used: nothing is read"


def test_a_critical_answer_of_an_informant_alerts(here, paper):
    _, code = issue(here, paper)
    answer(code, **{"17": "2"})
    take_in_answers()
    with acting_as(here.counselor):
        flag = Flag.objects.get(scale="PSC-17")
        assert (flag.level, flag.item, flag.student) == ("immediate", 17, here.students[0])


def test_a_sheet_that_cannot_be_taken_in_holds_up_nobody_else(here, paper):
    for kid in here.students[:2]:
        with acting_as("system:demo"):
            guardian = Guardian.objects.create(
                student=kid, name="父", relation="父亲", phone_index=find_by("phone", PHONE)
            )
        with acting_as(here.counselor):
            _, code = issue_link(kid, paper, actor=here.counselor, role="parent", who="父亲", guardian=guardian)
        assert answer(code, **{"17": "2"}).status_code == 200
    with acting_as("system:demo"):
        first = InformantLink.objects.order_by("used_at").first()
        InformantLink.objects.filter(pk=first.pk).update(wrapped=b"\x00" * 40)  # a key that opens nothing
    for _ in range(2):
        take_in_answers()
    with acting_as(here.counselor):
        assert InformantSheet.objects.count() == 1
        assert Flag.objects.filter(level="immediate", handled_at=None, student=here.students[1]).exists()


@pytest.mark.parametrize("reason", ["expired", "held", "all held", "left", "newer"])
def test_a_code_is_gone_when_nothing_may_be_asked_any_more(here, paper, reason):
    _, code = issue(here, paper)
    kid = here.students[0]
    with acting_as(here.counselor):
        if reason == "expired":
            InformantLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        elif reason == "left":
            kid.left_on = timezone.localdate()
            kid.save(update_fields=["left_on"])
        elif reason == "newer":
            issue_link(kid, paper, actor=here.counselor, role="parent", who="母亲", guardian=here.guardian)
        else:
            held = here.guardian if reason == "held" else None
            ContactHold.objects.create(student=kid, guardian=held, by=here.counselor)
    assert Client().get(f"/i/{code}/").status_code == 410
    assert answer(code).status_code == 410 and take_in_answers() == 0
    assert Client().get("/i/ZZZZZZZZZZ/").status_code == 404


def test_a_held_guardian_and_one_without_a_telephone_get_none(here, there, paper, enter):
    kid = here.students[0]
    with acting_as(here.counselor):
        mute = Guardian.objects.create(student=kid, name="没有电话", relation="父亲")
        ContactHold.objects.create(student=kid, guardian=here.guardian, by=here.counselor)
    for guardian, why in ((here.guardian, "暂停"), (mute, "没有这位监护人的电话")):
        with pytest.raises(NotNow, match=why):
            issue(here, paper, guardian=guardian)
    page = enter(here.counselor).get(reverse("assessments:informant-send", args=[kid.pk])).text
    assert here.guardian.name not in page.split("请谁填写")[1] and "暂不联系" in page
    with acting_as(here.counselor):
        assert not InformantLink.objects.exists()


def test_only_bound_and_approved_words_of_that_informant_are_sent(here, there, paper):
    with acting_as(here.counselor):
        assert [(one.pk, role) for one, role in versions_to_send(here.county.pk)] == [(paper.pk, "parent")]
        assert versions_to_send(there.county.pk) == []
        sdq = ScaleVersion.objects.get(code="SDQ")
    with pytest.raises(NotNow, match="纸面问卷"):
        issue(here, sdq)
    with pytest.raises(NotNow, match="教师的问卷请选教师"):
        issue(here, paper, guardian=None, who="班主任")
    with pytest.raises(PermissionDenied), acting_as(there.counselor):
        issue_link(here.students[0], paper, actor=there.counselor, role="parent", who="母亲", guardian=here.guardian)


def test_the_counselor_gives_out_a_code_and_ends_it(here, there, paper, enter):
    kid = here.students[0]
    url, client = reverse("assessments:informant-send", args=[kid.pk]), enter(here.counselor)
    assert client.post(url, {}).status_code == 422
    nobody = client.post(url, {"paper": f"{paper.pk}:parent", "person": "t:班主任"})
    assert nobody.status_code == 422 and "班主任</span>" not in nobody.text, "no paper for a teacher is there"
    shown = client.post(url, {"paper": f"{paper.pk}:parent", "person": f"g:{here.guardian.pk}"})
    assert "只显示这一次" in shown.text and "<svg" in shown.text
    assert kid.name not in shown.text.split("<main")[1], "the paper goes home"
    assert "等待填写" in client.get(url).text
    with acting_as(here.counselor):
        link = InformantLink.objects.get()
    end = reverse("assessments:informant-end", args=[link.pk])
    assert enter(there.counselor).post(end).status_code == 404
    assert enter(there.counselor).get(url).status_code == 404
    assert enter(here.homeroom).get(url).status_code == 403
    enter(here.counselor).post(end)
    assert "已停用" in enter(here.counselor).get(url).text


def test_nobody_else_holds_a_row_and_the_door_holds_none(here, paper):
    _, code = issue(here, paper)
    for role in {*PLACE_OF_ROLE} - {"counselor"}:
        with acting_as(here.users[role]):
            assert not InformantLink.objects.exists(), role
    with acting_as(DOOR):
        assert behind(code).state == "open" and behind("ZZZZZZZZZZ") is None
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('assessments_informantlink', 'SELECT')")
            assert cursor.fetchone()[0] is False
