"""The growth file page and results: depth by role, older records with a reason, every look recorded."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions.growth import add_entry
from assessments.models import Flag, Result, SavedAnswers, ScaleVersion, ScreeningScale, TimelineEntry
from assessments.scoring import load_documents
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry

pytestmark = pytest.mark.django_db
BAND = "提示情绪困扰程度：中"


def page_of(world, n=0):
    return reverse("assessments:growth-file", args=[world.students[n].pk])


def purposes(world, what):
    with acting_as(world.counselor):
        return list(AccessEntry.objects.filter(what=what).order_by("pk").values_list("purpose", flat=True))


@pytest.fixture
def scored(here):
    """A PHQ-9 result of the first student with item 9 raised."""
    with acting_as("system:demo"):
        document = load_documents()["PHQ-9"]
        version = ScaleVersion.objects.create(
            code="PHQ-9", version="1", title=document["title_zh"], definition=document, digest="d" * 64, source="s"
        )
        ScreeningScale.objects.create(screening=here.screening, version=version, order=1)
        sheet = {"display_total": 12.0, "band": {"label": BAND, "source": "Kroenke 2001"}, "factors": {}, "quality": []}
        Result.objects.create(
            sitting=here.sitting, version=version, scale="PHQ-9", is_complete=True, is_valid=True, total=12, band=BAND,
            sheet=sheet,
        )  # fmt: skip
        Flag.objects.create(
            sitting=here.sitting, level="immediate", source="item", scale="PHQ-9", item=9, due_at=timezone.now()
        )
    return version


def test_the_counselor_reads_all_the_homeroom_teacher_what_is_shared(here, there, scored, enter):
    kid = here.students[0]
    with acting_as(here.counselor):
        add_entry(kid, "home", timezone.localdate(), "家访", "canary-甲-private", source="x:1")
        add_entry(kid, "home", timezone.localdate(), "电话", "已约家长来校", source="x:2", is_shared=True)
    full = enter(here.counselor).get(page_of(here)).content.decode()
    assert "canary-甲-private" in full and BAND in full and "Kroenke 2001" in full and "不是诊断" in full
    own = enter(here.homeroom).get(page_of(here)).content.decode()
    assert "已约家长来校" in own and "canary" not in own
    assert BAND not in own and "12 分" not in own and "测评结果" not in own
    leader = enter(here.principal).get(page_of(here)).content.decode()
    assert "canary" not in leader and "已约家长来校" not in leader and BAND not in leader
    assert enter(there.counselor).get(page_of(here)).status_code == 404
    assert enter(here.homeroom).get(page_of(here, 2)).status_code == 404
    for role in ("teacher", "grade_head", "moral_head", "county_officer"):
        assert enter(here.users[role]).get(page_of(here)).status_code == 403


def test_phones_are_masked_and_every_look_is_recorded(here, enter):
    page = enter(here.counselor).get(page_of(here), {"section": "home"}).content.decode()
    assert "138******00" in page and "13800000000" not in page
    assert purposes(here, "growth-file") == ["家校沟通"]


def test_older_records_need_a_reason_that_is_kept(here, enter):
    kid = here.students[0]
    with acting_as(here.counselor):
        add_entry(kid, "life_event", date(2020, 3, 1), "转学", "旧事", source="x:old")
    client = enter(here.counselor)
    first = client.get(page_of(here))
    assert "旧事" not in first.content.decode() and "查看更早的记录" in first.content.decode()
    refused = client.get(page_of(here), {"older": "True", "reason": ""})
    assert refused.status_code == 422 and "旧事" not in refused.content.decode()
    assert "旧事" in client.get(page_of(here), {"older": "True", "reason": "handover"}).content.decode()
    assert purposes(here, "growth-file")[-1] == "全部；更早记录：升学、转学移交"


def test_the_file_is_opened_by_the_first_look(here, enter):
    assert "建立成长档案" in enter(here.homeroom).get(page_of(here, 1)).content.decode()


def test_the_page_asks_as_often_for_three_entries_as_for_one(here, enter):
    kid, today = here.students[0], timezone.localdate()
    client = enter(here.counselor)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page_of(here)).status_code == 200
        return len(seen)

    with acting_as(here.counselor):
        add_entry(kid, "home", today, "一", "甲", source="x:1")
    cost()
    one = cost()
    with acting_as(here.counselor):
        for n in (2, 3):
            add_entry(kid, "home", today, "又", "乙", source=f"x:{n}", author=here.counselor)
    assert cost() == one


def test_two_results_of_one_scale_make_a_table_and_a_line(here, scored, enter):
    from assessments.models import Screening, Sitting

    with acting_as("system:demo"):
        now = timezone.now()
        later = Screening.objects.create(
            school=here.school, title="复测", opens_at=now, closes_at=now + timedelta(days=1), created_by=here.counselor
        )
        sitting = Sitting.objects.create(screening=later, student=here.students[0], code_index=b"again")
        Result.objects.create(
            sitting=sitting, version=scored, scale="PHQ-9", is_complete=True, is_valid=True, total=7, band="轻",
            sheet={"display_total": 7.0},
        )  # fmt: skip
    page = enter(here.counselor).get(page_of(here))
    assert [list(chart.series[0].values) for chart in page.context["charts"]] == [[12.0, 7.0]]
    assert "历次得分" in page.content.decode()


def test_an_observation_is_written_kept_on_error_and_not_doubled(here, there, enter):
    url = reverse("assessments:observation-new", args=[here.students[0].pk])
    client = enter(here.homeroom)
    key = (
        str(client.get(url).context["form"].initial["key"]) if "key" in client.get(url).context["form"].initial else ""
    )
    values = {"on": "2026-01-05", "text": "像是抑郁症", "key": key or "6a1d1f0e-4a5b-4a52-9a3d-0f7f0a1a2b3c"}
    refused = client.post(url, values)
    assert refused.status_code == 422 and "像是抑郁症" in refused.content.decode()
    values["text"] = "课间独坐，午饭没吃"
    assert client.post(url, values).status_code == client.post(url, values).status_code == 302
    with acting_as(here.homeroom):
        assert TimelineEntry.objects.count() == 1
    assert enter(there.counselor).post(url, values).status_code == 404
    assert enter(here.principal).post(url, values).status_code == 403


def test_results_name_critical_items_and_answers_need_a_click(here, there, scored, enter):
    from assessments.answer_vault import seal_answers
    from assessments.answers import Sheet

    with acting_as("system:demo"):
        sealed = seal_answers(
            {"PHQ-9": Sheet((1, 1, 1, 1, 2, 2, 1, 1, 2))},
            sitting_id=here.sitting.pk,
            screening_id=here.screening.pk,
            wrapped=here.screening.key.wrapped,
        )
        SavedAnswers.objects.create(sitting=here.sitting, revision=1, answers=sealed)
    detail = reverse("assessments:result-detail", args=[here.sitting.pk])
    answers = reverse("assessments:result-answers", args=[here.sitting.pk])
    client = enter(here.counselor)
    page = client.get(detail).content.decode()
    assert "第 9 题" in page and "立即访谈" in page and "一半以上的日子" not in page
    assert purposes(here, "answers") == [] and client.get(answers).status_code == 405
    assert "一半以上的日子" in client.post(answers).content.decode()
    assert purposes(here, "answers") == ["查看逐题作答"]
    assert enter(there.counselor).get(detail).status_code == enter(there.counselor).post(answers).status_code == 404
    for role in ("principal", "homeroom", "grade_head"):
        assert enter(here.users[role]).get(detail).status_code == 403
        assert enter(here.users[role]).post(answers).status_code == 403


def test_the_form_stands_beside_the_sheet_of_the_sitting(here, scored, enter):
    page = enter(here.counselor).get(reverse("assessments:interview-new", args=[here.students[0].pk])).content.decode()
    assert "第 9 题" in page and "Kroenke 2001" in page and "不是诊断" in page and "一半以上的日子" not in page


def test_a_student_without_anything_has_calm_pages(here, enter):
    with acting_as("system:demo"):
        make_student(here.klass, "empty", "甲空白")
    with acting_as(here.counselor):
        from xinyu.students.models import Student

        kid = Student.objects.get(name="甲空白")
    page = enter(here.counselor).get(reverse("assessments:growth-file", args=[kid.pk])).content.decode()
    assert "还没有测评结果" in page and "尚未登记监护人" in page
    assert (
        "没有未办的提示"
        in enter(here.counselor).get(reverse("assessments:interview-new", args=[kid.pk])).content.decode()
    )
