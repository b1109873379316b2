"""Interview pages: who gets what, refusals, the five-second refresh, no text in the wrong hands."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Flag, Interview
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry

pytestmark = pytest.mark.django_db
QUEUE = "/interviews/"


def looks(world, what):
    with acting_as(world.counselor):
        return AccessEntry.objects.filter(what=what).count()


def add_waiting(world, number, **values):
    given = {"level": "same_day", "source": "item", "scale": "PHQ-9", "item": 9, "due_at": timezone.now()} | values
    with acting_as("system:demo"):
        kid = make_student(world.klass, f"w{number}", f"{world.tag}等待{number}")
        return Flag.objects.create(student=kid, **given)


def form_values(world, **values):
    given = {"at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "outcome": "no_concern", "summary": "说了最近的事"}
    return given | {"flags": str(world.flag.pk)} | values


def test_the_queue_is_for_the_schools_counselor_and_names_nobody_else(here, there, enter):
    add_waiting(here, 1, level="immediate")
    page = enter(here.counselor).get(QUEUE).content.decode()
    assert page.index("甲等待1") < page.index("甲同学1") and "乙同学" not in page
    assert "甲同学" not in enter(there.counselor).get(QUEUE).content.decode()
    for role in ("homeroom", "principal", "grade_head", "county_officer", "system_admin", "expired"):
        assert enter(here.users[role]).get(QUEUE).status_code == 403


def test_a_student_is_one_row_however_many_flags(here, enter):
    with acting_as("system:demo"):
        Flag.objects.create(student=here.students[0], level="immediate", source="item", due_at=timezone.now())
    page = enter(here.counselor).get(QUEUE).content.decode()
    assert page.count("甲同学1") == 2 and "1 名学生等待访谈" in page  # the cell and the label of its button
    assert "立即访谈" in page


def test_a_critical_answer_appears_with_the_next_refresh(here, enter):
    client = enter(here.counselor)
    poll = client.get(QUEUE).context["poll"]
    htmx = {"HTTP_HX_REQUEST": "true"}
    assert client.get(poll, **htmx).status_code == 204
    shown = looks(here, "queue")
    add_waiting(here, 2, level="immediate")
    answer = client.get(poll, **htmx)
    assert "甲等待2" in answer.content.decode() and "<html" not in answer.content.decode()
    assert looks(here, "queue") == shown + 1
    assert "every 3s" in answer.content.decode()


def test_the_queue_asks_as_often_for_three_as_for_one(here, enter):
    client = enter(here.counselor)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(QUEUE).status_code == 200
        return len(seen.captured_queries)

    cost()
    one = cost()
    add_waiting(here, 3)
    add_waiting(here, 4)
    cost()
    assert cost() == one > 0


def test_the_run_list_groups_same_day_items_and_prints_bare(here, there, enter):
    add_waiting(here, 5)
    add_waiting(here, 6)
    add_waiting(here, 7, level="immediate")
    client = enter(here.counselor)
    page = client.get(reverse("assessments:queue-run-list")).content.decode()
    assert "甲等待5" in page and "甲等待6" in page and "甲等待7" not in page and "甲同学1" not in page
    assert "五分钟谈话提纲" in page
    paper = client.get(reverse("assessments:queue-run-list"), {"print": "1"}).content.decode()
    assert "xy-side" not in paper and "甲等待5" in paper
    assert looks(here, "run-list") == 4


def test_opening_marks_seen_and_leads_to_the_form(here, enter):
    client = enter(here.counselor)
    url = reverse("assessments:flags-open", args=[here.students[0].pk])
    assert client.get(url).status_code == 405
    assert client.post(url).url == reverse("assessments:interview-new", args=[here.students[0].pk])
    with acting_as(here.counselor):
        assert Flag.objects.get().seen_by == here.counselor


def test_saving_answers_the_flag_and_asks_for_a_level(here, enter):
    url = reverse("assessments:interview-new", args=[here.students[0].pk])
    client = enter(here.counselor)
    assert "甲同学1" in client.get(url).content.decode()
    answer = client.post(url, form_values(here, outcome="case"))
    assert answer.status_code == 302
    with acting_as(here.counselor):
        held = Interview.objects.exclude(pk=here.interview.pk).get()
        assert Flag.objects.get().interview_id == held.pk
    assert str(held.pk) in answer.url
    assert "甲同学1" not in client.get(QUEUE).content.decode()


def test_the_second_save_gets_a_clear_409_and_keeps_the_words(here, enter):
    url = reverse("assessments:interview-new", args=[here.students[0].pk])
    client = enter(here.counselor)
    assert client.post(url, form_values(here)).status_code == 302
    again = client.post(url, form_values(here, summary="第二位老师写的"))
    assert again.status_code == 409
    assert "登记过这名学生的访谈" in again.content.decode() and "第二位老师写的" in again.content.decode()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"summary": ""}, "必填"),
        ({"outcome": "watch"}, "请填写今天之后的日期"),
        ({"at": "2099-01-01T08:00"}, "不能晚于现在"),
        ({"summary": "家长说有抑郁症"}, "学校不作诊断"),
        ({"outcome": "cured"}, "cured"),
    ],
)
def test_bad_input_is_422_at_the_field_and_writes_nothing(here, enter, values, message):
    url = reverse("assessments:interview-new", args=[here.students[0].pk])
    answer = enter(here.counselor).post(url, form_values(here, **values))
    assert answer.status_code == 422 and message in answer.content.decode()
    with acting_as(here.counselor):
        assert Flag.objects.get().handled_at is None and Interview.objects.count() == 1


def test_a_diagnosis_with_its_source_is_taken(here, enter):
    url = reverse("assessments:interview-new", args=[here.students[0].pk])
    client = enter(here.counselor)
    saved = client.post(url, form_values(here, summary="家长带来病历：抑郁症", is_from_hospital="on"), follow=True)
    assert "诊断信息由医疗机构提供" in saved.content.decode()


def test_the_text_of_an_interview_is_the_counselors(here, there, enter):
    url = reverse("assessments:interview-detail", args=[here.interview.pk])
    assert "canary-甲-interview" in enter(here.counselor).get(url).content.decode()
    assert looks(here, "interview-text") == 1
    assert enter(there.counselor).get(url).status_code == 404
    for role in ("principal", "vice_principal", "homeroom", "county_officer"):
        answer = enter(here.users[role]).get(url)
        assert answer.status_code == 403 and "canary" not in answer.content.decode()


def test_nothing_of_another_county_can_be_opened_or_written(here, there, enter):
    client = enter(there.counselor)
    for name in ("interview-new", "concern-new", "growth-file", "observation-new"):
        assert client.get(reverse(f"assessments:{name}", args=[here.students[0].pk])).status_code == 404
    assert client.post(reverse("assessments:flags-open", args=[here.students[0].pk])).status_code == 404
    assert client.post(reverse("assessments:climbed-acknowledge", args=[here.flag.pk])).status_code == 404
    with acting_as(here.counselor):
        assert Flag.objects.get().seen_at is None


def test_what_climbed_shows_a_name_and_a_time_and_can_be_acknowledged(here, enter):
    with acting_as("system:triage"):
        Flag.objects.filter(pk=here.flag.pk).update(
            climbed_to=here.principal, due_at=timezone.now() - timedelta(hours=1)
        )
    client = enter(here.principal)
    page = client.get(reverse("assessments:climbed-list")).content.decode()
    assert "甲同学1" in page and "已过时限" in page and "canary" not in page
    client.post(reverse("assessments:climbed-acknowledge", args=[here.flag.pk]))
    with acting_as(here.principal):
        assert Flag.objects.get().seen_by == here.principal
    assert "甲同学1" not in enter(here.vice_principal).get(reverse("assessments:climbed-list")).content.decode()
