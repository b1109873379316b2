"""The colleague in the computer room: progress by masked name, a locked code freed, for her class and until then."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions import watch
from assessments.models import RoomWatch, Screening, Sitting
from assessments.queries.watch import watched_rooms
from assessments.screening_flow import ScreeningRefused
from tests.assessments.sittings import invite
from xinyu.access.actor import acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(here):
    """Three seats: locked, exempt with a reason, and one of another class."""
    with acting_as("system:demo"):
        here.screening.chosen.create(klass=here.klass)
    first, _ = invite(here, here.students[0], wrong_tries=8, locked_at=timezone.now(), label="甲*（学号尾号 01）")
    invite(here, here.students[1], state="exempt")
    invite(here, here.students[2])
    return first


def ask(world, watcher, **values):
    given = {"until": timezone.now() + timedelta(seconds=30), "klass_id": world.klass.pk} | values
    with acting_as(world.counselor):
        return watch.ask_to_watch(world.screening, actor=world.counselor, watcher_id=watcher.pk, **given)


def test_she_sees_her_class_by_masked_name_and_frees_its_codes_alone(here, there, room, enter):
    ask(here, here.teacher)
    client = enter(here.teacher)
    page = client.get(reverse("assessments:room-board")).text
    assert "甲*（学号尾号 01）" in page and "已锁定" in page and "甲同学" not in page and "未同意" not in page
    with acting_as(here.teacher):
        [one] = watched_rooms()
        assert dict(one.counts) == {"未开始": 1, "进行中": 0, "已完成": 0, "无需作答": 1}
        assert not Sitting.objects.exists(), "what she sees are no rows"
    with acting_as("system:demo"):
        other = Sitting.objects.get(student=here.students[2])
        Sitting.objects.filter(pk=other.pk).update(locked_at=timezone.now())
    assert client.post(reverse("assessments:room-free", args=[other.pk])).status_code == 404
    assert enter(there.teacher).post(reverse("assessments:room-free", args=[room.pk])).status_code == 404
    assert "没有请您看的机房" in enter(here.moral_head).get(reverse("assessments:room-board")).text
    assert enter(here.teacher).post(reverse("assessments:room-free", args=[room.pk])).status_code == 302
    with acting_as("system:demo"):
        room.refresh_from_db()
        assert (room.locked_at, room.wrong_tries) == (None, 0)


def test_it_ends_by_the_clock_and_with_the_screening(here, room):
    with acting_as("system:demo"):
        values = {"watcher": here.teacher, "by": here.counselor, "until_at": timezone.now() - timedelta(hours=1)}
        RoomWatch.objects.create(screening=here.screening, klass=here.klass, **values)
    with acting_as(here.teacher):
        assert watched_rooms() == []
        assert not watch.free_watched(room.pk, actor=here.teacher)
    ask(here, here.teacher)
    with acting_as(here.teacher):
        assert watched_rooms()
    with acting_as("system:demo"):
        Screening.objects.filter(pk=here.screening.pk).update(state="closed")
    with acting_as(here.teacher):
        assert watched_rooms() == []


def test_only_colleagues_for_classes_of_the_screening_and_only_today(here, there, room):
    for values, words in (
        ({"watcher": there.teacher}, "本校在岗"),
        ({"klass_id": here.other_klass.pk}, "不在测评里"),
        ({"until": timezone.now() - timedelta(seconds=1)}, "今天之内"),
        ({"until": timezone.now() + timedelta(days=1, minutes=1)}, "今天之内"),
    ):
        watcher = values.pop("watcher", here.teacher)
        with pytest.raises(ScreeningRefused, match=words):
            ask(here, watcher, **values)


def test_the_counselor_asks_on_the_page_of_the_class_and_the_board_asks_no_more_for_more_seats(here, room, enter):
    url = reverse("assessments:screening-klass", args=[here.screening.pk, here.klass.pk])
    ask_url = reverse("assessments:room-ask", args=[here.screening.pk, here.klass.pk])
    assert "看机房的老师" in enter(here.counselor).get(url).text
    assert "看机房的老师" not in enter(here.homeroom).get(url).text
    assert enter(here.homeroom).post(ask_url, {}).status_code == 403
    client = enter(here.counselor)
    assert "请选择老师" in client.post(ask_url, {"watcher": "", "until": "23:59"}, follow=True).text
    assert "甲teacher" in client.post(ask_url, {"watcher": here.teacher.pk, "until": "23:59"}, follow=True).text
    client, counts = enter(here.teacher), []
    client.get(reverse("assessments:room-board"))
    for n in (0, 1):
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("assessments:room-board"), headers={"HX-Request": "true"})
        counts.append(len(caught))
        if n == 0:
            invite(here, here.students[1], state="started")
            ask(here, here.teacher)
    assert counts[0] == counts[1]
