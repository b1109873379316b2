"""When something is broken: Redis, the database, the key. What people see, and what is not lost."""

import base64
import secrets
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import expect

from tests.stories import steps
from tests.stories.cable import Cable
from tests.stories.people import DESKTOP, PHONE, arrive
from tests.stories.stage import wait_until
from xinyu.ops import ports

pytestmark = pytest.mark.story


def running_screening(stage) -> tuple[int, int]:
    """(screening, class) of the demo's running screening where somebody has not begun."""
    [row, *_] = stage.ask(
        """SELECT t.screening_id, t.klass_id FROM assessments_sitting t
        JOIN assessments_screening g ON g.id = t.screening_id
        JOIN organisations_school o ON o.id = g.school_id
        WHERE g.state = 'open' AND t.state = 'invited' AND o.code = 'YC0102' GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 1"""
    )
    return row


def some_codes(stage, counselor) -> list[str]:
    screening, klass = running_screening(stage)
    answer = counselor.context.request.get(f"{stage.address}/screenings/{screening}/classes/{klass}/slips.pdf")
    assert answer.ok
    return list(steps.codes_in(answer.body()).values())


def test_without_redis_everything_works_but_promptness(stage, arriving):
    counselor, student = arriving("counselor1", DESKTOP), arriving("", PHONE)
    codes = some_codes(stage, counselor)
    stage.stop("redis")
    try:
        wait_until(lambda: counselor.go("/") == 200 and "提醒可能延迟" in counselor.text(), "the page says so", 20)
        counselor.picture("redis-away")
        for path in ("/students/", "/interviews/", "/screenings/", "/cases/", "/inbox/"):
            assert counselor.go(path) == 200, path
        steps.come_in(student, codes[0])
        student.page.locator("[data-item] label").first.click()
        student.page.get_by_role("button", name="我想和老师聊聊").click()
        student.sees("已告诉心理老师")
        counselor.go("/interviews/")
        counselor.sees("想聊聊")
    finally:
        stage.start_redis()
    wait_until(lambda: counselor.go("/") == 200 and "提醒可能延迟" not in counselor.text(), "it is over", 20)


@contextmanager
def on_a_cable(stage):
    """A second web process whose database hangs on a cable. (address, cable)"""
    parts = urlsplit(stage.env["XINYU_DATABASE_APP"])
    cable, port = Cable((parts.hostname or "", parts.port or 5432)), ports.any_free()
    cable.mend()
    where = parts.netloc.rpartition("@")[0] + f"@127.0.0.1:{cable.port}"
    stage.start_web("cabled", port, XINYU_DATABASE_APP=urlunsplit(parts._replace(netloc=where)))
    try:
        wait_until(lambda: ports.is_answering(port) or stage.fallen("cabled"), "the second web process answers")
        yield f"http://127.0.0.1:{port}", cable
    finally:
        stage.stop("cabled")
        cable.cut()


def test_without_the_database_pages_say_so_and_typed_answers_stay(stage, arriving, chromium):
    codes = some_codes(stage, arriving("counselor1", DESKTOP))
    with on_a_cable(stage) as (address, cable):
        student, officer = arrive(chromium, address, PHONE), arrive(chromium, address, DESKTOP)
        officer.log_in("county1", stage.password("county1"))
        steps.come_in(student, codes[-1])
        page = student.page
        first = page.locator("[data-page]").first.locator("[data-item]")
        for box in first.all():
            box.locator("label").nth(0).click()
        cable.cut()
        assert officer.go("/") == 503
        officer.sees("数据服务暂时连不上")
        officer.picture("database-away")
        page.locator("[data-next]").click()
        student.sees("你的答案还在")
        assert first.first.locator("input").first.is_checked()
        student.picture("answers-kept")
        cable.mend()
        expect(page.locator("#saved")).to_contain_text("已保存", timeout=30_000)
        assert officer.go("/") == 200
        page.reload()
        expect(first.first.locator("input").first).to_be_checked()
        student.close()
        officer.close()


def test_a_wrong_or_missing_key_refuses_to_start_and_says_which(stage, tmp_path):
    other = tmp_path / "kek"
    other.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    code, said = stage.try_to_start(XINYU_KEY_FILE=str(other))
    assert code != 0
    assert "XINYU_KEY_FILE" in said and "the database was written with key" in said
    code, said = stage.try_to_start(XINYU_KEY_FILE=str(tmp_path / "nowhere"))
    assert code != 0 and "XINYU_KEY_FILE" in said and "cannot be read" in said
    code, said = stage.try_to_start()
    assert code == 0, said
