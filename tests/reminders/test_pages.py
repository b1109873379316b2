"""Season pages and inbox: who gets what, what is typed stays, queries do not grow."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.reminders.test_sweeping import season_at, start
from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry
from xinyu.audit.signing import Verdict, signatures_of, verify_signature
from xinyu.organisations.actions import add_day
from xinyu.organisations.models import Klass
from xinyu.reminders.actions.confirming import confirm_record
from xinyu.reminders.actions.sweeping import sweep_dues
from xinyu.reminders.models import CountyReview, Notice, SeasonCheck, SeasonRecord

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SEASON = season_at(TODAY)
PASSWORD = "long enough for a test"


@pytest.fixture
def running(here, there):
    """A season of a week's age whose days all have students, swept once."""
    for world in (here, there):
        start(world, TODAY)
        with acting_as("system:demo"):
            for n in range(-10, 26):
                add_day(world.county, TODAY + timedelta(days=n), "on_site")
    sweep_dues(TODAY)
    return here


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def prove(client):
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    return client


def check_url(klass, season=SEASON):
    return reverse("reminders:check", args=[season, "class_check", klass.pk])


def test_everybody_sees_the_year_of_the_own_place(running, there, enter):
    for role in ("homeroom", "counselor", "teacher", "doctor", "county_officer", "city_officer", "audit_admin"):
        page = text(enter(running.users[role]).get(reverse("reminders:seasons")))
        assert "阶段性重点排查" in page and "甲" in page
    assert "乙县" not in text(enter(running.county_officer).get(reverse("reminders:seasons")))
    assert (
        enter(running.county_officer).get(reverse("reminders:seasons") + f"?county={there.county.pk}").status_code
        == 404
    )
    assert enter(there.counselor).get(reverse("reminders:seasons") + f"?school={running.school.pk}").status_code == 404
    assert enter(running.nobody).get(reverse("reminders:seasons")).status_code == 403


def test_homeroom_fills_the_own_class_and_zero_is_an_answer(running, there, enter):
    client = enter(running.homeroom)
    assert "填 0" in text(client.get(check_url(running.klass)))
    again = text(client.post(check_url(running.klass), {"count": "-1", "note": "打好的字"}), 422)
    assert "人数不能小于 0" in again and "打好的字" in again
    assert client.post(check_url(running.klass), {"count": "0"}).status_code == 302
    with acting_as(running.counselor):
        row = SeasonCheck.objects.get()
        assert (row.attention_count, row.season, row.klass_id) == (0, SEASON, running.klass.pk)
    for klass in (running.other_klass, there.klass):
        assert client.post(check_url(klass), {"count": "0"}).status_code == 404
    assert client.get(check_url(running.klass, "spring:1999")).status_code == 404
    assert enter(there.counselor).get(check_url(running.klass)).status_code == 404
    assert enter(running.principal).get(check_url(running.klass)).status_code == 403


def test_progress_moves_with_the_fact_for_school_and_county(running, enter):
    enter(running.homeroom).post(check_url(running.klass), {"count": "3"})
    school = text(enter(running.counselor).get(reverse("reminders:season", args=[SEASON])))
    assert "1 / 2" in school and "初二1班" in school
    sweep_dues(TODAY)
    county = text(enter(running.county_officer).get(reverse("reminders:season", args=[SEASON])))
    assert "甲中学" in county and "初二1班" not in county and "同学" not in county
    assert enter(running.teacher).get(reverse("reminders:season", args=[SEASON])).status_code == 200


def test_zero_report_is_signed_with_figures_from_facts(running, there, enter):
    enter(running.homeroom).post(check_url(running.klass), {"count": "3"})
    url = reverse("reminders:confirm", args=[SEASON, "zero_report", running.school.pk])
    with acting_as(running.principal):
        running.principal.set_password(PASSWORD)
        running.principal.save(update_fields=["password"])
    assert "/reauthenticate/" in enter(running.principal).get(url).url  # an unlocked screen is not the principal
    signer = prove(enter(running.principal))
    assert "需要进一步了解的人数合计" in text(signer.get(url))
    assert signer.post(url, {}).status_code == 302
    with acting_as(running.principal):
        counts = SeasonRecord.objects.get().counts
        (row,) = SeasonRecord.objects.all()
        (signature,) = signatures_of(row)
        assert (signature.user_id, signature.role) == (running.principal.pk, "principal")
        assert verify_signature(signature) == Verdict(is_genuine=True, is_unchanged=True)
    verify = reverse("audit:signature-page", args=[signature.code])
    page = reverse("reminders:season", args=[SEASON])
    assert verify in text(signer.get(page))
    assert verify in text(enter(running.county_officer).get(page))
    assert text(enter(running.county_officer).get(verify))
    assert enter(there.principal).get(verify).status_code == 404
    assert counts == {"classes": 2, "answered": 1, "attention": 3, "listed": 0, "cases": 1}
    assert enter(running.counselor).get(url).status_code == 404  # signing is the principal's
    assert enter(there.principal).post(url, {}).status_code == 404
    assert enter(running.homeroom).get(url).status_code == 403


def test_bureau_sees_which_school_has_answered_and_which_has_not(running, there, enter):
    page = f"{reverse('reminders:season', args=[SEASON])}?county={running.county.pk}"
    for role in ("county_officer", "city_officer"):
        assert "未签发" in text(enter(running.users[role]).get(page))
    with acting_as(running.principal):
        counts = {"classes": 2, "answered": 2, "attention": 7}
        confirm_record(running.school, SEASON, "zero_report", counts, actor=running.principal)
        confirm_record(running.school, SEASON, "key_review", {"listed": 9}, actor=running.principal)
    for role in ("county_officer", "city_officer"):
        seen = text(enter(running.users[role]).get(page))
        assert "甲principal" in seen and "需要进一步了解的人数合计" in seen and "未签发</td>" not in seen
        assert "1 / 1" in seen and "初二1班" not in seen and "同学" not in seen
        with acting_as(running.users[role]):
            assert [row.obligation for row in SeasonRecord.objects.all()] == ["zero_report"]
    for outsider in (there.county_officer, there.principal, running.teacher):
        with acting_as(outsider):
            assert not SeasonRecord.objects.exists()
    assert "签发回执" in text(enter(running.principal).get(reverse("reminders:season", args=[SEASON])))
    with acting_as(running.audit_admin):
        assert AuditEntry.objects.filter(verb="reminders.read_reports").count() == 4


def test_county_reviews_its_returns_without_students(running, there, enter):
    url = reverse("reminders:review", args=[SEASON, "returns", running.county.pk])
    page = text(enter(running.county_officer).get(url))
    assert "应填报学校" in page and "同学" not in page
    assert enter(running.county_officer).post(url, {}).status_code == 302
    with acting_as(running.county_officer):
        assert CountyReview.objects.get().counts["schools"] == 1
    assert enter(there.county_officer).get(url).status_code == 404


def test_message_is_read_when_opened_and_leads_to_the_work(running, there, enter):
    client = enter(running.homeroom)
    page = text(client.get(reverse("reminders:inbox")))
    assert "未读" in page
    with acting_as(running.homeroom):
        notice = Notice.objects.get()
    opened = text(client.get(reverse("reminders:notice", args=[notice.pk])))
    assert "为什么收到" in opened and notice.url in opened
    assert client.get(notice.url).url == check_url(running.klass)
    assert "（未读）" not in text(client.get(reverse("reminders:inbox")))
    assert enter(there.homeroom).get(reverse("reminders:notice", args=[notice.pk])).status_code == 404


def test_message_can_be_put_off_but_not_an_urgent_one(running, enter):
    client = enter(running.homeroom)
    with acting_as(running.homeroom):
        notice = Notice.objects.get()
    url = reverse("reminders:notice-snooze", args=[notice.pk])
    assert "30 天以内" in text(client.post(url, {"until": str(TODAY - timedelta(days=1))}), 422)
    assert client.post(url, {"until": str(TODAY + timedelta(days=3))}).status_code == 302
    assert "没有消息" in text(client.get(reverse("reminders:inbox")))
    with acting_as(running.homeroom):
        Notice.objects.update(is_urgent=True)
    assert "不能稍后提醒" in text(client.post(url, {"until": str(TODAY + timedelta(days=3))}), 422)


@pytest.mark.parametrize("role", ["counselor", "county_officer"])
def test_number_of_queries_does_not_grow(running, enter, role):
    client = enter(running.users[role])

    def count(name, *args):
        with CaptureQueriesContext(connection) as found:
            text(client.get(reverse(name, args=args)))
        return len(found)

    pages = (("reminders:seasons",), ("reminders:season", SEASON), ("reminders:inbox",))
    for page in pages:
        count(*page)
    few = [count(*page) for page in pages]
    with acting_as("system:demo"):
        for n in range(3, 6):
            Klass.objects.create(school=running.school, grade=running.grade, name=f"{n}班")
        rows = [Notice(to=running.users[role], key=f"more/{role}/{n}", title="更多", why="试") for n in range(3)]
        Notice.objects.bulk_create(rows)
    sweep_dues(TODAY)
    assert [count(*page) for page in pages] == few
