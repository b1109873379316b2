"""A student on a 360-px phone, through the real server: door to last page, scripts on and off."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect, sync_playwright

from assessments.models import Flag, ScaleVersion, ScreeningScale
from assessments.prerender import pieces_of
from assessments.scale_library import definition_of, freeze, load_library, store_version
from assessments.scoring import parse_definition
from tests.assessments.sittings import as_counselor, check_in, invite, open_screening, results, set_screening
from xinyu.access.actor import acting_as

expect.set_options(timeout=20000)
pytestmark = pytest.mark.django_db(transaction=True)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: a folder for pictures of the walk, for whoever wants to look
PICTURES = os.environ.get("XINYU_PICTURES", "")


@pytest.fixture
def phone(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    cache.clear()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def open_page(script: bool = True):
            page = browser.new_context(
                viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=script
            ).new_page()
            page.set_default_timeout(30000)
            return page

        yield open_page
        browser.close()


def look(page, name):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if name[0] != "_" else True
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def tick(page, first, values):
    for item, value in enumerate(values, first):
        page.check(f'input[name="{item}"][value="{value}"]')


def come_in(page, live_server, code):
    page.goto(f"{live_server.url}/a/")
    page.fill("#id_code", f"{code[:3]} {code[3:6]} {code[6:]}".lower())
    look(page, "door")
    page.click("text=进入")


def test_a_student_answers_on_a_phone_and_the_counselor_has_the_flag(here, phone, live_server):
    open_screening(here)
    sitting, code = invite(here, here.students[0])
    page = phone()
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    come_in(page, live_server, code)
    look(page, "confirm")
    page.click("text=是我，开始")
    tick(page, 1, [1, 1, 0, 2, 0])
    look(page, "part1")
    page.click("[data-next]")
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.reload()
    expect(page.locator('input[name="4"][value="2"]')).to_be_checked()
    tick(page, 6, [0, 0, 1, 2])
    page.click("text=下一部分")
    page.wait_for_url("**/a/2/")
    tick(page, 1, [0, 0, 0, 0, 0])
    page.click("[data-next]")
    tick(page, 6, [1])
    page.click("[data-submit]")
    expect(page.locator("#left")).to_contain_text("第 7 题还没有选")
    look(page, "gap")
    page.click("[data-submit]")
    page.wait_for_url("**/a/end/")
    look(page, "end")
    assert [flag.level for flag in as_counselor(here, Flag, sitting=sitting)] == ["immediate"]
    assert [(r.scale, r.is_complete) for r in results(here, sitting)] == [("PHQ-9", True), ("GAD-7", False)]
    page.go_back()
    assert page.locator("input[type=radio]").count() == 0
    assert not [line for line in trouble if "404" not in line], trouble


def test_without_scripts_the_same_walk_works(here, phone, live_server):
    open_screening(here, "GAD-7")
    sitting, code = invite(here, here.students[0])
    page = phone(script=False)
    page.goto(f"{live_server.url}/a/?c={code}")
    page.click("text=是我，开始")
    tick(page, 1, [0, 1, 2, 3, 0, 1])
    page.click("[data-submit]")
    expect(page.locator("[role=alert]").first).to_contain_text("第 7 题还没有选")
    look(page, "_plain")
    page.click("[data-submit]")
    expect(page.locator("h1")).to_contain_text("谢谢你")
    assert not results(here, sitting)[0].is_complete


def test_declining_asks_once_and_ends_calmly(here, phone, live_server):
    open_screening(here)
    sitting, code = invite(here, here.students[0])
    page = phone()
    page.on("dialog", lambda dialog: dialog.accept())
    come_in(page, live_server, code)
    page.click("text=是我，开始")
    page.click("[data-talk]")
    expect(page.locator("#saved")).to_contain_text("已告诉心理老师")
    look(page, "talk")
    page.click("button:text-is('不想作答')")
    page.wait_for_url("**/a/end/")
    assert [flag.level for flag in as_counselor(here, Flag, sitting=sitting)] == ["talk"]
    assert results(here, sitting) == []


def test_a_paused_screening_is_a_calm_page(here, phone, live_server):
    open_screening(here)
    _, code = invite(here, here.students[0])
    set_screening(here, state="paused")
    page = phone()
    come_in(page, live_server, code)
    expect(page.locator("h1")).to_contain_text("老师暂停了这次测评")
    look(page, "paused")


HELD = {"per_page": 1, "back": False, "skip": False}


def held_screening(world):
    """A version of UCLA-3 whose screen wants one item a page, no way back and every item; the shipped one was frozen
    before and stays as it is."""
    with acting_as("system:demo"):
        load_library()
        shipped = ScaleVersion.objects.get(code="UCLA-3")
        freeze([shipped])
        document = shipped.definition | {"version": "9", "screen": HELD}
        made = store_version(ScaleVersion(), parse_definition(document), document)
        ScreeningScale.objects.create(screening=world.screening, version=made, order=0)
        check_in(world)
        assert "screen" not in ScaleVersion.objects.get(pk=shipped.pk).definition
    assert "data-skip" not in pieces_of(definition_of(shipped), 1, 1).filled({}, {})


def test_one_item_a_page_without_a_way_back_by_keyboard_alone(here, phone, live_server):
    held_screening(here)
    sitting, code = invite(here, here.students[0])
    page = phone()
    come_in(page, live_server, code)
    page.locator("text=是我，开始").press("Enter")
    for number in (1, 2, 3):
        expect(page.locator("[data-page]:visible [data-item]")).to_have_count(1)
        assert page.is_visible(f'[data-item="{number}"]') and not page.is_visible("button[data-back]")
        hand_on = page.locator("[data-submit]" if number == 3 else "[data-next]")
        if number == 2:
            for _ in range(2):  # asked twice and still not let through: here every item is wanted
                hand_on.press("Enter")
            expect(page.locator("#left")).to_contain_text("每题选一个最接近的")
            assert page.is_visible("button:text-is('不想作答')")
            look(page, "held")
        page.focus("#main")
        for key in ("Tab", "Space", "ArrowDown", "Tab", "Enter"):
            page.keyboard.press(key)
    page.wait_for_url("**/a/end/")
    (result,) = results(here, sitting)
    assert (result.version.version, result.is_complete, result.total) == ("9", True, 6)


def test_a_scale_that_wants_every_item_wants_it_without_scripts_too(here, phone, live_server):
    held_screening(here)
    sitting, code = invite(here, here.students[0])
    page = phone(script=False)
    page.goto(f"{live_server.url}/a/?c={code}")
    page.click("text=是我，开始")
    tick(page, 1, [0, 1])
    for _ in range(2):
        page.click("[data-submit]")
        expect(page.locator("[role=alert]").first).to_contain_text("第 3 题还没有选")
    assert results(here, sitting) == []
    look(page, "_held_plain")
    tick(page, 3, [2])
    page.click("[data-submit]")
    expect(page.locator("h1")).to_contain_text("谢谢你")
    assert results(here, sitting)[0].is_complete


def test_a_fourth_grader_sees_one_question_with_all_its_answers_at_once(here, phone, live_server):
    open_screening(here, "WHO-5", guarded=False)
    sitting, code = invite(here, here.students[0], grade_number=4)
    page = phone()
    come_in(page, live_server, code)
    page.click("text=是我，开始")
    for number in range(1, 6):
        expect(page.locator("[data-page]:visible [data-item]")).to_have_count(1)
        box = page.locator(f'[data-item="{number}"]').bounding_box()
        assert box["height"] < 740, "one screen in large type"
        assert page.locator("main > .lead").is_visible() == (number == 1)
        tick(page, number, [3])
        if number == 2:
            look(page, "young")
        page.click("[data-submit]" if number == 5 else "[data-next]")
    page.wait_for_url("**/a/end/")
    assert results(here, sitting)[0].total == 10
