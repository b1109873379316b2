"""The emergency stop: over at once and for good, by name; nothing saved is lost and nothing critical waits."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions import answering
from assessments.actions import screenings as actions
from assessments.actions.closing import close_overdue_sittings, flag_idle_sittings
from assessments.answers import Page, Sheet
from assessments.models import Flag, Screening, Sitting
from assessments.queries.answering import desk
from assessments.screening_flow import ScreeningRefused
from tests.assessments.sittings import as_counselor, invite, open_screening, page, results, send, set_screening
from tests.assessments.sittings import enter as come_in
from xinyu.access.actor import acting_as

pytestmark = pytest.mark.django_db
WORRIED = (None,) * 8 + (2,)


@pytest.fixture
def begun(here):
    open_screening(here, "PHQ-9")
    sitting, _ = invite(here, here.students[0])
    return act(sitting, answering.begin_sitting) or sitting


def act(sitting, verb, *args):
    with acting_as(f"sitting:{sitting.pk}"):
        return verb(desk(sitting.pk), *args)


def stop(world, actor):
    with acting_as(actor):
        return actions.stop_screening(world.screening, actor=actor, reason="家长对内容有疑问")


def test_after_a_stop_critical_answers_are_flagged_at_once_and_what_is_in_flight_arrives(here, begun):
    act(begun, answering.save_page, Page("PHQ-9", 1, Sheet(WORRIED)))
    stop(here, here.principal)
    now = timezone.now()
    assert flag_idle_sittings(now) == 1 and close_overdue_sittings(now) == 0
    assert [flag.level for flag in as_counselor(here, Flag, sitting=begun)] == ["immediate"]
    assert act(begun, answering.save_page, Page("PHQ-9", 2, Sheet((1, *WORRIED[1:])))) == 2
    assert close_overdue_sittings(now + timedelta(minutes=3)) == 1
    assert not results(here, begun)[0].is_complete


def test_whoever_comes_after_a_stop_does_not_get_in_and_nothing_opens_it_again(here, begun):
    other, _ = invite(here, here.students[1])
    stop(here, here.counselor)
    with pytest.raises(answering.DoorShut, match="stopped"):
        act(other, answering.begin_sitting)
    with pytest.raises(ScreeningRefused):
        stop(here, here.counselor)
    with acting_as(here.counselor), pytest.raises(ScreeningRefused):
        actions.move_screening(here.screening, "resume", actor=here.counselor)


def test_who_may_stop_says_why_and_the_outsider_finds_nothing(here, there, begun, enter):
    url = reverse("assessments:screening-stop", args=[here.screening.pk])
    assert enter(there.counselor).post(url, {"reason": "与本校无关的人"}).status_code == 404
    assert enter(here.homeroom).post(url, {"reason": "班主任不能停止"}).status_code == 403
    client = enter(here.moral_head)
    refused = client.post(url, {"reason": "短"})
    assert refused.status_code == 422 and "至少 5 个字" in refused.text
    assert client.post(url, {"reason": "现场秩序混乱"}).status_code == 302
    assert client.post(url, {"reason": "现场秩序混乱"}).status_code == 409
    page = client.get(reverse("assessments:screening-detail", args=[here.screening.pk])).text
    assert "紧急停止：现场秩序混乱" in page and "停止的理由" not in page


@pytest.mark.django_db(transaction=True)
def test_a_submit_and_a_stop_at_once_lose_nothing(here):
    open_screening(here, "PHQ-9")
    sitting, _ = invite(here, here.students[0], state="started")
    gate, receipts = Barrier(2), []

    def hand_in():
        try:
            gate.wait(timeout=10)
            page = Page("PHQ-9", 1, Sheet((0,) * 8 + (2,)))
            receipts.append(act(sitting, answering.submit_sitting, page, uuid4()).code)
        finally:
            connection.close()

    thread = Thread(target=hand_in)
    thread.start()
    gate.wait(timeout=10)
    stop(here, here.counselor)
    thread.join(timeout=20)
    assert receipts and len(results(here, sitting)) == 1 and as_counselor(here, Flag, sitting=sitting)
    assert as_counselor(here, Sitting, pk=sitting.pk)[0].state == "finished"
    assert as_counselor(here, Screening, pk=here.screening.pk)[0].stopped_by_id == here.counselor.pk


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "paused"}, "老师暂停了这次测评"),
        ({"state": "closed", "stopped_reason": "现场秩序混乱"}, "测评停下来了"),
    ],
)
def test_a_page_in_flight_is_stored_and_then_turns_to_the_words_of_the_door(here, values, words):
    open_screening(here, "PHQ-9")
    sitting, code = invite(here, here.students[0])
    client = come_in(code)
    assert "shut" not in send(client, "/a/1/save/", page("PHQ-9", [1])).json()
    stopped = {"stopped_by_id": here.principal.pk, "closed_at": timezone.now()} if "stopped_reason" in values else {}
    set_screening(here, **values, **stopped)
    reply = send(client, "/a/1/save/", page("PHQ-9", [1, None, None, None, None, None, None, None, 2], 2)).json()
    assert reply == {"saved": 2, "shut": "/a/me/"}
    shown = client.get(reply["shut"])
    assert shown.status_code == 409 and words in shown.text and "actor" not in client.session
    assert "现场秩序混乱" not in shown.text, "the reason is the school's"
    assert flag_idle_sittings(timezone.now()) == 1, "a critical answer does not wait for anybody to resume"
    assert flag_idle_sittings(timezone.now()) == 0
    assert as_counselor(here, Sitting, pk=sitting.pk)[0].state == "started"
    assert client.post("/a/", {"code": code}).status_code == 302 and words in client.get("/a/me/").text


def test_after_a_pause_the_same_code_goes_on_where_the_student_was(here):
    open_screening(here, "PHQ-9")
    _, code = invite(here, here.students[0])
    client = come_in(code)
    set_screening(here, state="paused")
    send(client, "/a/1/save/", page("PHQ-9", [3]))
    set_screening(here, state="open")
    again = come_in(code).get("/a/1/").text
    assert 'name="1" value="3" checked' in again


def test_the_door_says_until_when_and_that_it_is_too_late_to_begin(here, enter):
    open_screening(here, "WHO-5")
    _, first = invite(here, here.students[0])
    _, second = invite(here, here.students[1])
    begun = come_in(first)
    closes = timezone.now() + timedelta(minutes=8)
    set_screening(here, closes_at=closes, minutes=10)
    late = Client()
    late.post("/a/", {"code": second})
    reply = late.get("/a/me/")
    assert reply.status_code == 409 and "来不及开始" in reply.text and "已经结束" not in reply.text
    assert f"可以答到 {timezone.localtime(closes):%Y年%m月%d日 %H:%M}" in begun.get("/a/me/").text
    assert send(begun, "/a/1/save/", page("WHO-5", [1])).json() == {"saved": 1}
    board = enter(here.counselor).get(reverse("assessments:screening-detail", args=[here.screening.pk])).text
    assert "没开始的" in board and "已经开始的，可以答到" in board
    set_screening(here, closes_at=timezone.now() - timedelta(seconds=1))
    assert "已经结束" in begun.get("/a/me/").text
