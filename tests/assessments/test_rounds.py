"""The same-day round: three taps, two counselors who do not collide, a page that stays quick."""

import re

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions.rounds import TakenError, claim, claim_next, record_round
from assessments.models import Flag, Interview
from tests.cast import add_post, make_student, make_user
from xinyu.access.actor import acting_as

pytestmark = pytest.mark.django_db
NEXT = reverse("assessments:round-next")
LIST = reverse("assessments:queue-run-list")


def wait(world, count, first=0):
    with acting_as("system:demo"):
        for n in range(first, first + count):
            kid = make_student((world.klass, world.other_klass)[n % 2], f"r{n:03d}", f"轮谈{n:03d}")
            Flag.objects.create(
                student=kid, level="same_day", source="item", scale="PHQ-9", item=9, due_at=timezone.now()
            )


def tap(client, url, **values):
    """Open the page of a talk, tap, save: what stood on the page goes with it."""
    page = client.get(url).content.decode()
    shown = re.search(r'name="flags" value="([\d,]+)"', page)
    return client.post(url, values | {"flags": shown.group(1) if shown else ""})


def said(response, words, *never):
    """The message that went along, in a cookie that whoever sits at the machine can read."""
    *_, one = get_messages(response.wsgi_request)
    assert response.status_code == 302 and words in one.message
    assert not [word for word in never if word in one.message]


def second_counselor(world):
    with acting_as("system:demo"):
        other = make_user("second-甲", "第二位老师")
        add_post(other, "counselor", world.school, granter=world.granter, approver=world.approver)
    return other


def test_two_counselors_work_the_round_to_its_end_and_never_meet(here):
    wait(here, 12)
    people, talked = [here.counselor, second_counselor(here)], []
    turn = 0
    while True:
        actor = people[turn % 2]
        with acting_as(actor):
            student_id = claim_next(here.school.pk, actor=actor)
            if student_id is None:
                break
            flag = Flag.objects.get(student_id=student_id)
            record_round(flag.student, actor=actor, outcome="no_concern", note="当日谈话：没有", shown=[flag.pk])
        talked.append(student_id)
        turn += 1
    assert len(talked) == len(set(talked)) == 12
    with acting_as(here.counselor):
        assert not Flag.objects.filter(source="item", handled_at=None).exists()
        assert {i.by_id for i in Interview.objects.exclude(pk=here.interview.pk)} == {p.pk for p in people}


def test_a_claimed_student_is_a_colleagues_until_taken_over(here, there, enter):
    wait(here, 2)
    other = second_counselor(here)
    with acting_as(other):
        pk = claim_next(here.school.pk, actor=other)
        student = Flag.objects.filter(student_id=pk).first().student
    with acting_as(here.counselor):
        assert claim_next(here.school.pk, actor=here.counselor) not in (None, pk)
        with pytest.raises(TakenError, match="第二位老师"):
            claim(student, actor=here.counselor)
    client = enter(here.counselor)
    talk = reverse("assessments:round-talk", args=[pk])
    refused = client.post(talk, {"heard": "none", "outcome": "no_concern"})
    assert refused.status_code == 409 and "第二位老师" in refused.content.decode()
    assert "接手" in client.get("/interviews/").content.decode()
    take = reverse("assessments:flags-take-over", args=[pk])
    assert enter(there.counselor).post(take).status_code == 404
    client = enter(here.counselor)
    said(client.post(take), "由您负责", student.name)
    said(tap(client, talk, heard="none", outcome="no_concern"), "已保存", student.name, "暂无")


def test_three_taps_save_and_lead_to_the_next(here, enter):
    wait(here, 2)
    client = enter(here.counselor)
    first = client.post(NEXT).url
    second = tap(client, first, heard="thought", outcome="watch", note="说只有一次").url
    assert second != first and second.startswith("/interviews/round/student/")
    assert tap(client, second, heard="none", outcome="no_concern").url == LIST
    assert tap(client, second, heard="none", outcome="no_concern").status_code == 409
    with acting_as(here.counselor):
        watched = Interview.objects.get(outcome="watch")
        assert watched.watch_until > timezone.localdate()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"heard": "grave", "outcome": "support"}, "不要让学生独处"),
        ({"heard": "thought", "outcome": "no_concern"}, "持续留意"),
        ({"heard": "none"}, "必填"),
        ({"heard": "none", "outcome": "case"}, "case"),
        ({"heard": "none", "outcome": "no_concern", "note": "他有抑郁症"}, "学校不作诊断"),
    ],
)
def test_what_is_grave_is_not_done_in_three_taps(here, enter, values, message):
    wait(here, 1)
    client = enter(here.counselor)
    talk = client.post(NEXT).url
    answer = client.post(talk, values)
    assert answer.status_code == 422 and message in answer.content.decode()
    with acting_as(here.counselor):
        assert Flag.objects.filter(source="item", handled_at=None).count() == 1


def test_what_came_while_they_talked_is_not_answered_unread(here, enter):
    wait(here, 1)
    client = enter(here.counselor)
    talk = client.post(NEXT).url
    shown = re.search(r'name="flags" value="([\d,]+)"', client.get(talk).content.decode()).group(1)
    with acting_as("system:demo"):
        student = Flag.objects.get(pk=int(shown)).student
        Flag.objects.create(student=student, level="talk", source="talk", due_at=timezone.now())
    values = {"heard": "none", "outcome": "no_concern", "note": "平静"}
    refused = client.post(talk, values | {"flags": shown})
    page = refused.content.decode()
    assert refused.status_code == 409 and "又有了新的提示" in page and "学生主动" in page and "平静" in page
    now = re.search(r'name="flags" value="([\d,]+)"', page).group(1)  # read now: the next press answers both
    assert client.post(talk, values | {"flags": now}).status_code == 302
    with acting_as(here.counselor):
        assert not Flag.objects.filter(student=student, handled_at=None).exists()


@pytest.mark.parametrize("came_first", [True, False])
def test_an_immediate_flag_is_not_answered_in_three_taps(here, enter, came_first):
    wait(here, 1)
    client = enter(here.counselor)
    talk = client.post(NEXT).url

    def immediate():
        with acting_as("system:demo"):
            mild = Flag.objects.get(source="item", handled_at=None)
            Flag.objects.create(
                student=mild.student, level="immediate", source="item", scale="PHQ-9", item=9, due_at=timezone.now()
            )

    if came_first:
        immediate()
    page = client.get(talk).content.decode()
    assert ("三步谈话办不了" in page) is came_first
    if not came_first:
        immediate()
    with acting_as(here.counselor):
        every = ",".join(str(pk) for pk in Flag.objects.values_list("pk", flat=True))
    refused = client.post(talk, {"heard": "none", "outcome": "no_concern", "flags": every})
    assert refused.status_code == 409 and "完整访谈" in refused.content.decode()
    with acting_as(here.counselor):
        assert Flag.objects.filter(source="item", handled_at=None).count() == 2


def test_the_list_and_the_queue_ask_as_often_for_many_as_for_one(here, enter):
    client = enter(here.counselor)

    def cost(url):
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen.captured_queries)

    wait(here, 1)
    before = cost(LIST), cost("/interviews/")
    wait(here, 20, first=1)
    assert (cost(LIST), cost("/interviews/")) == before


def test_an_acute_answer_is_not_filed_away(here, enter):
    url = reverse("assessments:interview-new", args=[here.students[0].pk])
    given = {
        "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "summary": "canary 问了五题",
        "flags": str(here.flag.pk),
        "asq_1": "yes",
        "asq_2": "no",
        "asq_3": "no",
        "asq_4": "no",
    }
    client = enter(here.counselor)
    gap = client.post(url, given | {"outcome": "watch"})
    assert gap.status_code == 422 and "ASQ 第 5 题还没有记录" in gap.content.decode()
    refused = client.post(url, given | {"outcome": "no_concern", "asq_5": "yes"})
    assert refused.status_code == 422 and "不让学生独处" in refused.content.decode()
    assert client.post(url, given | {"outcome": "case", "asq_5": "yes"}).status_code == 302
    with acting_as(here.counselor):
        held = Interview.objects.exclude(pk=here.interview.pk).get()
        assert held.is_acute and b"yes" not in bytes(held.answers)
    page = client.get(reverse("assessments:interview-detail", args=[held.pk])).content.decode()
    assert "ASQ：紧急提示" in page and "不让学生独处" in page
