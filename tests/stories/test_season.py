"""A season of the leaving grades: set by the county, heard of by the right teachers, signed by the school, counted by
the county; and somebody away whose messages reach a deputy. Real worker, real beat, real clock."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.stories.people import DESKTOP, PHONE
from tests.stories.stage import wait_until
from xinyu.organisations.calendar import school_year

pytestmark = pytest.mark.story
#: the sweep runs every 20 s; a busy machine takes its time
SWEEP_SECONDS = 90
SCHOOL = "溪东区第二初级中学"
TEACHERS = """SELECT u.username, g.entry_year, k.id FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id
  JOIN organisations_klass k ON k.id = p.klass_id JOIN organisations_grade g ON g.id = k.grade_id
  JOIN organisations_school s ON s.id = k.school_id
  WHERE p.role = 'homeroom' AND s.code = 'YC0102' AND u.username LIKE 'homeroom%%' ORDER BY u.username"""


def test_a_season_of_leaving_grades_from_the_first_reminder_to_the_signed_report(stage, arriving):
    officer = arriving("county1", DESKTOP)
    add_season(officer)
    people = stage.ask(TEACHERS)
    leaving = school_year(localdate()) - 2
    third = next(name for name, entry, _ in people if entry == leaving)
    second = next(name for name, entry, _ in people if entry != leaving)

    teacher = arriving(third, PHONE)
    wait_until(lambda: teacher.go("/inbox/") and "毕业班关爱" in teacher.text(), "the first reminder", SWEEP_SECONDS)
    other = arriving(second, PHONE)
    other.go("/inbox/")
    assert "毕业班关爱" not in other.text()
    who_has_not_answered(officer, signed=False)
    answer_the_check(teacher)
    teacher.picture("season-answered")

    principal = arriving("principal1", DESKTOP)
    sign_the_report(principal)
    wait_until(lambda: not_owed(principal), "nothing more asked of the principal", SWEEP_SECONDS)
    who_has_not_answered(officer, signed=True)
    officer.picture("season-returns")
    county = officer.text()
    for [name] in stage.ask("SELECT name FROM students_student LIMIT 200"):
        assert name not in county


def add_season(officer) -> None:
    """Tried first, then stored: the officer needs no programmer."""
    page, today = officer.page, localdate()
    officer.open_menu("时节工作")
    page.get_by_role("link", name="时节设定").click()
    page.get_by_role("link", name="增加时节").click()
    page.get_by_label("名称", exact=True).fill("毕业班关爱")
    page.get_by_label("初中", exact=True).check()
    page.get_by_label("年级", exact=True).select_option(label="毕业年级")
    page.get_by_label("开始日期").fill((today - timedelta(days=7)).isoformat())
    page.get_by_label("结束日期").fill((today + timedelta(days=20)).isoformat())
    for words in ("班主任：完成本班学生排查表", "校长：确认并签发零报告"):
        page.get_by_label(words).check()
    page.get_by_role("button", name="试算").click()
    officer.sees("试算结果")
    officer.picture("season-tried")
    page.get_by_role("button", name="保存").click()
    officer.sees("时节已保存")
    officer.sees("本区增加")


def open_season(person) -> None:
    person.go("/seasons/")
    person.page.get_by_role("link", name="毕业班关爱").first.click()
    person.sees("毕业班关爱")


def answer_the_check(teacher) -> None:
    page = teacher.page
    page.locator("#main ul a", has_text="毕业班关爱").or_(page.locator("#main ul a", has_text="排查")).first.click()
    teacher.sees("为什么收到这条消息")
    open_season(teacher)
    page.get_by_role("link", name="填报").first.click()
    page.get_by_label("需要进一步了解的人数").fill("0")
    page.locator("#main form").get_by_role("button").first.click()
    teacher.sees("已记录")


def sign_the_report(principal) -> None:
    open_season(principal)
    row = principal.page.locator("li", has_text="确认并签发零报告")
    row.get_by_role("link", name="去完成").click()
    principal.prove_identity()
    principal.sees("应排查班级")
    principal.page.get_by_role("button", name="确认").click()
    principal.sees("签发回执")
    principal.picture("season-signed")


def not_owed(principal) -> bool:
    principal.go("/")
    return "毕业班关爱：确认并签发零报告" not in principal.text()


def who_has_not_answered(officer, *, signed: bool) -> None:
    open_season(officer)
    row = officer.page.locator("table", has_text="签发").locator("tr", has_text=SCHOOL).first
    expect(row).to_contain_text("签字编号" if signed else "未签发")


def test_a_deputy_receives_what_the_absent_counselor_would_have(stage, arriving):
    counselor = arriving("counselor1", DESKTOP)
    counselor.go("/notices/settings/")
    page, today = counselor.page, localdate()
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
