"""A teacher answers for herself on a phone; only the station hears of it; her school reads a number, or none."""

import re

import pytest

from tests.stories.people import DESKTOP, PHONE
from tests.stories.stage import wait_until

pytestmark = pytest.mark.story
TITLE = "秋季教职工自测"
#: the alert's message is written by the worker, rung at once; a busy machine takes its time
SWEEP_SECONDS = 75


def test_a_teacher_is_asked_herself_and_her_school_learns_nothing(stage, arriving):
    [(teacher,)] = stage.ask("SELECT name FROM accounts_user WHERE username = 'teacher1'")
    station = arriving("station1", DESKTOP)
    plan(station)
    [(round_id,)] = stage.ask("SELECT id FROM assessments_staffround WHERE title = %s", TITLE)

    phone = arriving("teacher1", PHONE)
    answer(phone)
    phone.sees("请不要一个人扛着")
    phone.sees("12356")
    assert "PHQ" not in phone.text()
    phone.picture("self-result")

    wait_until(
        lambda: station.go("/inbox/") and "有一位教职工需要您尽快联系" in station.text(), "the message", SWEEP_SECONDS
    )
    assert teacher not in station.text(), "a message carries no name"
    station.open_menu("教职工自测")
    station.sees(teacher)
    station.picture("staff-alerts")
    look_and_handle(station, teacher)

    phone.page.reload()
    phone.sees("（辅导站心理教师）")
    phone.picture("self-looked-at")

    for username in ("counselor1", "principal1"):
        somebody = arriving(username, DESKTOP)
        the_school_finds_nothing(somebody, teacher, round_id)
    end(station)
    principal = arriving("principal1", DESKTOP)
    principal.open_menu("教职工自测人数")
    principal.sees(TITLE)
    principal.sees("人数少，不显示")
    principal.picture("staff-count")
    assert teacher not in principal.text()


def plan(station) -> None:
    station.open_menu("教职工自测")
    station.page.get_by_role("link", name="新的一轮").click()
    page = station.page
    page.get_by_label("名称").fill(TITLE)
    for scale in ("PHQ-9", "GAD-7"):
        page.get_by_label(re.compile(scale)).check()
    for box in page.locator("input[name=schools]").all():
        box.check()
    page.get_by_label("辅导站的地址").fill("人民路 5 号三楼，周二、周四 14:00—17:00，0731-88712345")
    station.picture("staff-round-form")
    page.get_by_role("button", name="保存").click()
    station.sees("教职工会读到的说明")
    station.picture("staff-round-draft")
    page.get_by_role("button", name="开始").click()
    page.locator("dialog[open]").get_by_role("button", name="开始").click()
    station.sees("进行中")


def answer(phone) -> None:
    phone.go("/")
    phone.sees("给您自己")
    phone.picture("self-today")
    phone.page.get_by_role("link", name=TITLE).click()
    phone.sees("谁能看到什么")
    phone.page.get_by_role("button", name="开始").click()
    phone.sees("请先勾选这一项")
    phone.page.get_by_label("需要时怎么联系到您").fill("13912345678")
    phone.page.get_by_label("我已读完上面的说明").check()
    phone.picture("self-consent")
    phone.page.get_by_role("button", name="开始").click()
    phone.sees("1/2")
    phone.picture("self-sheet")
    choose(phone, 7)
    phone.page.get_by_role("button", name="保存，下一部分").click()
    phone.sees("2/2")
    choose(phone, 9, last=1)
    phone.page.get_by_role("button", name="交卷").click()


def choose(phone, count: int, last: int = 0) -> None:
    for n in range(1, count + 1):
        phone.page.locator(f"input[name='{n}'][value='{last if n == count else 0}']").check()


def look_and_handle(station, teacher: str) -> None:
    alert = station.page.locator("form", has_text=teacher).filter(has_text="请在期限前联系")
    alert.get_by_label("已联系并谈过").check()
    alert.get_by_role("button", name="登记").click()
    station.sees("已登记处理")
    assert teacher not in station.text()
    station.page.get_by_role("link", name=TITLE).click()
    station.sees("还没有看")
    station.picture("staff-round")
    station.page.get_by_role("link", name=teacher).click()
    station.sees("这次打开已经记录")
    station.picture("staff-result")


def the_school_finds_nothing(somebody, teacher: str, round_id: int) -> None:
    assert somebody.go("/staff-rounds/") == 403
    somebody.go(f"/self/{round_id}/result/")
    assert "我的结果" not in somebody.text() and teacher not in somebody.text()
    for path in ("/", "/inbox/", "/self/", "/audit/looks/"):
        somebody.go(path)
        assert "教职工需要您" not in somebody.text() and "提示情绪困扰程度" not in somebody.text()


def end(station) -> None:
    station.open_menu("教职工自测")
    station.page.get_by_role("link", name=TITLE).click()
    station.page.get_by_role("button", name="结束").click()
    station.page.locator("dialog[open]").get_by_role("button", name="结束").click()
    station.sees("已结束")
