"""Somebody is away, and the messages reach a deputy. Real worker, real beat, real clock."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.stories.people import DESKTOP, PHONE
from tests.stories.stage import wait_until

pytestmark = pytest.mark.story
#: the sweep runs every 30 s; a busy machine takes its time
SWEEP_SECONDS = 90
TEACHERS = """SELECT u.username, g.entry_year, k.id FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id
  JOIN organisations_klass k ON k.id = p.klass_id JOIN organisations_grade g ON g.id = k.grade_id
  JOIN organisations_school s ON s.id = k.school_id
  WHERE p.role = 'homeroom' AND s.code = 'YC0102' AND u.username LIKE 'homeroom%%' ORDER BY u.username"""


def test_a_deputy_receives_what_the_absent_counselor_would_have(stage, arriving):
    counselor = arriving("counselor1", DESKTOP)
    counselor.go("/notices/settings/")
    page, today = counselor.page, date.today()
    [(deputy, name)] = stage.ask(
        "SELECT u.username, u.name FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id"
        " JOIN organisations_school s ON s.id = p.school_id WHERE p.role = 'vice_principal' AND s.code = 'YC0102'"
    )
    box = page.get_by_label("代理人", exact=True)
    value = box.locator("option", has_text=name).first.get_attribute("value")
    box.select_option(value=str(value))
    page.get_by_label("从", exact=True).fill(today.isoformat())
    page.get_by_label("到（含）").fill((today + timedelta(days=2)).isoformat())
    page.get_by_role("button", name="登记请假").click()
    counselor.sees("代理人：" + name)
    try:
        teacher = stage.ask(TEACHERS)[0][0]
        tell_a_concern(stage, arriving(teacher, PHONE))
        reader = arriving(deputy, PHONE)
        wait_until(lambda: reader.go("/inbox/") and "代收" in reader.text(), "the copy for the deputy", SWEEP_SECONDS)
        reader.page.locator("#main ul a", has_text="代收").first.click()
        reader.sees("原收件人请假")
        reader.picture("deputy")
        assert "欧阳不在名册" not in reader.text() and "操场边" not in reader.text()  # neither name nor words
    finally:
        counselor.go("/notices/settings/")
        counselor.page.get_by_role("button", name=re.compile("结束")).first.click()


def tell_a_concern(stage, teacher) -> None:
    """In a minute, on a phone, about somebody whom the roster does not know: it rings at the counselor."""
    teacher.go("/concerns/new/")
    teacher.page.get_by_label("学生姓名").fill("欧阳不在名册")
    teacher.page.get_by_label(re.compile("^现在")).check()
    teacher.page.get_by_label("您看到、听到了什么").fill("操场边一个人坐了两节课，不肯说话。")
    teacher.page.locator("#main form").get_by_role("button").first.click()
    expect(teacher.page.locator("body")).not_to_contain_text("有几处需要改")
