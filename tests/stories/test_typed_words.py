"""A counselor is interrupted while typing: the log-in ends, another machine goes on, and no word is lost."""

import pytest
from playwright.sync_api import expect

from tests.stories import steps
from tests.stories.people import DESKTOP, PHONE
from tests.stories.steps import Kid

pytestmark = pytest.mark.story


def test_words_survive_the_end_of_the_log_in_and_another_machine(stage, arriving):
    desk = arriving("counselor1", DESKTOP)
    steps.upload_roster(desk, steps.roster([Kid("8899001", "端木晴", "女", "端木家长")], "33班"))
    steps.commit_roster(desk, 1)
    [(student,)] = stage.ask("SELECT id FROM students_student WHERE number = '8899001'")
    form = f"/growth/{student}/observe/"
    assert desk.go(form) == 200
    desk.page.fill("textarea", "早读时主动帮同学发作业本。")
    expect(desk.page.locator("form[data-draft]")).to_contain_text("草稿已保存", timeout=12_000)
    desk.context.clear_cookies()  # the log-in has run out

    phone = arriving("counselor1", PHONE)
    phone.go(form)
    phone.sees("没有提交的内容")
    expect(phone.page.locator("textarea").first).to_have_value("早读时主动帮同学发作业本。")
    phone.picture("typed-words")
    phone.page.get_by_role("button", name="记入成长档案").click()
    phone.sees("早读时主动帮同学发作业本。")
    phone.go(form)
    expect(phone.page.locator("textarea").first).to_have_value("")
    assert stage.ask("SELECT count(*) FROM students_typeddraft", system="system:housekeeping") == [(0,)]
