"""A computer room with one machine for several students; a phone that loses its network and its browser."""

import os
import re
import shutil
import signal
import subprocess
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import expect

from tests.stories import steps
from tests.stories.cable import Cable
from tests.stories.conftest import CHROMIUM_WORDS
from tests.stories.people import DESKTOP, PHONE
from tests.stories.stage import wait_until
from tests.stories.test_trouble import running_screening, some_codes
from tests.ui.test_answer_browser import DUMP

pytestmark = pytest.mark.story
SHORT = re.compile(r"班级码 ([2-9A-Z]{5})\s*短码 (\d{3}) (\d{3})")
NUMBER = re.compile(r"学号 (\S+)")


def short_ways(stage, counselor) -> list[tuple[str, str, str]]:
    """(class code, number, short code) of every slip of a class, as printed."""
    screening, klass = running_screening(stage)
    answer = counselor.context.request.get(f"{stage.address}/screenings/{screening}/classes/{klass}/slips.pdf")
    text = steps.pdf_text(answer.body())
    found = zip(NUMBER.findall(text), SHORT.findall(text), strict=True)
    return [(code, number, first + last) for number, (code, first, last) in found]


def sit_down(machine, klass: str, number: str, short: str) -> None:
    machine.page.get_by_label("班级码").fill(klass)
    machine.page.get_by_label("学号").fill(number)
    machine.page.get_by_label("短码").fill(short)
    machine.page.get_by_role("button", name="进入").click()
    machine.sees("这是你吗")
    machine.page.get_by_role("button", name=re.compile("^是我")).click()
    steps.opened(machine.page)


def test_one_machine_serves_one_student_after_another(stage, arriving):
    counselor, machine, other = arriving("counselor1", DESKTOP), arriving("", DESKTOP), arriving("", PHONE)
    screening, klass = running_screening(stage)
    counselor.go(f"/screenings/{screening}/classes/{klass}/")
    counselor.sees("写在黑板上")
    counselor.picture("class-code")
    (code, *first), (_, *second), (_, *third) = short_ways(stage, counselor)[-3:]
    assert code in counselor.text()
    machine.go(f"/a/class/?k={code}")
    machine.picture("class-door")
    sit_down(machine, code, *first)
    expect(machine.page.get_by_role("button", name="大字")).to_be_visible()
    while "/end/" not in machine.page.url:
        part = machine.page.url
        steps.choose(machine.page, {}, 0)
        machine.page.wait_for_url(lambda url, part=part: url != part)
    machine.sees("谢谢你")
    machine.page.go_back()  # whoever presses Back sees nothing of it
    expect(machine.page.locator("input[type=radio]")).to_have_count(0)
    machine.picture("back-shows-nothing")
    machine.go("/a/")
    assert machine.page.get_by_label("班级码").input_value() == code
    sit_down(machine, code, *second)
    assert machine.page.locator("input:checked").count() == 0
    machine.page.locator("[data-item] label").nth(1).click()
    expect(machine.page.locator("#saved")).to_contain_text("已保存", timeout=30_000)
    machine.go("/a/")  # the second one leaves in the middle; a third one sits down
    sit_down(machine, code, *third)
    assert machine.page.locator("input:checked").count() == 0
    machine.page.on("dialog", lambda dialog: dialog.accept())
    machine.page.get_by_role("button", name="不想作答").click()
    machine.sees("谢谢你")
    other.go("/a/class/")
    sit_down(other, code, *second)  # elsewhere the second one goes on
    assert other.page.locator("input:checked").count() == 1


@contextmanager
def browser_of_a_phone(chromium, profile):
    """A browser of its own with its profile on the disk; killed in the end, as a phone does it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    words = [*CHROMIUM_WORDS, "--headless=new", "--no-first-run", "--remote-debugging-port=0"]
    told = profile / "DevToolsActivePort"
    told.unlink(missing_ok=True)
    process = subprocess.Popen(
        [str(program), *words, f"--user-data-dir={profile}", "about:blank"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        wait_until(lambda: told.exists() and told.read_text().count("\n"), "the phone's browser is up")
        browser = chromium.browser_type.connect_over_cdp(f"http://127.0.0.1:{told.read_text().split()[0]}")
        page = browser.contexts[0].new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        yield page
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def come_in(page, address: str, code: str) -> None:
    page.goto(f"{address}/a/?c={code}")
    page.get_by_role("button", name=re.compile("^是我")).click()
    steps.opened(page)


def test_a_phone_without_network_whose_browser_is_killed_loses_nothing(stage, arriving, chromium, tmp_path):
    code = some_codes(stage, arriving("counselor1", DESKTOP))[0]
    cable = Cable(("127.0.0.1", stage.port))
    cable.mend()
    address = f"http://127.0.0.1:{cable.port}"
    with browser_of_a_phone(chromium, tmp_path) as page:
        come_in(page, address, code)
        sizes = []
        page.on("request", lambda asked: sizes.append(len(asked.post_data or "")) if asked.method == "POST" else None)
        boxes = page.locator("[data-page]").first.locator("[data-item]")
        count, scale = boxes.count(), page.get_attribute("#answer", "data-scale")
        boxes.first.locator("label").nth(1).click()
        cable.cut()
        for n in range(1, count):
            boxes.nth(n).locator("label").nth(2).click()
        page.locator("[data-next]").click()
        expect(page.locator("#saved")).to_contain_text("已加密存在这台设备上", timeout=30_000)
        page.screenshot(path=tmp_path / "without-network.png")
        dump, secret = page.evaluate(DUMP), page.get_attribute("#answer", "data-copy-key")
        assert "text: " in dump and not any(word in dump for word in (scale, "answers", secret, "a key"))
        assert 0 < max(sizes) < 5000
    lying = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".png")
    assert b"xinyu-answer" in lying, "there is a copy"
    for word in (f'"scale":"{scale}"', '"answers":', secret):
        assert word.encode() not in lying and word.encode("utf-16-le") not in lying
    cable.mend()
    with browser_of_a_phone(chromium, tmp_path) as page:
        come_in(page, address, code)
        expect(page.locator("#saved")).to_contain_text("已保存", timeout=30_000)
        assert page.locator("input:checked").count() == count
        assert "text: " not in page.evaluate(DUMP)
        elsewhere = arriving("", DESKTOP)
        come_in(elsewhere.page, stage.address, code)
        assert elsewhere.page.locator("input:checked").count() == count
        while "/end/" not in elsewhere.page.url:
            part = elsewhere.page.url
            steps.choose(elsewhere.page, {}, 0)
            elsewhere.page.wait_for_url(lambda url, part=part: url != part)
        page.reload()
        expect(page.locator("h1")).to_contain_text("谢谢你")
        assert page.locator("input[type=radio]").count() == 0
    cable.cut()
