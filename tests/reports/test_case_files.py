"""一人一案 on paper: whole for the school, without others for a reader outside; nobody else gets either."""

import shutil
import subprocess

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crisis.actions.dossier import move_note, write_section
from crisis.actions.home_harm import suspend_guardian
from crisis.actions.levels import state_level
from crisis.models import Case
from tests.crisis.cases import in_days, met, noted, opened, planned_item, second_counselor
from tests.reports.paper import text_of
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry, AuditEntry
from xinyu.reports.actions import HeldBack, ReportGone, request_case_file, take_pdf
from xinyu.reports.case_files import case_file
from xinyu.reports.models import Report
from xinyu.reports.tasks import render_waiting

pytestmark = pytest.mark.django_db
PHONE = "13800000000"


def whole(world) -> Case:
    """A red case with something in every kind of section; names of others in free text."""
    case, mate = world.case, world.students[1].name
    with acting_as(world.counselor):
        state_level(case, actor=world.counselor, level="red", reason=f"{mate}说他有计划", until_on=in_days(20))
        for section, texts in {
            "discovery": {"way": "同学反映", "noticed": f"{mate}看到纸条", "reporter": "canary-告知人"},
            "risk": {"plan": f"写过时间，{world.homeroom.name}知道", "means": f"可打{PHONE}"},
            "medical": {"told_by": "监护人转述", "conclusion": "canary-医生的话"},
            "student": {"family": "canary-家里的事"},
        }.items():
            write_section(case, section, texts, actor=world.counselor, base=0)
    planned_item(world, case, goal="canary-目标", action=f"请{world.vice_principal.name}安排")
    noted(world, case, body="canary-谈话正文")
    met(world, case, level="red", body="canary-纪要正文")
    return case


def made(case, user, *, is_redacted, purpose="归档") -> Report:
    with acting_as(user):
        report = request_case_file(case, actor=user, purpose=purpose, is_redacted=is_redacted)
    assert render_waiting() == 1
    return report


def paper(report, user) -> str:
    """What pdftotext reads, without blanks."""
    with acting_as(user):
        report.refresh_from_db()
        pdf = take_pdf(report, actor=user)
    if shutil.which("pdftotext") is None:
        return text_of(pdf)
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_the_whole_one_has_every_section_and_names_its_reader_on_every_page(here):
    case = whole(here)
    text = paper(made(case, here.counselor, is_redacted=False), here.counselor)
    for words in (
        "一人一案", "校内完整件", "canary-告知人", "canary-医生的话", "canary-家里的事", "canary-目标",
        "canary-谈话正文", "canary-纪要正文", "甲家长", PHONE, here.students[1].name, "17附件", "用途：归档",
        "学校不作诊断", "第1版",
    ):  # fmt: skip
        assert words in text, words
    pages = text.count("页/共")
    assert pages >= 2 and text.count(f"{here.counselor.name}打印于") == pages


def test_the_copy_for_outside_has_no_other_person_and_says_what_it_leaves_out(here):
    case = whole(here)
    report = made(case, here.counselor, is_redacted=True, purpose="交市医院：评估")
    text = paper(report, here.counselor)
    assert "canary-告知人" not in text and "同学反映" not in text and "canary-家里的事" not in text
    assert "canary-谈话正文" not in text and "canary-纪要正文" not in text and "canary-甲" not in text
    assert "甲家长" not in text and PHONE not in text and "138****" not in text
    for name in (here.students[1].name, here.homeroom.name, here.vice_principal.name):
        assert name not in text, name
    assert "某同学看到纸条" in text and "某老师知道" in text and "（号码已隐去）" in text
    assert "canary-医生的话" in text and "canary-目标" in text and here.students[0].name in text
    assert "本副本不含" in text and "不写入：过程记录正文" in text and "对外副本" in text and "交市医院：评估" in text


def test_another_counselor_prints_no_note_that_she_does_not_read(here):
    case, other = whole(here), second_counselor(here)
    text = paper(made(case, other, is_redacted=False), other)
    assert "canary-谈话正文" not in text and "canary-甲-note" not in text and "canary-医生的话" in text


def test_a_one_page_case_prints_on_one_page(here):
    case = opened(here, here.students[1])
    with acting_as(here.counselor):
        noticed = {"way": "班主任发现", "noticed": "作业拖欠，课间常一个人坐着。"}
        write_section(case, "discovery", noticed, actor=here.counselor, base=0)
    planned_item(here, case)
    text = paper(made(case, here.counselor, is_redacted=False), here.counselor)
    assert "第1页/共1页" in text and "一生一案" in text and "4风险描述" not in text and "9干预方案" in text


def test_asks_as_much_for_one_row_as_for_three(here):
    case = whole(here)

    def asked() -> int:
        with acting_as(here.counselor), CaptureQueriesContext(connection) as found:
            case_file(case.pk, reader=here.counselor, purpose="用途", at=timezone.now(), is_redacted=True)
        return len(found)

    asked()
    few = asked()
    for number in range(2):
        noted(here, case, body=f"第{number}次")
        planned_item(here, case)
        met(here, case, level="red")
    assert asked() == few <= 60


def test_nothing_goes_home_while_home_is_held(here):
    with acting_as(here.counselor):
        report = request_case_file(here.case, actor=here.counselor, purpose="监护人申请查阅", is_redacted=True)
    assert render_waiting() == 1
    with acting_as(here.counselor):
        suspend_guardian(
            here.case, actor=here.counselor, guardian=None, named="家里人", reason="说过", known_at=timezone.now()
        )
        with pytest.raises(HeldBack):
            request_case_file(here.case, actor=here.counselor, purpose="交监护人：查阅", is_redacted=True)
        report.refresh_from_db()
        with pytest.raises(ReportGone):
            take_pdf(report, actor=here.counselor)


def test_a_paper_with_an_entry_of_another_student_is_gone_when_the_entry_is(here):
    goal, note = opened(here, here.students[1]), noted(here, here.case, body="写错的话")
    report = made(here.case, here.counselor, is_redacted=False)
    with acting_as(here.counselor):
        move_note(note, goal, actor=here.counselor, reason="选错了学生")
        report.refresh_from_db()
        with pytest.raises(ReportGone):
            take_pdf(report, actor=here.counselor)


def form_page(world) -> str:
    return reverse("reports:case-file-request", args=[world.case.pk])


def log_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_form_asks_for_whom_the_copy_is_and_each_look_is_recorded(here):
    client, page = log_in(here.counselor), form_page(here)
    assert "对外副本不写入" in client.get(page).content.decode()
    answer = client.post(page, {"kind": "case_copy", "purpose": "评估"})
    assert answer.status_code == 422 and "请写明对外副本交给谁" in answer.content.decode()
    assert client.post(page, {"kind": "case_file", "purpose": ""}).status_code == 422
    assert client.post(page, {"kind": "growth_file", "purpose": "归档"}).status_code == 422
    assert client.post(page, {"kind": "case_copy", "recipient": "市医院", "purpose": "评估"}).status_code == 302
    with acting_as(here.counselor):
        report = Report.objects.get()
        assert (report.kind, report.purpose, report.case_id) == ("case_copy", "交市医院：评估", here.case.pk)
    assert render_waiting() == 1
    download = client.get(reverse("reports:download", args=[report.pk]))
    assert download.status_code == 200 and download.content.startswith(b"%PDF")
    with acting_as("system:demo"):
        assert AuditEntry.objects.filter(verb="reports.request_case_file", student_id=report.student_id).count() == 1
        assert AccessEntry.objects.filter(what__contains="对外副本", purpose="交市医院：评估").count() == 1


def test_outsider_leaders_and_teachers_ask_for_nothing(here, there):
    page = form_page(here)
    values = {"kind": "case_file", "purpose": "归档"}
    assert log_in(there.counselor).post(page, values).status_code == 404
    for role in ("principal", "vice_principal", "homeroom", "grade_head", "county_officer", "expert"):
        assert log_in(here.users[role]).post(page, values).status_code == 403, role
    with acting_as("system:reports"):
        assert not Report.objects.exists()
