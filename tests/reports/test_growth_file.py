"""From the form to the PDF in the hand: who may, what is in it, what is never in it, how it ends."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.reports.paper import fill, pages_of, text_of
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry, AuditEntry
from xinyu.reports import jobs
from xinyu.reports.actions import request_growth_file
from xinyu.reports.models import Report
from xinyu.reports.tasks import expire_reports, render_waiting
from xinyu.ui import printing

REPORTS = "system:reports"


def ask(world, purpose="研判会使用") -> Report:
    with acting_as(world.counselor):
        return request_growth_file(world.students[0], actor=world.counselor, purpose=purpose)


def row(report: Report) -> Report:
    with acting_as(REPORTS):
        return Report.objects.get(pk=report.pk)


@pytest.fixture
def made(here, there):
    """The counselor's report of a student with something in every section; the other county has the same things."""
    fill(here)
    fill(there)
    report = ask(here)
    assert render_waiting() == 1
    return row(report)


def download(client: Client, report: Report):
    return client.get(reverse("reports:download", args=[report.pk]))


def test_form_needs_a_purpose_and_leaves_a_waiting_row(here, enter):
    client = enter(here.counselor)
    url = reverse("reports:growth-file-request", args=[here.students[0].pk])
    assert "甲同学1" in client.get(url).content.decode()
    refused = client.post(url, {"purpose": ""})
    assert refused.status_code == 422 and "请写明用途" in refused.content.decode()
    assert client.post(url, {"purpose": "转介材料准备"}).status_code == 302
    with acting_as(REPORTS):
        report = Report.objects.get()
        assert (report.state, report.purpose, report.school_id) == ("waiting", "转介材料准备", here.school.pk)
    with acting_as("system:demo"):
        assert (
            AuditEntry.objects.filter(verb="reports.request_growth_file", student_id=here.students[0].pk).count() == 1
        )


def test_pdf_says_in_chinese_what_the_counselor_sees(here, made, enter):
    answer = download(enter(here.counselor), made)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert "filename*=utf-8''%E4%B8%80%E7%94%9F%E4%B8%80%E5%86%8C_" in answer["Content-Disposition"]
    text = text_of(answer.content)
    for words in (
        "一生一册",
        "甲同学1",
        "甲家长",
        "甲排查登记",
        "甲内容1",
        "甲观察",
        "甲轻度信号",
        "canary-甲-interview",
    ):
        assert words in text, words
    for heading in ("重点关注与帮扶", "心理测评", "日常观察", "优势与资源", "家校沟通", "访谈"):
        assert heading in text, heading
    assert "成长史与重大生活事件" not in text, "a section without entries is not printed"


def test_every_page_names_the_reader_and_says_signal_not_diagnosis(here, made, enter):
    pages = pages_of(download(enter(here.counselor), made).content)
    assert len(pages) == made.pages
    for number, text in enumerate(pages, start=1):
        assert text.count("甲counselor") >= 4, "three times as watermark, once in the footer"
        assert "筛查信号非诊断" in text and "12356" in text
        assert f"第{number}页/共{len(pages)}页" in text


def test_pdf_holds_nothing_of_the_case_or_of_another_school(here, there, made, enter):
    text = text_of(download(enter(here.counselor), made).content)
    for canary in ("canary-甲-note", "canary-甲-case-title", "乙"):
        assert canary not in text


def test_row_never_holds_a_readable_pdf(made):
    with acting_as(REPORTS), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM reports_report WHERE id = %s", [made.pk])
        content = bytes(cursor.fetchone()[0])
    assert len(content) > 5000 and b"%PDF" not in content


def test_download_is_counted_and_recorded_as_a_look(here, made, enter):
    client = enter(here.counselor)
    download(client, made)
    download(client, made)
    assert row(made).downloads == 2
    with acting_as("system:demo"):
        looks = AccessEntry.objects.filter(student_id=made.student_id, what="一生一册（PDF）")
        assert [look.purpose for look in looks] == ["研判会使用"] * 2
        assert AuditEntry.objects.filter(verb="reports.download").count() == 2


@pytest.mark.parametrize("name", ["progress", "cancel", "download"])
def test_outsider_finds_nothing_and_homeroom_may_not(here, there, made, name):
    for user, status in ((there.counselor, 404), (here.homeroom, 403), (here.principal, 403)):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        url = reverse(f"reports:{name}", args=[made.pk])
        assert (client.post(url) if name == "cancel" else client.get(url)).status_code == status


def test_student_out_of_sight_can_not_be_asked_for(here, there, enter):
    client = enter(there.counselor)
    assert client.get(reverse("reports:growth-file-request", args=[here.students[0].pk])).status_code == 404


def test_whoever_lost_the_post_gets_no_file(here):
    report = ask(here)
    with acting_as("system:posts"):
        here.post_counselor.revoked_at, here.post_counselor.revoked_by = timezone.now(), here.granter
        here.post_counselor.save()
    assert render_waiting() == 0
    failed = row(report)
    assert failed.state == "failed" and "岗位" in failed.failure and failed.content is None


def test_expired_report_is_gone_and_emptied(here, made, enter):
    with acting_as(REPORTS):
        Report.objects.filter(pk=made.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    client = enter(here.counselor)
    assert download(client, made).status_code == 410
    assert expire_reports() == 1 and expire_reports() == 0
    gone = row(made)
    assert gone.state == "expired" and gone.content is None
    assert "已到期删除" in client.get(reverse("reports:list")).content.decode()


def test_cancelled_report_is_not_rendered(here, enter):
    report = ask(here)
    answer = enter(here.counselor).post(reverse("reports:cancel", args=[report.pk]))
    assert answer.status_code == 302 and render_waiting() == 0
    assert row(report).state == "cancelled"


def test_cancel_is_heard_between_the_steps(here):
    report = ask(here)
    taken = jobs.take_next()
    with acting_as(REPORTS):
        Report.objects.filter(pk=report.pk).update(state="cancelled")
    assert taken is not None and jobs.render_report(taken) is False
    assert row(report).state == "cancelled" and row(report).content is None


def test_report_of_a_dead_worker_is_taken_over_once_more(here):
    report = ask(here)
    assert jobs.take_next() is not None, "a worker takes it and dies"
    assert render_waiting() == 0, "its lease still runs"
    with acting_as(REPORTS):
        Report.objects.filter(pk=report.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert render_waiting() == 1
    assert (row(report).state, row(report).attempts) == ("done", 2)


def test_destroyed_key_ends_in_words_after_one_retry(here):
    report = ask(here)
    with acting_as("system:demo"):
        here.students[0].key.wrapped = None
        here.students[0].key.save()
    assert render_waiting() == 0
    failed = row(report)
    assert (failed.state, failed.attempts) == ("failed", 2) and "重试" in failed.failure


def test_list_polls_while_running_and_offers_the_file_when_done(here, enter):
    report = ask(here)
    client, url = enter(here.counselor), reverse("reports:list")
    assert "hx-get" in client.get(url).content.decode()
    assert render_waiting() == 1
    page = client.get(url).content.decode()
    assert reverse("reports:download", args=[report.pk]) in page and "hx-get" not in page
    part = client.get(reverse("reports:progress", args=[report.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "下载 PDF" in part


@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://127.0.0.1:9/x.png"])
def test_paper_fetches_nothing(url):
    with pytest.raises(printing.AddressRefused):
        printing.to_pdf(f'<p>字</p><img src="{url}">')
    assert printing.to_pdf("<p>字</p>")[1] == 1
