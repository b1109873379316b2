"""A county's own hotline and talk periods: changed by its officer, used by its schools, nobody else's."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.queries.answering import hotline_of
from assessments.queries.interviews import _periods
from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry
from xinyu.organisations.models import CalendarDay, County

pytestmark = pytest.mark.django_db
HOTLINE, PERIODS = reverse("assessments:county-hotline"), reverse("assessments:talk-periods")


def rows(*periods):
    names = ("label", "start", "end")
    return {f"{name}-{n}": value for n, row in enumerate(periods) for name, value in zip(names, row, strict=True)}


def setting(world, name):
    return County.objects.get(pk=world.county.pk).settings.get(name)


def test_the_officer_changes_the_hotline_of_her_county_alone(here, there, enter):
    County.objects.filter(pk=here.county.pk).update(settings={"confirmed_years": [2026]})
    client = enter(here.county_officer)
    page = client.get(HOTLINE).text
    assert "谈话时段" in page and "联动时限" in page
    wrong = client.post(HOTLINE, {"hotline": "打给老师"})
    assert wrong.status_code == 422 and "请写电话号码" in wrong.text and "打给老师" in wrong.text
    assert client.post(HOTLINE, {"hotline": "０７３１-12355（每天 8:00—22:00）"}).status_code == 302
    assert setting(here, "hotline") == "0731-12355（每天8:00—22:00）" and setting(there, "hotline") is None
    assert setting(here, "confirmed_years") == [2026], "no other setting is lost"
    assert hotline_of.__wrapped__(here.county.pk) == "0731-12355（每天8:00—22:00）"
    assert client.post(HOTLINE, {"hotline": ""}).status_code == 302 and setting(here, "hotline") == ""
    with acting_as("system:demo"):
        assert AuditEntry.objects.filter(verb="assessments.set_hotline").count() == 2


@pytest.mark.parametrize("role", ["counselor", "principal", "city_officer", "homeroom"])
def test_nobody_else_may(here, role, enter):
    client = enter(here.users[role])
    assert client.get(HOTLINE).status_code == client.post(PERIODS, rows(("课", "08:00", "09:00"))).status_code == 403


def test_talk_periods_are_sorted_used_by_the_run_list_and_taken_back(here, there, enter):
    today, client = timezone.localdate(), enter(here.county_officer)
    with acting_as("system:demo"):
        for world in (here, there):
            CalendarDay.objects.create(county=world.county, on=today, kind="on_site")
    assert "大课间" in client.get(PERIODS).text
    assert client.post(PERIODS, rows(("午休", "12:00", "13:30"), ("早读", "07:30", "08:00"))).status_code == 302
    assert setting(here, "talk_periods") == [["早读", "07:30", "08:00"], ["午休", "12:00", "13:30"]]
    early = timezone.localtime().replace(hour=6, minute=0)
    with acting_as(here.counselor):
        assert [period.label for period in _periods(here.school.pk, early)] == ["早读", "午休"]
    with acting_as(there.counselor):
        assert [period.label for period in _periods(there.school.pk, early)][0] == "大课间"
    assert client.post(PERIODS, {"usual": "1"}).status_code == 302 and setting(here, "talk_periods") == []
    with acting_as(here.counselor):
        assert [period.label for period in _periods(here.school.pk, early)][0] == "大课间"


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ([("课间", "10:00", "09:00")], "结束应晚于开始"),
        ([("课间", "09:00", "10:00"), ("另一段", "09:30", "11:00")], "和“课间”重叠"),
        ([("", "09:00", "10:00")], "名称"),
        ([("课间", "9点", "10:00")], "09:40 这样的时间"),
        ([("课间", "09:00", "")], "请写时间"),
        ([], "至少要有一段时间"),
    ],
)
def test_what_is_no_period_comes_back_as_typed_and_changes_nothing(here, enter, periods, words):
    answer = enter(here.county_officer).post(PERIODS, rows(*periods) | {"label-5": ""})
    assert answer.status_code == 422 and words in answer.text and setting(here, "talk_periods") is None
