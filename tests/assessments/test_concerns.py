"""A concern from the telling to the end: matched by name, read by the counselor alone, its reporter protected."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.actions.concerns import match_reports, tell_concern
from assessments.models import ConcernEntry, ConcernReport, Flag, TimelineEntry
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry, AuditEntry
from xinyu.reminders.causes import unnamed_reports

pytestmark = pytest.mark.django_db
TELL = reverse("assessments:concern-tell")
UNNAMED = reverse("assessments:concern-unnamed")
WORDS = "canary-told 甲同学2说不想活了，甲同学3在场"


def tell(client, world, **values):
    given = {"klass": world.klass.pk, "names": "甲同学2", "level": "same_day", "text": WORDS}
    return client.post(TELL, given | values)


def test_a_teacher_who_sees_no_roster_names_a_student_and_follows_only_the_state(here, there, enter):
    client = enter(here.teacher)
    assert client.get("/students/").status_code == 403
    assert tell(client, here, level="").status_code == 422
    listed = tell(client, here, follow=True)
    assert listed.url == reverse("assessments:concern-list")
    assert match_reports() == 1
    page = client.get(listed.url).content.decode()
    assert "已收到" in page and "canary" not in page and "甲同学" not in page
    kid = here.students[1]
    enter(here.counselor).post(reverse("assessments:flags-open", args=[kid.pk]))
    assert "处理中" in enter(here.teacher).get(listed.url).content.decode()
    client = enter(here.counselor)
    talk = reverse("assessments:interview-new", args=[kid.pk])
    beside = client.get(talk).content.decode()
    assert "canary-told" in beside and here.teacher.name in beside
    with acting_as(here.counselor):
        flag = Flag.objects.get(student=kid)
        assert flag.raised_by is None and flag.level == "same_day"
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    saved = client.post(talk, {"at": at, "outcome": "no_concern", "summary": "谈过了", "flags": str(flag.pk)})
    assert saved.status_code == 302
    assert "已结束" in enter(here.teacher).get(listed.url).content.decode()


def test_several_students_are_one_report_and_a_view_of_each(here):
    with acting_as(here.teacher):
        report = tell_concern(here.school, actor=here.teacher, level="talk", text=WORDS, names=["甲同学2", "甲同学3"])
    assert match_reports() == 1
    with acting_as(here.counselor):
        from assessments.queries.concerns import threads

        second, third = (threads(kid)[0].entries[0][1] for kid in here.students[1:])
        assert second == "canary-told 甲同学2说不想活了，另一名同学在场"
        assert third == "canary-told 另一名同学说不想活了，甲同学3在场"
        report.refresh_from_db()
        assert report.matched_at and report.content is None and report.wrapped is None and report.count == 2


def test_reports_of_one_day_are_one_thread(here):
    for who in (here.teacher, here.grade_head):
        with acting_as(who):
            tell_concern(here.school, actor=who, level="talk", text=WORDS, names=["甲同学2"], klass=here.klass)
    assert match_reports() == 2
    with acting_as(here.counselor):
        from assessments.queries.concerns import threads

        [thread] = threads(here.students[1])
        assert len(thread.entries) == 2


def test_two_of_one_name_are_never_guessed_and_the_counselor_decides(here, there, enter):
    with acting_as("system:demo"):
        twin = make_student(here.other_klass, "甲9", "甲同学2")
    tell(enter(here.teacher), here, klass="", names="甲同学2")
    assert match_reports() == 0 == match_reports()
    with acting_as("system:triage"):
        report = ConcernReport.objects.get()
    assert "待核对的反映 1" in enter(here.counselor).get("/interviews/").content.decode()
    client = enter(here.counselor)
    page = client.get(UNNAMED).content.decode()
    assert "canary-told" in page and here.teacher.name in page
    assert "canary" not in enter(there.counselor).get(UNNAMED).content.decode()
    attach = reverse("assessments:concern-attach", args=[report.pk])
    assert enter(there.counselor).post(attach, {"number": "甲9"}).status_code == 404
    client = enter(here.counselor)
    client.post(attach, {"number": "乙1"})
    with acting_as(here.counselor):
        assert not ConcernEntry.objects.exists()
    client.post(attach, {"number": "甲9"})
    with acting_as(here.counselor):
        assert Flag.objects.get(source="staff", raised_by=None).student == twin
    assert "刚刚已由同事处理" in client.post(attach, {"number": "甲9"}, follow=True).content.decode()


def test_a_report_without_a_name_rings_and_is_closed_with_a_reason(here, enter):
    tell(enter(here.teacher), here, names="", level="immediate")
    match_reports()
    with acting_as("system:reminders"):
        assert {draft.to for draft in unnamed_reports(timezone.localdate())} == {here.counselor.pk}
    with acting_as("system:triage"):
        ConcernReport.objects.update(due_at=timezone.now() - timedelta(minutes=1))
        report = ConcernReport.objects.get()
    with acting_as("system:reminders"):
        told = {draft.to for draft in unnamed_reports(timezone.localdate())}
    assert told == {here.counselor.pk, here.vice_principal.pk, here.principal.pk}
    client = enter(here.counselor)
    close = reverse("assessments:concern-close", args=[report.pk])
    assert "请写明结束的理由" in client.post(close, {"reason": ""}, follow=True).content.decode()
    client.post(close, {"reason": "问过班主任，是玩笑话"})
    assert "已结束" in enter(here.teacher).get(reverse("assessments:concern-list")).content.decode()


def test_nobody_but_the_counselor_learns_who_spoke_or_what(here, there):
    with acting_as(here.homeroom):
        tell_concern(here.school, actor=here.homeroom, student=here.students[0], level="talk", text=WORDS)
    assert match_reports() == 1
    with acting_as("system:triage"):
        Flag.objects.filter(source="staff").update(climbed_to=here.principal)
    for role in ("principal", "vice_principal", "moral_head", "teacher", "grade_head", "county_officer", "audit_admin"):
        with acting_as(here.users[role]):
            assert not ConcernEntry.objects.exists() and not ConcernReport.objects.exists()
    with acting_as(there.counselor):
        assert not ConcernEntry.objects.exists() and not ConcernReport.objects.exists()
    with acting_as(here.principal):
        assert not Flag.objects.filter(raised_by=here.homeroom).exists()
    with acting_as(here.counselor):
        assert not AccessEntry.objects.filter(user_id=here.homeroom.pk).exists()
        entry = TimelineEntry.objects.get(source__endswith=":told")
        assert entry.author is None and entry.body is None
    with acting_as(here.audit_admin):
        assert AuditEntry.objects.get(verb="assessments.raise_concern").student_id is None


def test_the_words_lie_sealed_and_cannot_be_asked_for_in_sql(here):
    with acting_as(here.teacher):
        tell_concern(here.school, actor=here.teacher, level="talk", text=WORDS, names=["无此人"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT content::text FROM assessments_concernreport")
            assert all("canary" not in bytes.fromhex(row[0][2:]).decode("latin1") for row in cursor.fetchall())
            cursor.execute("SELECT count(*) FROM assessments_concernentry")
            assert cursor.fetchone() == (0,)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic(), acting_as(here.teacher):
        tell_concern(here.school, actor=here.principal, level="talk", text="假冒", names=["甲同学2"])


OUTSIDE = {
    "source": "hospital", "institution": "云川市第三医院", "caller": "门诊 李医生 0571-000",
    "document": "复诊告知单 17 号", "level": "same_day", "text": "canary-outside 家属带来就诊",
}  # fmt: skip


def test_a_hospital_report_is_entered_by_the_counselor_as_a_concern_of_that_way(here, there, enter):
    page, kid = reverse("assessments:outside-new"), here.students[1]
    today = timezone.localdate()
    client = enter(here.counselor)
    said = OUTSIDE | {"number": kid.number, "happened_on": today.isoformat()}
    assert (
        "收到日期不能晚于今天"
        in client.post(page, said | {"happened_on": (today + timedelta(days=1)).isoformat()}).text
    )
    assert "没有找到这个学号" in client.post(page, said | {"number": there.students[0].number}).text
    assert client.post(page, said | {"text": "孩子有双相"}).status_code == 422, "a diagnosis names its medical source"
    with acting_as(here.counselor):
        assert not ConcernReport.objects.exists()
    assert client.post(page, said).status_code == 302
    assert match_reports() == 1
    with acting_as(here.counselor):
        from assessments.queries.concerns import threads

        report = ConcernReport.objects.get()
        assert (report.source, report.happened_on, report.by) == ("hospital", today, here.counselor)
        assert Flag.objects.get(student=kid, handled_at=None).source == "hospital"
        [thread] = threads(kid)
        text = thread.entries[0][1]
        assert (
            "云川市第三医院（门诊 李医生 0571-000）" in text and "复诊告知单 17 号" in text and "canary-outside" in text
        )
    assert enter(here.principal).get(page).status_code == 403
    assert enter(here.teacher).get(page).status_code == 403
