"""今天: each role's own work, never another's, with few questions."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import PLACE_OF_ROLE
from xinyu.access.actor import acting_as
from xinyu.organisations.calendar import school_year
from xinyu.organisations.settings_tabs import PAGES
from xinyu.reminders.models import Due, Notice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [*PLACE_OF_ROLE])
def test_everybody_with_a_post_has_a_page_of_today(here, enter, role):
    client = enter(here.users[role])
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/")
    assert page.status_code == 200 and "今天" in page.text
    assert "甲同学" not in page.text, "no names of students on the first page"
    own = [q for q in asked if "SELECT" in q["sql"] and "set_config" not in q["sql"] and "session" not in q["sql"]]
    # one or two for each block of the page, whatever it holds: the counselor's has eleven
    assert len(own) <= 20, [q["sql"][:90] for q in own]


def test_a_counselor_reads_how_many_wait_and_how_late(here, there, enter):
    page = enter(here.counselor).get("/").text
    assert "等待访谈共 1 人" in page and "已过期限 1 人" in page and "还没有干预方案 1 案" in page


def test_somebody_without_a_live_post_gets_403(here, enter):
    assert enter(here.revoked).get("/").status_code == 403
    assert enter(here.nobody).get("/").status_code == 403


def test_dues_and_notices_are_ones_own(here, there, enter):
    today = timezone.localdate()
    with acting_as("system:demo"):
        for world in (here, there):
            name = f"{world.tag}的时节工作"
            due = Due.objects.create(
                key=name, season="exam", obligation="class_check", title=name, user=world.homeroom, role="homeroom",
                county=world.county, school=world.school, from_on=today, due_on=today,
            )  # fmt: skip
            Notice.objects.create(to=world.homeroom, key=f"n{name}", title=f"{world.tag}的消息", why="岗位", due=due)
    page = enter(here.homeroom).get("/").text
    assert "甲的时节工作" in page and "甲的消息" in page
    assert "乙的时节工作" not in page and "乙的消息" not in page


def test_the_frame_names_place_post_search_and_navigation_by_role(here, enter):
    page = enter(here.counselor).get("/").text
    assert "甲中学" in page and "心理教师" in page and 'action="/students/"' in page and "/students/" in page
    officer = enter(here.county_officer).get("/").text
    assert "甲县" in officer and 'action="/students/"' not in officer and 'href="/audit/log/"' not in officer


def test_without_a_log_in_the_page_leads_to_it(client, db):
    assert client.get("/").url.startswith("/account/")


def test_what_was_owed_in_the_school_year_before_makes_room(here, enter):
    """Oldest first and six at most: dues that nobody can answer any more would push out all that can be."""
    today = timezone.localdate()
    ended = date(school_year(today), 8, 31)
    with acting_as("system:demo"):
        for n, on in enumerate([ended] * 8 + [today]):
            Due.objects.create(
                key=f"k{n}", season="s", obligation="o", title="今年的工作" if on == today else "去年的工作",
                user=here.homeroom, role="homeroom", county=here.county, school=here.school, klass=here.klass,
                from_on=on, due_on=on,
            )  # fmt: skip
    page = enter(here.homeroom).get("/").text
    assert "今年的工作" in page and "去年的工作" not in page


@pytest.mark.parametrize("name", [name for _, name, _ in PAGES])
def test_each_page_of_the_countys_settings_stands_under_one_entry(here, enter, name):
    page = enter(here.county_officer).get(reverse(name)).text
    assert re.findall(r'title="([^"]+)" aria-current="page"', page) == ["本区设定"]
