"""求助: a code on a wall, a word without a log-in, a thread at the counselor's, a state on the reporter's paper."""

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import help_limits
from assessments.actions.concerns import match_reports
from assessments.actions.help import open_door
from assessments.models import ConcernEntry, ConcernReport, Flag, HelpDoor
from assessments.queries.concerns import threads
from xinyu.access.actor import DOOR, acting_as
from xinyu.audit.models import AuditEntry
from xinyu.organisations.models import County
from xinyu.reminders.causes import unnamed_reports

pytestmark = pytest.mark.django_db
UNNAMED = reverse("assessments:concern-unnamed")


@pytest.fixture
def door(here):
    cache.clear()
    with acting_as(here.counselor):
        return open_door(here.school, actor=here.counselor, place="三楼楼梯口", room="综合楼 203")


def ask(door, at="127.0.0.1", **values):
    given = {"level": "same_day", "text": "canary-help 甲同学2说不想活了", "key": str(uuid4())}
    return Client(REMOTE_ADDR=at).post(reverse("assessments:help-ask", args=[door.code]), given | values)


def state(code: str) -> str:
    return Client().post(reverse("assessments:help-follow"), {"code": code}).content.decode()


def code_of(response) -> str:
    return re.search(r"<strong>([A-Z0-9 ]{12})</strong>", response.content.decode())[1]


def test_the_local_hotline_of_the_page_is_dialled_without_its_hours(here, door):
    with acting_as("system:demo"):
        County.objects.filter(pk=here.county.pk).update(settings={"hotline": "0731-12355（每天8:00—22:00）"})
    shown = Client().get(reverse("assessments:help-ask", args=[door.code])).text
    assert '<a href="tel:0731-12355">0731-12355（每天8:00—22:00）</a>' in shown


def test_a_word_without_a_name_reaches_the_counselor_alone_and_the_paper_follows_it(here, there, door, enter):
    client = Client()
    shown = client.get(reverse("assessments:help-ask", args=[door.code])).content.decode()
    assert "12356" in shown and "综合楼 203" in shown and "甲同学" not in shown
    answer = ask(door, name="甲同学2", klass=here.klass.pk, caller="初二3班靠窗")
    assert answer.status_code == 200 and "12356" in answer.content.decode()
    code = code_of(answer)
    assert "已收到" in state(code)
    assert match_reports() == 0, "nobody is matched by a stranger's word"
    with acting_as(here.counselor):
        assert Flag.objects.filter(source="help").count() == 0
        report = ConcernReport.objects.get(source="help")
        assert report.by is None and report.klass == here.klass
        assert AuditEntry.objects.filter(verb="assessments.ask_help", actor="door:").count() == 1
    kid = here.students[1]
    page = enter(here.counselor).get(UNNAMED).content.decode()
    assert "canary-help" in page and f'value="{kid.number}"' in page and "初二3班靠窗" in page
    assert "canary-help" not in enter(there.counselor).get(UNNAMED).content.decode()
    attach = reverse("assessments:concern-attach", args=[report.pk])
    assert enter(here.counselor).post(attach, {"number": kid.number}).status_code == 302
    assert "处理中" in state(code) and "canary" not in state(code)
    with acting_as(here.counselor):
        [thread] = threads(kid)
        assert thread.entries[0][0].source == "help"
        flag = Flag.objects.get(student=kid, source="help")
    talk = reverse("assessments:interview-new", args=[kid.pk])
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    enter(here.counselor).post(talk, {"at": at, "outcome": "no_concern", "summary": "谈过了", "flags": str(flag.pk)})
    assert "已结束" in state(code)


def test_it_lands_in_the_thread_of_the_day_beside_other_concerns(here, door):
    from assessments.actions.concerns import attach_report, tell_concern

    with acting_as(here.teacher):
        tell_concern(
            here.school, actor=here.teacher, level="talk", text="课上走神", names=["甲同学2"], klass=here.klass
        )
    assert match_reports() == 1
    ask(door)
    with acting_as(here.counselor):
        attach_report(ConcernReport.objects.get(source="help"), here.students[1], actor=here.counselor)
        [thread] = threads(here.students[1])
        assert {entry.source for entry, _ in thread.entries} == {"help", "staff"}


def test_a_page_sent_twice_is_one_word_and_one_code(here, door):
    key = str(uuid4())
    first, second = ask(door, key=key), ask(door, key=key)
    assert code_of(first) == code_of(second)
    with acting_as(here.counselor):
        assert ConcernReport.objects.filter(source="help").count() == 1


@pytest.mark.parametrize("redis", ["there", "away"])
def test_too_many_words_are_refused_honestly_and_an_urgent_one_never(here, door, redis, monkeypatch, settings):
    monkeypatch.setattr(help_limits, "PER_ADDRESS", 2)
    if redis == "away":
        away = "redis://127.0.0.1:1/0"
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": away}}
    assert [ask(door).status_code for _ in range(3)] == [200, 200, 429]
    refused = ask(door, text="写了很久的话").content.decode()
    assert "没有送出" in refused and "写了很久的话" in refused and "12356" in refused and "综合楼 203" in refused
    urgent = ask(door, level="immediate")
    assert urgent.status_code == 200 and "不要只等" in urgent.content.decode()
    with acting_as(here.counselor):
        assert ConcernReport.objects.filter(source="help").count() == 3
        assert ConcernReport.objects.filter(source="help", level="immediate").count() == 1
    with acting_as("system:reminders"):
        assert any(draft.is_urgent for draft in unnamed_reports(timezone.localdate()))


def test_a_teacher_who_is_logged_in_may_scan_it_too(here, door, enter):
    page = reverse("assessments:help-ask", args=[door.code])
    assert enter(here.teacher).get(page).status_code == 200
    assert enter(here.teacher).get(reverse("assessments:help-ask", args=["GONE"])).status_code == 404


def test_a_code_has_a_limit_of_its_own_a_day(here, door, monkeypatch):
    monkeypatch.setattr(help_limits, "PER_DOOR", 1)
    assert [ask(door).status_code for _ in range(2)] == [200, 429]


def test_only_words_that_were_accepted_and_can_wait_count(here, door, monkeypatch):
    monkeypatch.setattr(help_limits, "PER_ADDRESS", 1)
    monkeypatch.setattr(help_limits, "PER_DOOR", 2)
    key = str(uuid4())
    assert [ask(door, level="immediate").status_code for _ in range(4)] == [200] * 4
    assert ask(door, key=key).status_code == 200  # what was urgent took nothing away
    assert [ask(door).status_code for _ in range(3)] == [429] * 3
    assert ask(door, at="10.0.0.9").status_code == 200  # nor did what was refused
    assert ask(door, at="10.0.0.8").status_code == 429


def test_a_page_that_is_sent_again_counts_once(here, door, monkeypatch):
    monkeypatch.setattr(help_limits, "PER_DOOR", 2)
    key = str(uuid4())
    assert [ask(door, key=key).status_code for _ in range(3)] == [200] * 3
    assert ask(door).status_code == 200


def test_a_school_behind_one_address_is_not_one_phone(here, door):
    assert [ask(door, level="talk").status_code for _ in range(15)] == [200] * 15


def test_what_is_missing_is_said_at_its_field_and_a_code_taken_down_still_helps(here, door):
    empty = ask(door, text="", level="")
    assert empty.status_code == 422 and "请写一句" in empty.content.decode() and "请选一项" in empty.content.decode()
    with acting_as(here.counselor):
        HelpDoor.objects.filter(pk=door.pk).update(ended_at=timezone.now())
    gone = ask(door)
    assert gone.status_code == 404 and "12356" in gone.content.decode()
    assert "没有找到" in state("ABCDEFGH23")


def test_the_door_reads_no_row(here, door):
    ask(door)
    for table in ("assessments_concernreport", "assessments_helpdoor", "assessments_helpknock", "students_student"):
        with pytest.raises(ProgrammingError, match="permission denied"), acting_as(DOOR), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - constant names
    assert ConcernEntry  # a word becomes an entry only at the counselor's


def test_the_counselor_prints_a_poster_and_takes_a_code_down(here, there, door, enter):
    client = enter(here.counselor)
    listed = reverse("assessments:help-door-list")
    assert client.post(listed, {"place": "", "room": ""}).status_code == 422
    assert client.post(listed, {"place": "初二（3）班", "room": "综合楼 203"}).status_code == 302
    assert "初二（3）班" in client.get(listed).content.decode()
    poster = client.get(reverse("assessments:help-poster", args=[door.pk]))
    assert poster["Content-Type"] == "application/pdf" and poster.content.startswith(b"%PDF")
    assert enter(there.counselor).get(reverse("assessments:help-poster", args=[door.pk])).status_code == 404
    assert enter(here.principal).get(listed).status_code == 403
    assert enter(here.counselor).post(reverse("assessments:help-door-end", args=[door.pk])).status_code == 302
    assert ask(door).status_code == 404
