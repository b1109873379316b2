"""A room full of half-answered sheets: rest, pause, go on, and the moment somebody says stop."""

import re

import pytest
from playwright.sync_api import expect

from tests.stories import steps
from tests.stories.people import DESKTOP, PHONE
from tests.stories.stage import wait_until
from tests.stories.steps import Kid
from tests.stories.test_main_job import allow_unguarded

pytestmark = pytest.mark.story
KLASS, TITLE = "9班", "八年级9班秋季测评"
REASON = "现场有学生情绪波动，先停下来"
#: a page that is turned is saved at once, one that stands still every twenty seconds
SAVED_MS = 30_000
FLAG = """SELECT f.id FROM assessments_flag f JOIN students_student s ON s.id = f.student_id
WHERE s.number = %s AND f.level = 'immediate'"""


def kids() -> list[Kid]:
    names = ("司徒望月", "令狐一鸣", "宇文清和", "慕容小雨")
    return [Kid(f"9909{n:02d}", name, "女男"[n % 2], f"{name[:2]}家长") for n, name in enumerate(names, start=1)]


def running(counselor, arriving) -> tuple[str, dict[str, str]]:
    """A battery with a pause for one class, open and guarded: (its address, name → code)."""
    steps.upload_roster(counselor, steps.roster(kids(), KLASS))
    steps.commit_roster(counselor, len(kids()))
    url = steps.plan_screening(counselor, TITLE, KLASS, ("近两周情绪状况", "近两周幸福感"))
    counselor.page.get_by_label("答完这一部分休息一下").check()
    counselor.page.get_by_role("button", name="保存休息点").click()
    counselor.sees("休息点已保存")
    counselor.picture("pause-planned")
    if not steps.go_on_duty(counselor):
        allow_unguarded(arriving("principal1", DESKTOP), url)
        counselor.page.goto(url)
    steps.open_screening(counselor)
    return url, steps.slips(counselor)


def rest_after_the_first_part(student, code: str) -> None:
    steps.come_in(student, code)
    steps.choose(student.page, {}, 0)
    student.page.wait_for_url("**/a/1/pause/")
    student.sees("休息一下")


def go_to_the_mood_items(student, code: str) -> None:
    """Behind the pause, or before it: the order of the scales is the library's."""
    steps.come_in(student, code)
    if student.page.get_attribute("#answer", "data-scale") != "PHQ-9":
        steps.choose(student.page, {}, 2)
        student.page.get_by_role("link", name="继续").click()
        steps.opened(student.page)


def tick(student, item: int, place: int) -> None:
    while not student.page.locator(f'[data-item="{item}"]').is_visible():
        student.page.locator("[data-next]").click()
    student.page.locator(f'[data-item="{item}"] label').nth(place).click()


def turn(student) -> None:
    """Back, or on: an item left out is named once, the second press goes on."""
    back, on = student.page.locator("[data-back]"), student.page.locator("[data-next]")
    if back.is_visible():
        return back.click()
    for _ in range(2):
        if on.is_visible():
            on.click()
    return None


def test_pause_go_on_and_stop_keep_what_was_answered_and_alert(stage, arriving):
    counselor, leader = arriving("counselor1", DESKTOP), arriving("principal1", PHONE)
    rested, hurt, late = arriving("", PHONE), arriving("", PHONE), arriving("", DESKTOP)
    url, codes = running(counselor, arriving)
    first, second, third, _ = kids()

    rest_after_the_first_part(rested, codes[first.name])
    rested.picture("pause")
    rested.page.get_by_role("button", name="今天先到这里").click()
    rested.sees("都保存着")
    rested.picture("left-for-today")

    go_to_the_mood_items(hurt, codes[second.name])
    tick(hurt, 1, 1)
    counselor.page.get_by_role("button", name="暂停").first.click()
    counselor.page.locator("dialog[open]").get_by_role("button", name="暂停").click()
    counselor.sees("测评已暂停")
    turn(hurt)
    expect(hurt.page.locator("h1")).to_contain_text("老师暂停了这次测评", timeout=SAVED_MS)
    hurt.picture("paused")
    counselor.page.get_by_role("button", name="继续").first.click()
    counselor.sees("测评继续进行")

    steps.come_in(hurt, codes[second.name])
    assert hurt.page.locator('[data-item="1"] input:checked').count() == 1, "what was in flight had arrived"
    tick(hurt, 9, 2)
    leader.page.goto(url)
    leader.page.get_by_label("停止的理由").fill(REASON)
    leader.picture("stop-asked")
    leader.page.get_by_role("button", name="紧急停止").click()
    leader.sees("测评已停止")
    turn(hurt)
    expect(hurt.page.locator("h1")).to_contain_text("测评停下来了", timeout=SAVED_MS)
    hurt.picture("stopped")
    late.go(f"/a/?c={codes[third.name]}")
    late.sees("测评停下来了")
    assert late.page.get_by_role("button", name=re.compile("^是我")).count() == 0
    steps_that_follow(stage, counselor, url, second)


def steps_that_follow(stage, counselor, url: str, hurt: Kid) -> None:
    """The counselor reads who stopped it and why; the answer that cannot wait is in her queue."""
    wait_until(lambda: stage.ask(FLAG, hurt.number), "the critical answer alerts", 90)
    counselor.page.goto(url)
    counselor.sees(f"紧急停止：{REASON}")
    expect(counselor.page.get_by_role("button", name="继续")).to_have_count(0)
    counselor.picture("stopped-for-the-counselor")
    counselor.open_menu("访谈队列")
    counselor.sees(hurt.name)
