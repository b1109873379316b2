"""A county says otherwise about its seasons, on a page: what follows, who may, and what stops when a season goes."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from tests.cast import add_post, make_user
from tests.reminders.test_pages import text
from xinyu.access.actor import acting_as
from xinyu.organisations.actions import add_day
from xinyu.organisations.calendar import school_year
from xinyu.organisations.models import Grade, School
from xinyu.reminders import menu
from xinyu.reminders.actions.confirming import confirm_check
from xinyu.reminders.actions.settings import SeasonRulesRefused, change_rules, with_switch
from xinyu.reminders.actions.sweeping import sweep_dues
from xinyu.reminders.menu import MENU, SeasonDraft, Wanted
from xinyu.reminders.models import Due, Notice, SeasonRecord, SeasonSetting
from xinyu.reminders.season_book import parse_season

TODAY = timezone.localdate()
OFF = ["spring", "midterm", "final", "zhongkao", "gaokao", "graduation", "entering", "may_june", "before_break",
       "psych_month", "privacy_report"]  # fmt: skip


def filled(**values):
    """A season that began yesterday, asked of every class and of the principal."""
    data = {
        "title": "台风后关爱", "grades": "all", "kind": "dates", "start": str(TODAY - timedelta(days=1)),
        "end": str(TODAY + timedelta(days=20)), "exam": "", "days_before": "", "days_after": "",
        "ask_class_check": "on", "title_class_check": "问一问每名学生", "days_class_check": "5",
        "ask_zero_report": "on", "title_zero_report": "", "days_zero_report": "2",
        "from_on": str(TODAY), "base": "0",
    }  # fmt: skip
    return data | values


@pytest.fixture
def quiet(here):
    """Only the county's own word counts, and every day has students."""
    with acting_as("system:demo"):
        for n in range(-10, 60):
            add_day(here.county, TODAY + timedelta(days=n), "on_site")
    return here


def settings_of(county):
    with acting_as("system:reminders"):
        return list(SeasonSetting.objects.filter(county=county).order_by("pk"))


def open_dues(**where):
    with acting_as("system:reminders"):
        return list(Due.objects.open().filter(**where))


@pytest.mark.parametrize("kind", ["dates", "months", "exam", "before_break"])
def test_what_a_form_holds_comes_back_from_the_stored_rules(kind):
    days = {"start": date(2026, 3, 1), "end": date(2026, 4, 2)} if kind in ("dates", "months") else {}
    exam = {"exam": "midterm", "days_before": 3, "days_after": 2} if kind == "exam" else {}
    before = {"days_before": 14} if kind == "before_break" else {}
    wanted = tuple(Wanted(item, item.title, item.days) for item in MENU)
    draft = SeasonDraft("关爱周", kind, ("junior",), "leaving", wanted=wanted, **days, **exam, **before)
    rule = draft.as_rule("own_1")
    assert menu.draft_of(rule, 2026) == draft
    assert len(parse_season(rule).obligations) == len(MENU)


@pytest.mark.django_db
def test_an_officer_adds_a_season_and_people_are_asked(quiet, there, enter):
    officer, url = enter(quiet.county_officer), reverse("reminders:season-add", args=[quiet.county.pk])
    tried = text(officer.post(url, filled() | {"try": "1"}))
    assert "试算结果" in tried and "班主任 1 人" in tried and "台风后关爱" in tried
    assert not settings_of(quiet.county)
    assert officer.post(url, filled()).status_code == 302
    (row,) = settings_of(quiet.county)
    assert row.by_id == quiet.county_officer.pk and row.rules["custom"][0]["code"] == "own_1"
    sweep_dues(TODAY)
    (due,) = open_dues(season=f"own_1:{TODAY - timedelta(days=1)}", user=quiet.homeroom)
    assert due.title == "台风后关爱：问一问每名学生" and due.due_on == TODAY + timedelta(days=4)
    page = text(officer.get(reverse("reminders:rules")))
    assert "台风后关爱" in page and "本区增加" in page
    for outsider in (there.county_officer, quiet.principal, quiet.counselor):
        assert enter(outsider).get(url).status_code in (403, 404)
    assert enter(quiet.city_officer).get(reverse("reminders:rules")).status_code == 200
    assert enter(quiet.city_officer).get(url).status_code == 403
    assert "台风后关爱" not in text(enter(there.county_officer).get(reverse("reminders:rules")))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"end": "2020-01-01"}, "结束日期不能早于开始日期"),
        ({"start": ""}, "请选择日期"),
        ({"kind": "exam"}, "请选择考试"),
        ({"kind": "before_break"}, "请填写放假前几天开始"),
        ({"ask_class_check": "", "ask_zero_report": ""}, "请至少选择一项任务"),
        ({"from_on": "2020-01-01"}, "生效日期不能早于今天"),
        ({"kind": "months", "start": "2026-11-01", "end": "2027-01-10"}, "同一年之内"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_stays_typed(quiet, enter, wrong, said):
    url = reverse("reminders:season-add", args=[quiet.county.pk])
    page = text(enter(quiet.county_officer).post(url, filled(**wrong)), 422)
    assert said in page and "台风后关爱" in page
    assert not settings_of(quiet.county)


@pytest.mark.django_db
def test_two_officers_at_once_the_second_looks_first(quiet, enter):
    officer, url = enter(quiet.county_officer), reverse("reminders:season-add", args=[quiet.county.pk])
    assert officer.post(url, filled()).status_code == 302
    (first,) = settings_of(quiet.county)
    page = text(officer.post(url, filled(title="另一位的时节")), 422)
    assert "刚才有人改过" in page and f'value="{first.pk}"' in page and "另一位的时节" in page
    assert officer.post(url, filled(title="另一位的时节", base=str(first.pk))).status_code == 302
    assert [len(row.rules["custom"]) for row in settings_of(quiet.county)] == [1, 2]


@pytest.mark.django_db
def test_a_season_that_goes_is_owed_by_nobody_and_one_that_returns_is_owed_again(quiet, enter):
    officer = enter(quiet.county_officer)
    officer.post(reverse("reminders:season-add", args=[quiet.county.pk]), filled())
    season = f"own_1:{TODAY - timedelta(days=1)}"
    sweep_dues(TODAY)
    with acting_as(quiet.homeroom):
        confirm_check(quiet.klass, season, "class_check", 0, actor=quiet.homeroom, on=TODAY)
    assert open_dues(season=season)
    drop = reverse("reminders:season-switch", args=[quiet.county.pk, "own_1", "off"])
    (newest,) = settings_of(quiet.county)
    assert officer.post(drop, {"from_on": str(TODAY), "base": newest.pk}).status_code == 302
    sweep_dues(TODAY)
    assert not open_dues(season=season)
    with acting_as(quiet.principal):
        assert Notice.objects.filter(due__season=season).exists()
        assert not Notice.objects.filter(due__season=season, read_at=None).exists()
        assert Due.objects.get(season=season, user=quiet.homeroom).met_at  # what was done stays done
    back = reverse("reminders:season-switch", args=[quiet.county.pk, "own_1", "on"])
    officer.post(back, {"from_on": str(TODAY), "base": settings_of(quiet.county)[-1].pk})
    sweep_dues(TODAY)
    assert {due.user_id for due in open_dues(season=season)} >= {quiet.principal.pk}
    assert not open_dues(season=season, user=quiet.homeroom, klass=quiet.klass)


@pytest.mark.django_db
def test_days_of_reminding_and_the_month_are_the_countys(quiet, enter):
    officer, url = enter(quiet.county_officer), reverse("reminders:habits", args=[quiet.county.pk])
    assert "提醒的日子" in text(officer.get(url))
    year = TODAY.year
    data = {"soon_days": "5", "overdue_days": "2", "raises": "1", "month_start": f"{year}-05-01",
            "month_end": f"{year}-05-31", "from_on": str(TODAY), "base": "0"}  # fmt: skip
    assert "请填写 1–10" in text(officer.post(url, data | {"soon_days": ""}), 422)
    assert officer.post(url, data).status_code == 302
    (row,) = settings_of(quiet.county)
    assert row.rules["policy"] == {"soon_days": 5, "overdue_days": 2, "raises": 1}
    assert row.rules["psych_months"][-1]["start"] == "05-01"
    assert "5月1日" in text(officer.get(reverse("reminders:rules"))).replace(" ", "")


@pytest.mark.django_db
def test_rules_do_not_reach_back(quiet):
    with acting_as(quiet.county_officer):
        change_rules(quiet.county, with_switch("spring", is_on=False), quiet.county_officer, base=0,
                     from_on=TODAY + timedelta(days=30), today=TODAY)  # fmt: skip
        (row,) = SeasonSetting.objects.filter(county=quiet.county)
        for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=3)):
            with pytest.raises(SeasonRulesRefused):
                change_rules(quiet.county, with_switch("spring", is_on=True), quiet.county_officer, base=row.pk,
                             from_on=day, today=TODAY)  # fmt: skip


def start_zero_reports(world, schools: int) -> str:
    """A season whose zero report was due long ago, in `schools` schools with a principal each; its key."""
    start, end = TODAY - timedelta(days=20), TODAY - timedelta(days=6)
    rule = SeasonDraft("签报", "dates", start=start, end=end,
                       wanted=(Wanted(menu.BY_CODE["zero_report"], "签发零报告", 2),)).as_rule("own_1")  # fmt: skip
    with acting_as("system:demo"):
        SeasonSetting.objects.create(county=world.county, version="t", in_force_from=start, by=None,
                                     rules={"custom": [rule], "disabled": OFF})  # fmt: skip
        for n in range(schools - 1):
            school = School.objects.create(county=world.county, city=world.county.city, code=f"LATE{n}",
                                           name=f"迟报{n}校", kind="junior", locality="urban")  # fmt: skip
            Grade.objects.create(school=school, stage="junior", entry_year=school_year(TODAY))
            people = {"granter": world.granter, "approver": world.approver}
            add_post(make_user(f"principal-{n}"), "principal", school, **people)
    return f"own_1:{start}"


@pytest.mark.django_db
def test_thirty_late_schools_are_one_message_to_the_officer_and_one_line_of_the_day(quiet, enter):
    season = start_zero_reports(quiet, 30)
    sweep_dues(TODAY)
    assert len({due.school_id for due in open_dues(season=season, user=quiet.county_officer)}) == 30
    with acting_as(quiet.county_officer):
        (notice,) = Notice.objects.filter(due__season=season)
    assert "30 所学校" in notice.body and notice.read_at is None
    out = StringIO()
    call_command("seasons", county=quiet.county.code, on=TODAY, stdout=out)
    promised = [row for row in json.loads(out.getvalue()) if row["user"] == quiet.county_officer.pk]
    assert len(promised) <= 1
    page = text(enter(quiet.county_officer).get(reverse("accounts:today")))
    assert page.count("签报：签发零报告") == 1 and "30 处" in page


@pytest.mark.django_db
def test_the_message_about_late_schools_ends_with_the_last_of_them(quiet):
    season = start_zero_reports(quiet, 2)
    sweep_dues(TODAY)
    with acting_as("system:demo"):
        schools = list(School.objects.filter(county=quiet.county).order_by("pk"))
    for school, is_over in zip(schools, (False, True), strict=True):
        with acting_as("system:demo"):
            SeasonRecord.objects.create(school=school, season=season, obligation="zero_report", by=quiet.principal)
        sweep_dues(TODAY)
        with acting_as(quiet.county_officer):
            assert Notice.objects.get(due__season=season, due__role="county_officer").read_at is not None or not is_over
            assert Notice.objects.filter(due__season=season, read_at=None).exists() is not is_over
