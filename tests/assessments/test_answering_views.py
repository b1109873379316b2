"""The student's pages through the whole stack: door, pages, last page, and who can not get in."""

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions.screenings import free_sitting
from assessments.codes import code_index, short_code
from assessments.models import Flag, SavedAnswers, ScreeningKlass, Sitting, SittingWord
from assessments.queries import door
from tests.assessments.sittings import (
    as_counselor,
    change,
    check_in,
    enter,
    invite,
    open_screening,
    page,
    results,
    send,
    set_screening,
)
from xinyu.access.actor import acting_as

pytestmark = pytest.mark.django_db
KEY = "0b6f2a52-0000-4000-8000-000000000001"
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|name="token" value="[^"]+"')


@pytest.fixture(autouse=True)
def no_counters():
    cache.clear()


@pytest.fixture
def screening(here):
    return open_screening(here)


@pytest.fixture
def kid(here, screening):
    """(sitting, code) of the first student."""
    return invite(here, here.students[0])


def finish(client, phq, gad=(0,) * 7, first=1, key=KEY):
    assert send(client, "/a/1/", page("PHQ-9", list(phq), first)).json()["next"] == "/a/2/"
    return send(client, "/a/2/", page("GAD-7", list(gad), first + 1, key=key))


def test_a_slip_leads_through_confirmation_to_the_last_page(here, kid):
    sitting, code = kid
    client = Client()
    assert client.get(f"/a/?c={code}").headers["Location"] == "/a/me/"
    confirm = client.get("/a/me/").content.decode()
    assert (
        "张* 尾号 07" in confirm and "1班" in confirm and "甲普测" in confirm and here.students[0].name not in confirm
    )
    with acting_as(here.counselor):
        assert Sitting.objects.get(pk=sitting.pk).state == "invited"  # looking is not beginning
    assert client.post("/a/begin/").headers["Location"] == "/a/1/"
    first = client.get("/a/1/")
    assert first.status_code == 200 and first.content.count(b'type="radio"') == 36
    assert "no-store" in first.headers["Cache-Control"]
    reply = finish(client, [0] * 9)
    assert set(reply.json()) == {"receipt", "next"} and reply.json()["next"] == "/a/end/"
    assert len(results(here, sitting)) == 2
    end = client.get("/a/end/")
    assert "12356" in end.content.decode() and "no-store" in end.headers["Cache-Control"]
    assert end.headers["Refresh"].startswith("90;")
    assert client.get("/a/1/").status_code == 404 and "actor" not in client.session


def test_the_last_page_is_the_same_for_every_answer(here, kid):
    pages = []
    for student, phq, gad in ((0, [0] * 9, [0] * 7), (1, [3] * 9, [3] * 7), (2, [None] * 9, [None] * 7)):
        client = enter(invite(here, here.students[student])[1])
        finish(client, phq, gad, key=str(uuid4())) if student < 2 else client.post("/a/1/decline/")
        pages.append(CSRF.sub("", client.get("/a/end/").content.decode()))
    assert pages[0] == pages[1] == pages[2] and not re.search("分数|结果|风险|回执", pages[0])


def test_typed_answers_come_back_on_another_device_until_they_are_handed_in(here, kid):
    _, code = kid
    phone, desktop = enter(code), None
    send(phone, "/a/1/save/", page("PHQ-9", [2, None, 1], 4))
    desktop = enter(code)
    html = desktop.get("/a/1/").content.decode()
    assert html.count(" checked") == 2 and 'name="1" value="2" checked' in html and 'data-revision="4"' in html
    stale = send(phone, "/a/1/save/", page("PHQ-9", [0], 3))
    assert (stale.status_code, stale.json()) == (409, {"saved": 4, "answers": {"1": 2, "3": 1}})
    blank = page("PHQ-9", [None, 3, None], 5, base=4)  # typed where the two answers are not known
    assert send(phone, "/a/1/save/", blank).json() == {"saved": 5}
    html = desktop.get("/a/1/").content.decode()
    assert 'name="1" value="2" checked' in html and 'name="2" value="3" checked' in html
    assert send(desktop, "/a/1/save/", page("PHQ-9", [0] * 9, 9, base=4)).json()["saved"] == 5
    finish(desktop, [0] * 9, first=6)
    late = send(phone, "/a/1/save/", page("PHQ-9", [3] * 9, 9))
    assert (late.status_code, late.json()) == (409, {"over": True})
    assert phone.get("/a/1/").headers["Location"] == "/a/end/"
    third = Client()
    third.post("/a/", {"code": code})
    assert third.get("/a/me/").headers["Location"] == "/a/end/"
    assert b"checked" not in third.get("/a/end/").content


def test_a_lost_acknowledgement_gets_the_same_receipt(here, kid):
    client = enter(kid[1])
    first = finish(client, [3] * 9).json()
    assert send(client, "/a/2/", page("GAD-7", [0] * 7, 2, key=KEY)).json() == first
    other = send(client, "/a/2/", page("GAD-7", [1] * 7, 2, key=KEY))
    assert (other.status_code, other.json()) == (409, {"over": True})
    assert len(results(here, kid[0])) == 2


def test_everything_works_without_javascript(here, kid):
    client = enter(kid[1])
    form = {"scale": "PHQ-9", "revision": "0", "key": KEY, "1": "3", "9": "2"}
    assert client.post("/a/1/", form).headers["Location"] == "/a/1/"
    html = client.get("/a/1/").content.decode()
    assert "第 2、3、4、5、6、7、8 题还没有选" in html and html.count(" checked") == 2
    assert client.post("/a/1/", form | {"revision": "1"}).headers["Location"] == "/a/2/"
    gad = {"scale": "GAD-7", "revision": "2", "key": KEY} | {str(n): "1" for n in range(1, 8)}
    assert client.post("/a/2/", gad).headers["Location"] == "/a/end/"
    assert client.post("/a/2/", gad).headers["Location"] == "/a/end/"
    phq, _ = results(here, kid[0])
    assert not phq.is_complete
    assert [flag.level for flag in as_counselor(here, Flag, sitting=kid[0])] == ["immediate"]


def test_a_form_that_is_not_the_page_comes_back_with_what_was_typed(kid):
    client = enter(kid[1])
    reply = client.post("/a/1/", {"scale": "PHQ-9", "revision": "0", "1": "2", "9": "7"})
    assert reply.status_code == 422 and 'name="1" value="2" checked' in reply.content.decode()
    assert "第 9 题没有这个选项" in reply.content.decode()
    assert send(client, "/a/1/save/", page("GAD-7", [1])).status_code == 422
    assert send(client, "/a/2/", page("GAD-7", [1])).status_code == 422  # no client key
    assert client.get("/a/3/").status_code == 404 and client.get("/a/0/").status_code == 404


@pytest.mark.parametrize("typed", ["", "ABC", "0000000000", "A" * 10, "我的作答码"])
def test_a_wrong_code_is_refused_calmly_and_stays_typed(screening, typed):
    reply = Client().post("/a/", {"code": typed})
    html = reply.content.decode()
    assert reply.status_code == 422 and 'role="alert"' in html and f'value="{typed}"' in html or not typed


def test_a_school_that_types_badly_is_not_locked_out_but_a_guesser_is(kid, monkeypatch):
    monkeypatch.setattr(door, "MOST_WRONG", 3)
    for _ in range(3):
        assert "没有找到" in Client().post("/a/", {"code": "ABCDEFGHJK"}).content.decode()
    assert "次数太多" in Client().post("/a/", {"code": "ABCDEFGHJK"}).content.decode()
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert elsewhere.post("/a/", {"code": kid[1]}).status_code == 302


@pytest.mark.parametrize(("state", "words"), [("paused", "暂停"), ("closed", "已经结束"), ("draft", "还没有开始")])
def test_a_shut_door_says_so_and_keeps_no_session(here, kid, state, words):
    set_screening(here, state=state)
    client = Client()
    client.post("/a/", {"code": kid[1]})
    reply = client.get("/a/me/")
    assert reply.status_code == 409 and words in reply.content.decode() and "actor" not in client.session


def test_without_a_duty_person_the_door_waits(here):
    open_screening(here, guarded=False)
    _, code = invite(here, here.students[0])
    client = Client()
    client.post("/a/", {"code": code})
    assert "没有老师值守" in client.get("/a/me/").content.decode()
    with acting_as("system:demo"):
        check_in(here)
    assert enter(code).get("/a/1/").status_code == 200


def test_who_needs_not_answer_is_not_told_why(here, kid):
    sitting, code = kid
    for values, words in (({"state": "exempt"}, "不需要作答"),):
        change(Sitting, sitting.pk, **values)
        client = Client()
        client.post("/a/", {"code": code})
        html = client.get("/a/me/").content.decode()
        assert words in html and "同意" not in html


@pytest.fixture
def klass_code(here, screening):
    with acting_as(here.counselor):
        return ScreeningKlass.objects.create(screening=screening, klass=here.klass).code


def short_way(client, klass, number, code):
    return client.post("/a/class/", {"klass": f" {klass.lower()} ", "number": number, "short": code})


def test_class_number_and_short_code_open_the_sitting_and_no_other(here, kid, klass_code):
    number, short, client = here.students[0].number, short_code(code_index(kid[1])), Client()
    assert short_way(client, klass_code, number, f"{short[:3]} {short[3:]}").headers["Location"] == "/a/me/"
    assert "张* 尾号 07" in client.get("/a/me/").content.decode()
    assert client.get("/a/").headers["Location"] == "/a/class/"  # the machine stays with its class
    assert f'value="{klass_code}"' in client.get("/a/class/").content.decode()
    assert client.get("/a/?slip").status_code == 200
    other = short_code(code_index(invite(here, here.students[1])[1]))
    for wrong in ((klass_code, number, other), (klass_code, "099", short), ("ZZZZZ", number, short)):
        reply = short_way(Client(), *wrong)
        assert (
            reply.status_code == 422
            and "有一项不对" in reply.content.decode()
            and f'value="{wrong[1]}"' in str(reply.content.decode())
        )
    for wrong in (("ABC", number, short), (klass_code, "", short), (klass_code, number, "12345x")):
        assert short_way(Client(), *wrong).status_code == 422


def test_guessing_a_short_code_ends_after_ten_and_shuts_nobody_else_out(here, kid, klass_code):
    sitting, code = kid
    number, short = here.students[0].number, short_code(code_index(code))
    wrong = f"{(int(short) + 1) % 10**6:06d}"
    for _ in range(9):
        short_way(Client(), klass_code, number, wrong)
    assert short_way(Client(), klass_code, number, short).status_code == 302  # the right one begins to count anew
    for _ in range(10):
        assert "有一项不对" in short_way(Client(), klass_code, number, wrong).content.decode()
    assert "请老师解除锁定" in short_way(Client(), klass_code, number, short).content.decode()
    assert enter(code).get("/a/1/").status_code == 200  # the slip still opens
    second, other = invite(here, here.students[1])
    assert short_way(Client(), klass_code, here.students[1].number, short_code(code_index(other))).status_code == 302
    with acting_as(here.counselor):
        free_sitting(Sitting.objects.get(pk=sitting.pk), actor=here.counselor)
    assert short_way(Client(), klass_code, number, short).status_code == 302


def test_wrong_tries_are_limited_per_class_not_per_address(here, kid, klass_code, monkeypatch):
    monkeypatch.setattr(door, "MOST_WRONG_OF_KLASS", 3)
    for n in range(3):
        short_way(Client(REMOTE_ADDR=f"10.0.0.{n}"), klass_code, "099", "123456")
    short = short_code(code_index(kid[1]))
    assert "次数太多" in short_way(Client(), klass_code, here.students[0].number, short).content.decode()
    assert enter(kid[1]).get("/a/1/").status_code == 200
    with acting_as(here.counselor):
        second = ScreeningKlass.objects.create(screening=here.screening, klass=here.other_klass).code
    code = invite(here, here.students[2])[1]
    assert short_way(Client(), second, here.students[2].number, short_code(code_index(code))).status_code == 302


def test_not_me_ends_the_session(kid):
    client = Client()
    client.post("/a/", {"code": kid[1]})
    assert client.post("/a/not-me/").headers["Location"] == "/a/"
    assert client.get("/a/me/").status_code == 404


def test_declining_and_talking_have_a_way_on_each_page(here, kid):
    client = enter(kid[1])
    html = client.get("/a/1/").content.decode()
    assert "不想作答" in html and "我想和老师聊聊" in html
    assert send(client, "/a/1/talk/", {"scale": "PHQ-9", "do": "talk"}).json() == {"ok": True}
    form = {"scale": "PHQ-9", "revision": "0", "9": "1"}
    assert client.post("/a/1/talk/", form).headers["Location"] == "/a/1/"
    assert "已告诉心理老师" in client.get("/a/1/").content.decode()
    assert client.post("/a/1/decline/", form | {"revision": "1"}).headers["Location"] == "/a/end/"
    assert {word.kind for word in as_counselor(here, SittingWord, sitting=kid[0])} == {"talk", "declined"}
    assert {flag.level for flag in as_counselor(here, Flag, sitting=kid[0])} == {"talk", "same_day"}


def test_declining_and_talking_are_possible_before_the_first_question(here, kid):
    client = Client()
    client.post("/a/", {"code": kid[1]})
    assert "确定不作答" in client.get("/a/me/").content.decode()
    assert "已告诉心理老师" in client.post("/a/me/talk/", follow=True).content.decode()
    assert client.post("/a/me/decline/").headers["Location"] == "/a/end/"
    assert "谢谢你" in client.get("/a/end/").content.decode()
    with acting_as(here.counselor):
        assert Sitting.objects.get(pk=kid[0].pk).state == "finished"
    assert {word.kind for word in as_counselor(here, SittingWord, sitting=kid[0])} == {"talk", "declined"}
    assert not results(here, kid[0])


def test_asking_to_talk_on_the_last_page_works_after_the_session_is_gone(here, kid):
    client = enter(kid[1])
    finish(client, [0] * 9)
    token = re.search(r'name="token" value="([^"]+)"', client.get("/a/end/").content.decode())[1]
    assert "已经告诉心理老师" in client.post("/a/end/talk/", {"token": token}).content.decode()
    assert [flag.level for flag in as_counselor(here, Flag, sitting=kid[0])] == ["talk"]
    assert client.post("/a/end/talk/", {"token": token + "x"}).headers["Location"] == "/a/"
    assert b"token" not in client.get("/a/end/").content


def test_a_sitting_of_another_school_can_not_write_here(here, there, kid):
    open_screening(there)
    foreign, code = invite(there, there.students[0])
    outsider = enter(code)
    send(outsider, "/a/1/save/", page("PHQ-9", [3] * 9))
    with acting_as("system:demo"):
        assert [row.sitting_id for row in SavedAnswers.objects.all()] == [foreign.pk]
    with acting_as(there.counselor):
        assert not Sitting.objects.filter(pk=kid[0].pk).exists()


def test_a_key_of_another_sitting_is_refused_and_ends_nothing(here, kid):
    finish(enter(kid[1]), [0] * 9)
    second, code = invite(here, here.students[1])
    assert finish(enter(code), [3] * 9).status_code == 422
    with acting_as(here.counselor):
        assert Sitting.objects.get(pk=second.pk).state == "started"


def test_staff_and_sittings_do_not_meet(here, kid, client):
    client.force_login(here.counselor, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/a/me/", "/a/1/"):
        assert client.get(path).status_code == 404
    for path in ("/a/begin/", "/a/1/save/", "/a/1/decline/", "/a/1/talk/", "/a/not-me/"):
        assert client.post(path).status_code == 404
    student = enter(kid[1])
    for path in ("/screenings/", "/students/", "/cases/", "/audit/", "/rooms/", f"/screenings/{here.screening.pk}/"):
        assert student.get(path).status_code in (302, 403, 404)
    enter(kid[1], client)  # a slip that is tried out by a teacher ends the teacher's log-in
    assert "_auth_user_id" not in client.session and client.session["actor"] == f"sitting:{kid[0].pk}"


def test_requests_stay_small_and_few_statements(here, kid):
    client = enter(kid[1])
    client.get("/a/1/")
    counted = {}
    for name, ask in {
        "page": lambda: client.get("/a/1/"),
        "save": lambda: send(client, "/a/1/save/", page("PHQ-9", [0] * 9, 3)),
        "part": lambda: send(client, "/a/1/", page("PHQ-9", [0] * 9, 4)),
        "submit": lambda: send(client, "/a/2/", page("GAD-7", [0] * 7, 5, key=KEY)),
    }.items():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert ask().status_code == 200
        counted[name] = len([q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]])
    assert counted["page"] <= 4 and counted["save"] <= 5 and counted["submit"] <= 5, counted


def test_without_redis_everything_but_promptness_works(here, kid, settings, django_capture_on_commit_callbacks):
    nowhere = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}
    settings.CELERY_BROKER_URL = nowhere
    assert Client().post("/a/", {"code": "ABCDEFGHJK"}).status_code == 422
    client = enter(kid[1])
    with django_capture_on_commit_callbacks(execute=True) as rung:
        assert finish(client, [3] * 9).status_code == 200
    assert len(rung) == 1 and len(as_counselor(here, Flag, sitting=kid[0])) == 1


def test_csrf_is_asked_of_every_post(kid):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/a/", {"code": kid[1]}).status_code == 403


def test_a_page_left_open_writes_into_no_other_sitting_and_back_shows_nothing(here, kid):
    """One machine in a computer room: the first student's page is still open when the second one comes in."""
    shared, tokens = Client(enforce_csrf_checks=True), []

    def token_on(path):
        return re.search('csrfmiddlewaretoken" value="([^"]+)"', shared.get(path).content.decode())[1]

    def save(token):
        body = page("PHQ-9", [3] * 9)
        return shared.post("/a/1/save/", body, content_type="application/json", headers={"X-CSRFToken": token})

    for student in here.students[:2]:
        code = invite(here, student)[1]
        shared.post("/a/", {"code": code, "csrfmiddlewaretoken": token_on("/a/")})
        shared.post("/a/begin/", {"csrfmiddlewaretoken": token_on("/a/me/")})
        tokens.append(token_on("/a/1/"))
    assert save(tokens[0]).status_code == 403
    with acting_as("system:demo"):
        assert not SavedAnswers.objects.exists()
    assert save(tokens[1]).json() == {"saved": 1}
    shared.get("/a/")  # left
    gone = shared.get("/a/1/")
    html = gone.content.decode()
    assert gone.status_code == 404 and "这一页已经关闭" in html and "no-store" in gone.headers["Cache-Control"]
    assert 'type="radio"' not in html and gone.headers["Refresh"] == "60; url=/a/"


def test_the_copys_key_comes_with_the_page_and_is_each_parts_own(here, kid):
    client = enter(kid[1])
    keys = [re.search('data-copy-key="([^"]+)"', client.get(f"/a/{n}/").content.decode())[1] for n in (1, 2, 1)]
    other = enter(invite(here, here.students[1])[1]).get("/a/1/").content.decode()
    assert keys[0] == keys[2] != keys[1] and len(keys[0]) == 44 and keys[0] not in other
