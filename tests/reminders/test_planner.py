"""The year's planner and the dry run of a day: what they show is what comes, to those whom it concerns."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import add_post, make_user
from tests.reminders.test_pages import SEASON, TODAY, check_url, running, text  # noqa: F401 - the fixture is used by name
from tests.reminders.test_sweeping import start
from xinyu.access.actor import acting_as
from xinyu.organisations.actions import add_day
from xinyu.organisations.models import Klass
from xinyu.reminders import planning
from xinyu.reminders.actions.sweeping import sweep_causes, sweep_dues
from xinyu.reminders.models import Due, Notice, SeasonCheck, SeasonRecord
from xinyu.reminders.reach import Reach
from xinyu.reminders.seasons import Exam, seasons_in
from xinyu.reminders.steps import agenda, due_day

pytestmark = pytest.mark.django_db
PLAN, AGENDA = "reminders:plan", "reminders:agenda"


def promised(county, on):
    out = StringIO()
    call_command("seasons", county=county.code, on=on, stdout=out)
    return json.loads(out.getvalue())


def whole(world, school):
    return Reach(world.county, school, frozenset(), frozenset(), school is None)


@pytest.mark.parametrize("days", [0, 1, 2, 5, 9, 12, 18])
def test_the_page_says_what_the_command_and_so_the_sweep_says(running, days):  # noqa: F811
    on = TODAY + timedelta(days=days)
    with acting_as(running.counselor):
        reach = whole(running, running.school)
        own = planning.people_told(planning.of_day(reach, on), reach, on, running.school)
    with acting_as(running.county_officer):
        reach = whole(running, None)
        rows = planning.of_day(reach, on)
        inside = planning.people_told(rows, reach, on, running.school)
        bureau = planning.people_told(rows, reach, on, None)
        (line,) = planning.schools_told(rows, reach, on) or [None]
    shown = sorted(line.key for plan in (*inside, *bureau) for line in plan.lines)
    assert shown == sorted(row["key"] for row in promised(running.county, on))
    assert own == inside
    if line is not None:
        assert line.lines == sum(len(plan.lines) for plan in inside)


def test_a_day_is_shown_to_leaders_of_the_place_and_to_nobody_else(running, there, enter):  # noqa: F811
    on = {"on": str(TODAY + timedelta(days=2))}  # the check of the class is due
    for role in ("counselor", "principal"):
        page = text(enter(running.users[role]).get(reverse(PLAN), on))
        assert "甲homeroom" in page and "同学" not in page
    county = text(enter(running.county_officer).get(reverse(PLAN), on))
    assert "看是谁" in county and "甲homeroom" not in county
    inside = on | {"inside": running.school.pk}
    assert "甲homeroom" in text(enter(running.county_officer).get(reverse(PLAN), inside))
    for role in ("homeroom", "vice_principal", "teacher", "doctor", "city_officer", "audit_admin"):
        assert enter(running.users[role]).get(reverse(PLAN), on).status_code == 403
    stranger = enter(there.county_officer)
    assert stranger.get(reverse(PLAN), inside).status_code == 404
    assert stranger.get(reverse(PLAN), on | {"county": running.county.pk}).status_code == 404
    assert enter(there.counselor).get(reverse(PLAN), on | {"school": running.school.pk}).status_code == 404
    for wrong in ("2026-02-30", "morgen", "2099-01-01"):
        assert enter(running.counselor).get(reverse(PLAN), {"on": wrong}).status_code == 404


def test_a_check_of_a_class_is_known_to_the_page_as_met(running, enter):  # noqa: F811
    on = {"on": str(TODAY + timedelta(days=2))}
    enter(running.homeroom).post(check_url(running.klass), {"count": "0"})
    sweep_dues(TODAY)
    assert "甲homeroom" not in text(enter(running.counselor).get(reverse(PLAN), on))
    assert "甲homeroom" not in text(
        enter(running.county_officer).get(reverse(PLAN), on | {"inside": running.school.pk})
    )


def test_a_class_checked_before_anybody_was_reminded_counts_for_the_bureau_and_rings_nowhere(here, enter):
    start(here, TODAY)
    with acting_as("system:demo"):
        for n in range(-10, 26):
            add_day(here.county, TODAY + timedelta(days=n), "on_site")
    enter(here.homeroom).post(check_url(here.klass), {"count": "0"})
    for _ in range(2):
        sweep_dues(TODAY)
    with acting_as("system:reminders"):
        assert [bool(due.met_at) for due in Due.objects.filter(klass=here.klass)] == [True]
        assert not Notice.objects.filter(to=here.homeroom, due__isnull=False)
    season = text(enter(here.county_officer).get(reverse("reminders:season", args=[SEASON])))
    line = season[season.index("完成本班学生排查表") :]
    assert "1 / 2" in line[: line.index("</li>")]  # the other class is still asked


def test_the_next_day_of_reminders_is_one_click_away(running, enter):  # noqa: F811
    with acting_as(running.counselor):
        on = planning.next_day(planning.facts_of(whole(running, running.school), TODAY), TODAY)
    page = text(enter(running.counselor).get(reverse(PLAN), {"on": str(TODAY)}))
    assert f"on={on}" in page and f"school={running.school.pk}&amp;on={on}" in page
    assert not promised(running.county, TODAY + (on - TODAY) / 2) or (on - TODAY).days == 1


def test_looking_at_a_day_writes_nothing(running, enter):  # noqa: F811
    def rows():
        with acting_as("system:reminders"):
            return Due.objects.count(), Notice.objects.count()

    before = rows()
    text(enter(running.counselor).get(reverse(PLAN), {"on": str(TODAY + timedelta(days=9))}))
    assert rows() == before


def test_the_agenda_holds_every_due_day_of_the_year(running, enter):  # noqa: F811
    page = text(enter(running.counselor).get(reverse(AGENDA)))
    assert "复核重点关注学生名单" in page and "核对各校排查回收情况" not in page and "同学" not in page
    assert "核对各校排查回收情况" in text(enter(running.county_officer).get(reverse(AGENDA)))
    assert enter(running.counselor).get(reverse(AGENDA), {"year": "1999"}).status_code == 404


def test_the_agenda_is_the_due_days_of_the_windows():
    from tests.reminders.test_seasons import SETTING

    calendar = SETTING.calendar.filled(2026, 2027)
    windows = seasons_in(2027, SETTING)
    found = agenda(windows, calendar, 2027)
    assert found == sorted(found, key=lambda one: one.on) and all(one.on.year == 2027 for one in found)
    spring = next(one for one in found if (one.window.code, one.obligation.code) == ("spring", "class_check"))
    assert spring.on == due_day(spring.window.span, spring.obligation, calendar.has_students_on_site)
    assert isinstance(SETTING.exams, tuple) and (not SETTING.exams or isinstance(SETTING.exams[0], Exam))


def activity(world, **values):
    data = {"held_on": str(TODAY), "place": "操场", "participants": "120", "note": "心理游园会"} | values
    return reverse("reminders:confirm", args=[world.things["season"], "activity_own", world.school.pk]), data


@pytest.fixture
def festival(running, enter):  # noqa: F811
    """The county asks for an activity and longer room hours from yesterday on."""
    from tests.reminders.test_rules import filled, settings_of

    ask = {"ask_activity_own": "on", "title_activity_own": "开展主题活动", "days_activity_own": "9",
           "ask_room_hours": "on", "title_room_hours": "增开时段", "days_room_hours": "9"}  # fmt: skip
    newest = settings_of(running.county)[-1].pk
    url = reverse("reminders:season-add", args=[running.county.pk])
    assert enter(running.county_officer).post(url, filled(**ask, base=str(newest))).status_code == 302
    running.things["season"] = f"own_1:{TODAY - timedelta(days=1)}"
    return running


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"held_on": str(TODAY + timedelta(days=1))}, "不能晚于今天"),
        ({"held_on": str(TODAY - timedelta(days=9))}, "在这个时节之内"),
        ({"participants": "0"}, "不能小于 1"),
        ({"participants": ""}, "请填写参加人数"),
        ({"place": ""}, "请填写地点"),
    ],
)
def test_an_activity_needs_its_day_place_and_people(festival, enter, wrong, said):
    url, data = activity(festival, **wrong)
    page = text(enter(festival.counselor).post(url, data), 422)
    assert said in page and "心理游园会" in page


def test_an_activity_and_longer_hours_are_facts_with_day_and_number(festival, there, enter):
    client = enter(festival.counselor)
    url, data = activity(festival)
    assert client.post(url, data).status_code == 302
    hours = reverse("reminders:confirm", args=[festival.season, "room_hours", festival.school.pk])
    data = {"weekdays": ["0", "2"], "opens": "17:00", "closes": "16:00", "held_on": str(TODAY),
            "until": str(TODAY + timedelta(days=9))}  # fmt: skip
    assert "结束时间应晚于开始时间" in text(client.post(hours, data), 422)
    assert client.post(hours, data | {"closes": "18:30"}).status_code == 302
    with acting_as(festival.counselor):
        held, longer = SeasonRecord.objects.filter(season=festival.season).order_by("pk")
        assert (held.held_on, held.participants, held.place) == (TODAY, 120, "操场")
        assert longer.hours_words == "周一、周三 17:00–18:30"
    page = text(client.get(reverse("reminders:season", args=[festival.season])))
    assert "120 人次" in page and "周一、周三 17:00–18:30" in page
    assert enter(there.counselor).post(*activity(festival)).status_code == 404


def test_a_number_without_names_is_asked_about_once(running, enter):  # noqa: F811
    """«3 students» on a check and nobody named: the teacher hears the next day, the counselor after three."""
    client = enter(running.homeroom)
    client.post(check_url(running.klass), {"count": "3"})
    page = text(enter(running.counselor).get(reverse("reminders:season", args=[SEASON])))
    assert "已具体反映" in page

    def asked(user):
        with acting_as(user):
            return Notice.objects.filter(key__startswith="check-unnamed/").count()

    for day, teacher, counselor in ((0, 0, 0), (1, 1, 0), (3, 1, 1), (5, 1, 1)):
        sweep_causes(TODAY + timedelta(days=day))
        assert (asked(running.homeroom), asked(running.counselor)) == (teacher, counselor), day


def test_naming_the_students_leaves_nobody_asked(running, enter):  # noqa: F811
    client = enter(running.homeroom)
    client.post(check_url(running.klass), {"count": "1"})
    url = reverse("assessments:concern-new", args=[running.students[0].pk])
    assert client.post(url, {"level": "talk", "text": "这周话很少"}).status_code == 302
    sweep_causes(TODAY + timedelta(days=4))
    with acting_as(running.homeroom):
        assert not Notice.objects.filter(key__startswith="check-unnamed/").exists()


ROLES = ("homeroom", "grade_head", "counselor", "vice_principal", "principal", "county_officer", "city_officer")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["accounts:today", AGENDA, PLAN])
def test_queries_do_not_grow_with_rows(running, enter, role, name):  # noqa: F811
    if name == PLAN and role not in ("counselor", "principal", "county_officer"):
        assert enter(running.users[role]).get(reverse(name)).status_code == 403  # not their page
        return

    def count():
        client = enter(running.users[role])
        client.get(reverse(name))
        with CaptureQueriesContext(
            connection,
        ) as found:
            text(client.get(reverse(name)))
        return len(found)

    one = count()
    with acting_as("system:demo"):
        due = Due.objects.filter(met_at=None).first()
        for n in range(3):
            klass = Klass.objects.create(school=running.school, grade=running.klass.grade, name=f"9{n}班")
            people = {"granter": running.granter, "approver": running.approver}
            add_post(make_user(f"more-{n}"), "homeroom", klass, **people)
            due.pk, due.key, due.user = None, f"more/{n}", running.users[role]
            due.title, due.due_on = f"第 {n} 件", date.fromisoformat(str(TODAY + timedelta(days=n)))
            due.save(force_insert=True)
            Notice.objects.create(to=running.users[role], key=f"more/{n}", title="提醒", why="试")
            SeasonCheck.objects.create(
                klass=klass, season=SEASON, checked_on=TODAY, attention_count=0, by=running.homeroom
            )
    three = count()
    print(f"{name} as {role}: {one} queries with few rows, {three} with three more of each")
    assert three <= one
