"""What an interview asks: by urgency, as data of a version that a county may replace; the C-SSRS by file."""

import copy
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.actions.growth import add_entry
from assessments.actions.interview_forms import set_interview_forms, use_shipped_forms
from assessments.interview_forms import DATA, parse_templates, shipped_templates, template_for
from assessments.interview_sheet import HEAD, read_forms, rows_of
from assessments.models import Flag, Interview, ScreenerText
from assessments.queries.templates import templates_of
from assessments.screener_text import CSSRS_NUMBERS, read_words
from assessments.text_binding import TextRefused
from xinyu.access.actor import acting_as
from xinyu.lib.sheets_out import OutSheet, write_workbook
from xinyu.organisations.actions import confirm_year
from xinyu.organisations.models import County
from xinyu.vault.fields import reveal

RAW = json.loads((DATA / "interview-forms-2026.1.json").read_text("utf-8"))
PAGE = "assessments:screener-text"


def test_the_most_urgent_flag_decides_what_is_asked():
    templates = shipped_templates()
    assert template_for(["talk", "immediate", "same_day"], templates).title == "立即访谈表"
    assert template_for([], templates).title == template_for(["nonsense"], templates).title == "谈话记录表"
    assert [question.code for question in templates["immediate"].questions][:3] == ["safe", "thoughts", "plan"]


@pytest.mark.parametrize("spoil", ["no_level", "twice", "choice_without_options", "bad_code"])
def test_a_template_that_cannot_be_asked_is_refused(spoil):
    raw = copy.deepcopy(RAW)
    questions = raw["forms"][0]["questions"]
    if spoil == "no_level":
        raw["forms"].pop()
    elif spoil == "twice":
        questions.append(questions[0])
    elif spoil == "choice_without_options":
        questions[0]["kind"] = "choice"
    else:
        questions[0]["code"] = "two words"
    with pytest.raises(ValueError, match="访谈表"):
        parse_templates(raw)


def rows(**changed):
    words = {number: f"官方第{number}题" for number in CSSRS_NUMBERS} | changed
    return [["题号", "题目"], *([number, text] for number, text in words.items() if text is not None)]


def test_the_words_of_the_c_ssrs_are_read_question_by_question():
    assert read_words(rows())[-1] == ("6m", "官方第6m题")
    assert read_words([["题号", "题目"], *([float(n) if n != "6m" else n, "问"] for n in CSSRS_NUMBERS)])[0] == (
        "1",
        "问",
    )
    for bad, said in (
        ([["number", "text"]], "第一行应有"),
        (rows(**{"6m": None}), "缺第 6m 题"),
        ([*rows(), ["1", "又一次"]], "出现了两次"),
        ([*rows(), ["7", "没有这题"]], "A9 题号“7”"),
        (rows(**{"2": ""}), "应有 1—200 个字"),
    ):
        with pytest.raises(TextRefused, match=said):
            read_words(bad)


@pytest.mark.django_db
def test_the_form_of_the_bureau_is_kept_with_its_version_and_stands_beside_what_others_saw(here, enter):
    kid = here.students[0]
    with acting_as(here.homeroom):
        values = {"source": "x:1:told", "author": here.homeroom, "is_shared": True}
        add_entry(kid, "observation", timezone.localdate(), "观察记录", "上课常发呆", **values)
    page = reverse("assessments:interview-new", args=[kid.pk])
    client = enter(here.counselor)
    with acting_as(here.counselor):
        Flag.objects.filter(student=kid).update(level="immediate")
    shown = client.get(page).content.decode()
    assert "立即访谈表" in shown and "2026.1 版" in shown and "上课常发呆" in shown
    assert "不是官方中文版" in shown and "还没有录入官方中文版" in shown
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    values = {"at": at, "outcome": "support", "summary": "见表", "sheet": "immediate", "q_thoughts": "canary-form 每天"}
    assert client.post(page, values | {"q_plan": "没有这个选项"}).status_code == 422
    assert client.post(page, values | {"q_plan": "模糊"}).status_code == 302
    with acting_as(here.counselor):
        talk = Interview.objects.filter(student=kid).latest("pk")
        kept = json.loads(reveal(talk, "answers"))["form"]
        assert kept["version"] == "2026.1" and ["工具：能不能拿到", "没有问"] in kept["answers"]
    detail = client.get(reverse("assessments:interview-detail", args=[talk.pk])).content.decode()
    assert "canary-form 每天" in detail and "没有问" in detail


@pytest.mark.django_db
def test_a_county_replaces_the_template_and_a_broken_one_never_leaves_a_counselor_without(here, enter):
    page = reverse("assessments:interview-new", args=[here.students[1].pk])
    own = copy.deepcopy(RAW) | {"version": "本县 3"}
    own["forms"][2]["questions"] = [{"code": "greet", "label": "本县自己的问题", "kind": "text"}]
    for setting, said in ((own, "本县自己的问题"), ({"forms": [{"level": "talk"}]}, "学生想谈什么")):
        with acting_as("system:demo"):
            County.objects.filter(pk=here.county.pk).update(settings={"interview_forms": setting})
        assert said in enter(here.counselor).get(page).content.decode()


@pytest.mark.django_db
def test_the_county_binds_the_c_ssrs_and_its_schools_alone_see_the_words(here, there, enter):
    page, client = reverse(PAGE), enter(here.county_officer)
    assert client.get(reverse("assessments:screener-text-template")).content[:2] == b"PK"

    def post(table, **values):
        text = "\n".join(",".join(row) for row in table)
        file = SimpleUploadedFile("c-ssrs.csv", text.encode(), content_type="text/csv")
        given = {"file": file, "document": "官方中文版 2024", "is_checked": "on"}
        return client.post(page, given | values)

    assert post(rows(), is_checked="").status_code == 422
    refused = post(rows(**{"6m": None}))
    assert refused.status_code == 422 and "缺第 6m 题" in refused.content.decode()
    assert post(rows()).status_code == 302 and post(rows(**{"1": "新的第一题"})).status_code == 302
    assert "新的第一题" in client.get(page).content.decode()
    with acting_as(here.county_officer):
        assert [row.version for row in ScreenerText.objects.order_by("pk")] == ["1", "2"]
    form = reverse("assessments:interview-new", args=[here.students[0].pk])
    assert "新的第一题" in enter(here.counselor).get(form).content.decode()
    form = reverse("assessments:interview-new", args=[there.students[0].pk])
    assert "新的第一题" not in enter(there.counselor).get(form).content.decode()
    assert enter(here.counselor).get(page).status_code == 403


def sheet(*changed):
    table = [list(HEAD), *rows_of(shipped_templates())]
    for row, name, text in changed:
        table[row][HEAD.index(name)] = text
    return table


TITLES = {level: template.title for level, template in shipped_templates().items()}


def test_the_table_that_is_handed_out_reads_back_as_the_same_forms():
    again = parse_templates({"version": "x", "forms": read_forms(sheet(), TITLES)})
    for level, template in shipped_templates().items():
        assert again[level].questions == template.questions


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ((1, "访谈表", "马上"), "A2 请写"), ((2, "标识", "two words"), "B3"), ((2, "标识", "safe"), "出现了两次"),
        ((1, "问题", ""), "C2 应有"), ((3, "选项", "只有一个"), "D4 应有 2"), ((1, "应当询问", "可以"), "E2"),
        ((2, "标识", "other"), "不能不问"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_asked_is_refused_at_its_cell(changed, said):
    with pytest.raises(TextRefused, match=said):
        read_forms(sheet(changed), TITLES)


@pytest.mark.django_db
def test_the_county_hands_in_its_own_forms_and_the_next_talk_asks_them(here, there, enter):
    page = reverse("assessments:interview-forms")
    client = enter(here.county_officer)
    table = write_workbook(
        [OutSheet("访谈表", list(HEAD), sheet((1, "问题", "先问：身边有人吗"))[1:], (8, 8, 8, 8, 8))]
    )
    file = SimpleUploadedFile("forms.xlsx", table)
    assert client.post(page, {"file": file, "document": "本区访谈规范"}).status_code == 302
    assert "先问：身边有人吗" in client.get(page).content.decode()
    assert client.get(reverse("assessments:interview-forms-sheet")).status_code == 200
    assert templates_of(County.objects.get(pk=here.county.pk))["immediate"].questions[0].label == "先问：身边有人吗"
    assert templates_of(County.objects.get(pk=there.county.pk)) == shipped_templates()
    wrong = SimpleUploadedFile("forms.xlsx", b"no workbook")
    assert client.post(page, {"file": wrong, "document": "本区访谈规范"}).status_code == 422
    assert client.post(reverse("assessments:interview-forms-shipped")).status_code == 302
    assert templates_of(County.objects.get(pk=here.county.pk)) == shipped_templates()
    for role in ("counselor", "principal", "city_officer"):
        assert enter(here.users[role]).get(page).status_code == 403


@pytest.mark.django_db
def test_no_version_names_two_wordings_and_another_setting_is_not_lost(here):
    forms = read_forms(sheet(), TITLES)
    stale = County.objects.get(pk=here.county.pk)  # a page that was opened before
    with acting_as(here.county_officer):
        first = set_interview_forms(here.county, forms, "本区访谈规范")
        use_shipped_forms(here.county)
        assert templates_of(here.county) == shipped_templates()
        confirm_year(stale, 2027)
        assert set_interview_forms(here.county, forms, "本区访谈规范") != first
    assert County.objects.get(pk=here.county.pk).settings["confirmed_years"] == [2027]
