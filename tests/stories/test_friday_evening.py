"""Friday, 16:50: a red level is stated and nobody at the school answers. In the end somebody of the county does."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests import databases
from tests.stories import steps
from tests.stories.people import DESKTOP, PHONE
from tests.stories.stage import wait_until
from xinyu.ops import paths

pytestmark = pytest.mark.story
SCHOOL = "溪东区第二初级中学"
REASON = "刚才说出了今晚的打算；已有老师陪在身边。"
STEPS = "SELECT role FROM crisis_chainstep WHERE case_id = %s ORDER BY rung, id"
MESSAGE = """SELECT n.id FROM reminders_notice n JOIN crisis_chainstep s ON n.key LIKE 'chain/' || s.id || '/%%'
WHERE s.case_id = %s AND s.role = 'county_officer'"""


def friday_afternoon() -> datetime:
    """16:50 of the Friday that comes next: the platform's own sweeps leave what lies ahead alone."""
    today = timezone.localtime()
    ahead = (4 - today.weekday()) % 7 or 7
    return (today + timedelta(days=ahead)).replace(hour=16, minute=50, second=0, microsecond=0)


def move_to(stage, case: int, at: datetime) -> None:
    """The run begins at that moment instead of now."""
    query = """WITH gone AS (SELECT %s::timestamptz - min(opens_at) AS by FROM crisis_chainstep WHERE case_id = %s)
    UPDATE crisis_chainstep SET opens_at = opens_at + gone.by, acknowledge_by = acknowledge_by + gone.by,
      act_by = act_by + gone.by FROM gone WHERE case_id = %s RETURNING id"""
    assert databases.as_system(stage.env["XINYU_DATABASE_TESTS"], "system:demo", query, at, case, case)


def sweep_at(stage, at: datetime, name: str) -> None:
    child = stage.start(name, str(paths.PYTHON), "-m", "tests.stories.climb_at", at.isoformat())
    wait_until(lambda: child.process and child.process.poll() is not None, f"the sweep of {at:%H:%M} ends")
    assert child.process and child.process.returncode == 0, stage.said(name)[-2000:]


def told(stage, case: int) -> list[str]:
    return [role for (role,) in stage.ask(STEPS, case)]


def test_a_red_level_on_friday_evening_reaches_the_county(stage, arriving):
    counselor = arriving("counselor1", PHONE)
    counselor.go("/cases/")
    student = counselor.page.locator(".xy-rows strong a").first.inner_text()
    counselor.page.get_by_role("link", name="确认级别").first.click()
    url = steps.confirm_level(counselor, "红", REASON)
    case = int(re.search(r"/cases/(\d+)/", url).group(1))
    friday, minute = friday_afternoon(), timedelta(minutes=1)
    move_to(stage, case, friday)
    assert "vice_principal" in told(stage, case) and "principal" not in told(stage, case)
    for passed, last in ((14, "grade_head"), (16, "principal"), (31, "county_officer")):
        sweep_at(stage, friday + passed * minute, f"sweep-{passed}")
        assert told(stage, case)[-1] == last

    officer = arriving("county1", DESKTOP)
    [(handover,)] = stage.ask("SELECT id FROM crisis_handover WHERE case_id = %s", case)
    wait_until(lambda: stage.ask(MESSAGE, case), "the officer has a message", 90)
    officer.go("/")
    officer.sees(SCHOOL)
    officer.go(f"/cases/handovers/{handover}/")
    officer.sees("没有学生身份")
    officer.picture("friday-county")
    assert REASON not in officer.text() and student not in officer.text()
    officer.page.get_by_role("button", name="我已知晓，签收").click()
    officer.sees("已签收")
    counselor.go(f"/cases/{case}/clock/")
    counselor.sees("县区教育局")
    counselor.sees("教育局已签收")
    counselor.picture("friday-clock")
    sweep_at(stage, friday + 80 * minute, "sweep-last")
    assert "city_officer" not in told(stage, case)  # somebody has answered
