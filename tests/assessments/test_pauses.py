"""休息一下: a calm page between two parts; "enough for today" keeps everything and does not hide what cannot wait."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions.closing import flag_idle_sittings
from assessments.actions.pauses import set_pauses
from assessments.models import Flag, Result, SavedAnswers, ScreeningScale, Sitting
from assessments.queries.answering import desk
from assessments.screening_flow import ScreeningRefused
from tests.assessments.screening_world import approved_scales, end_earlier, plan
from tests.assessments.sittings import (
    as_counselor,
    change,
    enter,
    invite,
    open_screening,
    page,
    send,
    set_screening,
)
from xinyu.access.actor import acting_as

pytestmark = pytest.mark.django_db
LOW, WORRIED = [0] * 9, [0] * 8 + [2]


@pytest.fixture
def kid(here):
    """PHQ-9, a pause, GAD-7."""
    screening = open_screening(here)
    with acting_as("system:demo"):
        ScreeningScale.objects.filter(screening=screening, order=0).update(pause_after=True)
    return invite(here, here.students[0])


def test_after_the_part_comes_the_pause_and_then_the_next_part(here, kid):
    client = enter(kid[1])
    reply = send(client, "/a/1/", page("PHQ-9", LOW, key=""))
    assert reply.json()["next"] == "/a/1/pause/"
    rest = client.get("/a/1/pause/")
    assert rest.status_code == 200 and "休息一下" in rest.text and "今天先到这里" in rest.text
    assert 'href="/a/2/"' in rest.text and rest["Refresh"] == "600; url=/a/" and "no-store" in rest["Cache-Control"]
    assert client.get("/a/2/").status_code == 200
    assert client.get("/a/2/pause/").status_code == client.get("/a/9/pause/").status_code == 404


def test_the_pause_works_without_a_script(here, kid):
    client = enter(kid[1])
    form = {str(n): "0" for n in range(1, 10)} | {"scale": "PHQ-9", "revision": "0"}
    assert client.post("/a/1/", form)["Location"] == "/a/1/pause/"
    talked = client.post("/a/1/pause/", follow=True).text
    assert "已告诉心理老师" in talked and as_counselor(here, Flag, source="talk", sitting=kid[0])


def test_the_time_of_a_pause_is_no_time_of_answering(here, kid):
    client = enter(kid[1])
    seconds = {str(n): 3 for n in range(1, 10)}
    send(client, "/a/1/", page("PHQ-9", LOW, seconds=seconds))
    client.get("/a/1/pause/")
    last = page("GAD-7", [0] * 7, 2, seconds={str(n): 2 for n in range(1, 8)})
    assert send(client, "/a/2/", last | {"key": "6a3c9a52-8f8f-4d0a-9d38-3f1f6f6d5c01"}).status_code == 200
    with acting_as("system:triage"):
        sheets = desk(kid[0].pk, kind="system").sheets
    assert {scale: sheet.seconds for scale, sheet in sheets.items()} == {"PHQ-9": 27.0, "GAD-7": 14.0}


def test_enough_for_today_keeps_all_ends_the_session_and_goes_on_with_the_same_code(here, kid):
    client = enter(kid[1])
    send(client, "/a/1/", page("PHQ-9", LOW))
    left = client.post("/a/1/leave/")
    assert left.status_code == 200 and "都保存着" in left.text and "actor" not in client.session
    assert client.get("/a/2/").status_code == 404
    again = enter(kid[1])
    assert "接着往下答" in again.get("/a/me/").text
    assert again.post("/a/begin/")["Location"] == "/a/2/"
    assert as_counselor(here, SavedAnswers, sitting=kid[0]) and not as_counselor(here, Result, sitting=kid[0])


def test_whoever_leaves_for_today_with_a_critical_answer_is_flagged_at_once_and_once(here, kid):
    client = enter(kid[1])
    send(client, "/a/1/", page("PHQ-9", WORRIED))
    assert flag_idle_sittings(timezone.now()) == 0, "still sitting there"
    client.post("/a/1/leave/")
    assert flag_idle_sittings(timezone.now()) == 1 and flag_idle_sittings(timezone.now()) == 0
    assert [flag.level for flag in as_counselor(here, Flag, sitting=kid[0])] == ["immediate"]
    assert as_counselor(here, Sitting, pk=kid[0].pk)[0].state == "started"


def test_no_pause_page_for_a_shut_door_or_another_one(here, kid):
    fresh = Client()
    fresh.post("/a/", {"code": kid[1]})
    assert fresh.get("/a/1/pause/")["Location"] == "/a/me/"
    client = enter(kid[1])
    set_screening(here, state="paused")
    assert client.get("/a/1/pause/").status_code == 409 and "actor" not in client.session
    assert Client().get("/a/1/pause/").status_code == 404
    set_screening(here, state="open")
    client = enter(kid[1])
    change(Sitting, kid[0].pk, state="finished")
    assert client.post("/a/1/leave/")["Location"] == "/a/end/"
    assert as_counselor(here, Sitting, pk=kid[0].pk)[0].left_at is None


def test_pauses_are_planned_in_the_draft_and_stay_behind_their_scale(here, there, enter):
    scales = approved_scales(here, "PHQ-9", "WHO-5")
    end_earlier(here)
    with acting_as(here.counselor):
        draft = plan(here, scales, legal_basis="duty")
        first, last = ScreeningScale.objects.filter(screening=draft).order_by("order")
    url = reverse("assessments:screening-pauses", args=[draft.pk])
    assert enter(there.counselor).post(url).status_code == 404
    assert enter(here.homeroom).post(url).status_code == 403
    client = enter(here.counselor)
    assert "休息点已保存" in client.post(url, {"after": [first.version_id]}, follow=True).text
    assert "checked" in client.get(reverse("assessments:screening-detail", args=[draft.pk])).text
    with acting_as(here.counselor):
        assert set_pauses(draft, [last.version_id], actor=here.counselor) == 0, "nothing comes after the last"
        set_pauses(draft, [first.version_id], actor=here.counselor)
        draft.state = "open"
        draft.save(update_fields=["state"])
        with pytest.raises(ScreeningRefused, match="休息点不能再改"):
            set_pauses(draft, [], actor=here.counselor)
        assert ScreeningScale.objects.filter(screening=draft, pause_after=True).count() == 1
