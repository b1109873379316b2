"""answer.js in a real browser, beside a server that speaks the contract of the page."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.ui.questionnaire import page as questionnaire

COPIES = """new Promise(done => { const open = indexedDB.open('xinyu-answer', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('draft');
  open.onsuccess = () => { const ask = open.result.transaction('draft').objectStore('draft').count();
    ask.onsuccess = () => { open.result.close(); done(ask.result); }; }; })"""


@pytest.fixture
def sheet(chromium, desk):
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.set_default_timeout(9000)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"http://127.0.0.1:{desk.server_port}/")
    yield page
    assert page.errors == []
    context.close()


def answer(sheet, *pairs):
    for item, option in pairs:
        sheet.check(f'input[name="{item}"][value="{option}"]')


def says(sheet, words):
    expect(sheet.locator("#saved")).to_contain_text(words, timeout=9000)


def copies(sheet, count):
    """Wait until the browser holds that many copies. Not wait_for_function: it needs eval, which the policy refuses."""
    for _ in range(90):
        if sheet.evaluate(COPIES) == count:
            return True
        sheet.wait_for_timeout(100)
    return False


def fill_first_page(sheet):
    answer(sheet, (1, 0), (2, 1), (3, 3))
    sheet.click("[data-next]")


def test_a_page_is_saved_when_it_is_left_and_its_copy_is_wiped(sheet, desk):
    fill_first_page(sheet)
    says(sheet, "已保存")
    path, body = desk.sent[-1]
    assert (path, body["scale"], body["revision"]) == ("/save", "PHQ-9", 1)
    assert body["answers"] == {"1": 0, "2": 1, "3": 3}
    assert set(body["seconds"]) == {"1", "2", "3"}
    assert copies(sheet, 0)


HOLD = """() => new Promise(held => { const open = indexedDB.open('xinyu-answer', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('draft');
  open.onsuccess = () => { const rows = open.result.transaction('draft', 'readwrite').objectStore('draft');
    const hold = () => { if (!window.let_go) rows.count().onsuccess = hold; else open.result.close(); };
    hold(); held(); }; })"""
SHEETS = "[data-page]:visible, .go:visible"


def test_the_first_page_on_the_screen_is_the_one_that_stays(sheet, desk):
    """Another page of the browser writes into the storage meanwhile, so that looking for a copy takes its time."""
    other = sheet.context.new_page()
    other.goto(f"http://127.0.0.1:{desk.server_port}/end")
    other.evaluate(HOLD)
    desk.page = questionnaire(answers={1: 0, 2: 0, 3: 0})
    sheet.goto(f"http://127.0.0.1:{desk.server_port}/")
    expect(sheet.locator("[data-talk]")).to_be_visible()
    assert sheet.locator("[data-page]").count() == 2 and sheet.locator(SHEETS).count() == 0
    other.evaluate("window.let_go = true")
    expect(sheet.locator('[data-item="4"]')).to_be_visible()
    assert sheet.locator("[data-page]:visible").count() == 1 and not sheet.is_visible('[data-item="1"]')


def test_a_script_that_was_lost_on_the_way_leaves_a_form_that_can_be_handed_in(sheet, desk):
    sheet.route("**/ui/answer.js", lambda route: route.abort())
    sheet.reload()
    expect(sheet.locator('[data-item="5"]')).to_be_visible(timeout=20_000)
    answer(sheet, (1, 0), (5, 1))
    sheet.click("[data-submit]")
    sheet.wait_for_url("**/submit")
    path, body = desk.sent[-1]
    assert path == "/submit" and "1=0" in body and "5=1" in body


def test_without_scripts_all_items_stand_there_at_once(chromium, desk):
    page = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False).new_page()
    page.goto(f"http://127.0.0.1:{desk.server_port}/")
    assert page.locator("[data-page]:visible").count() == 2 and page.is_visible("[data-submit]")
    page.context.close()


def test_submit_shows_a_receipt_only_after_the_server_has_committed(sheet, desk):
    fill_first_page(sheet)
    says(sheet, "已保存")
    answer(sheet, (4, 0), (5, 0))
    desk.mode = "busy"
    sheet.click("[data-submit]")
    says(sheet, "网络不稳")
    assert "回执" not in sheet.inner_text("#saved") and copies(sheet, 1)
    desk.mode = "up"
    sheet.wait_for_url("**/end")
    bodies = [body for path, body in desk.sent if path == "/submit"]
    assert len(bodies) >= 2 and all(body == bodies[0] for body in bodies), "the same key must carry the same body"
    assert copies(sheet, 0)


def test_answers_typed_while_the_server_is_away_survive_a_reload(sheet, desk):
    desk.mode = "busy"
    fill_first_page(sheet)
    says(sheet, "网络不稳")
    sheet.reload()
    expect(sheet.locator("input:checked")).to_have_count(3)
    desk.mode = "up"
    says(sheet, "已保存")
    assert desk.sent[-1][1]["answers"] == {"1": 0, "2": 1, "3": 3}


def test_the_copy_of_another_sitting_is_wiped_unread(sheet, desk):
    desk.mode = "busy"
    fill_first_page(sheet)
    says(sheet, "网络不稳")
    desk.page = questionnaire(draft="sitting-2")
    sheet.reload()
    assert copies(sheet, 0)
    assert sheet.locator("input:checked").count() == 0


def test_a_stale_revision_catches_up(sheet, desk):
    desk.mode = "stale"
    fill_first_page(sheet)
    says(sheet, "已保存")
    assert [body["revision"] for _, body in desk.sent] == [1, 10]


def test_answers_of_another_device_are_filled_in_and_never_blanked(sheet, desk):
    desk.mode, desk.stored = "stale", {"2": 0, "4": 2}
    fill_first_page(sheet)
    says(sheet, "已保存")
    bodies = [body for _, body in desk.sent]
    assert [(body["revision"], body["base"]) for body in bodies] == [(1, 0), (10, 9)]
    assert bodies[-1]["answers"] == {"1": 0, "2": 1, "3": 3, "4": 2}  # given here a moment ago: 2 is what it says here


def test_what_came_from_elsewhere_is_seen_before_it_is_handed_in(sheet, desk):
    fill_first_page(sheet)
    says(sheet, "已保存")
    answer(sheet, (4, 0))
    sheet.click("[data-submit]")
    desk.mode, desk.stored = "stale", {"5": 3}
    sheet.click("[data-submit]")
    says(sheet, "别的设备上有新的改动")
    expect(sheet.locator('input[name="5"][value="3"]')).to_be_checked()
    sheet.click("[data-submit]")
    sheet.wait_for_url("**/end")
    keys = [body["key"] for path, body in desk.sent if path == "/submit"]
    assert len(keys) == 2 and keys[0] != keys[1]  # another body, another key


@pytest.mark.parametrize(("mode", "words"), [("over", "已经结束或被老师关闭"), ("gone", "用作答码重新进来")])
def test_a_sitting_that_is_over_is_said_plainly_and_not_retried(sheet, desk, mode, words):
    desk.mode = mode
    fill_first_page(sheet)
    says(sheet, words)
    assert len(desk.sent) == 1 and sheet.is_visible("#again") == (mode == "gone")
    assert copies(sheet, 1)


def test_whoever_went_away_has_left_once_everything_has_arrived(sheet, desk):
    desk.page, desk.mode = questionnaire(idle_seconds=4), "busy"
    sheet.goto(f"http://127.0.0.1:{desk.server_port}/")
    fill_first_page(sheet)
    sheet.wait_for_timeout(5000)
    assert not sheet.url.endswith("/a/")
    desk.mode = "up"
    sheet.wait_for_url("**/a/")
    assert desk.sent[-1][1]["answers"] == {"1": 0, "2": 1, "3": 3} and copies(sheet, 0)


DUMP = r"""async () => {
  const found = [document.cookie, ...Object.entries({...localStorage, ...sessionStorage}).flat()];
  for (const name of await caches.keys()) found.push(name);
  for (const { name } of await indexedDB.databases()) {
    const open = indexedDB.open(name);
    const base = await new Promise(done => { open.onsuccess = () => done(open.result); });
    for (const table of base.objectStoreNames) for (const row of await new Promise(done => {
      const ask = base.transaction(table).objectStore(table).getAll(); ask.onsuccess = () => done(ask.result); }))
      for (const [field, value] of Object.entries(row)) found.push(field + ": " + (value instanceof CryptoKey ? "a key"
        : value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder("latin1").decode(value) : value));
  }
  return found.join("\n"); }"""


def test_no_answer_and_no_key_can_be_read_in_the_browsers_storage(sheet, desk):
    desk.mode = "busy"
    fill_first_page(sheet)
    says(sheet, "加密存在这台设备上")
    dump = sheet.evaluate(DUMP)
    assert "iv: " in dump and "text: " in dump, "there is a copy"
    for told in ("answers", "PHQ", "seconds", "a key", sheet.get_attribute("#answer", "data-copy-key")):
        assert told not in dump


def test_without_a_secure_context_the_page_says_that_nothing_lies_on_the_device(chromium, desk, browser_type_launch):
    page = browser_type_launch("--host-resolver-rules=MAP school.test 127.0.0.1").new_page()
    page.goto(f"http://school.test:{desk.server_port}/")
    assert not page.evaluate("window.isSecureContext")
    desk.mode = "busy"
    fill_first_page(page)
    says(page, "还没有送达的答案只在这一页里，请不要关闭或刷新")
    desk.mode = "up"
    says(page, "已保存")
    assert desk.sent[-1][1]["answers"] == {"1": 0, "2": 1, "3": 3}


def test_a_wish_to_talk_is_rung_until_it_has_arrived(sheet, desk):
    desk.mode = "busy"
    sheet.click("[data-talk]")
    says(sheet, "会一直重试")
    desk.mode = "up"
    sheet.reload()  # even after the browser was closed
    says(sheet, "已告诉心理老师")
    assert {path for path, _ in desk.sent} == {"/talk"} and copies(sheet, 0)


def test_left_out_items_are_named_once_then_let_through(sheet):
    answer(sheet, (1, 0))
    sheet.click("[data-next]")
    assert "第 2、3 题还没有选" in sheet.inner_text("#left")
    sheet.click("[data-next]")
    assert sheet.is_visible("[data-submit]") and not sheet.is_visible("[data-next]")


def test_talk_keeps_the_student_on_the_page_and_decline_ends_it(sheet, desk):
    sheet.click("[data-talk]")
    says(sheet, "已告诉心理老师")
    sheet.click('[value="decline"]')
    sheet.wait_for_url("**/decline")
    assert [path for path, _ in desk.sent] == ["/talk", "/decline"]
    assert sheet.locator("h1").inner_text().startswith("谢谢你")


def test_declining_after_a_hand_in_that_did_not_arrive_carries_what_was_typed(sheet, desk):
    fill_first_page(sheet)
    answer(sheet, (4, 0), (5, 1))
    desk.mode = "busy"
    sheet.click("[data-submit]")
    says(sheet, "网络不稳")
    with sheet.expect_request("**/decline") as declined:
        sheet.click('[value="decline"]')
    typed = parse_qs(declined.value.post_data)
    assert typed["5"] == ["1"] and typed["3"] == ["3"]


def test_the_keyboard_alone_is_enough(sheet, desk):
    sheet.focus('input[name="1"]')
    for _ in range(3):
        sheet.keyboard.press("Space")
        sheet.keyboard.press("ArrowDown")
        sheet.keyboard.press("Tab")
    sheet.keyboard.press("Enter")
    says(sheet, "已保存")
    assert desk.sent[-1][1]["answers"] == {"1": 1, "2": 1, "3": 1}


def test_nothing_is_wider_than_a_small_phone(sheet):
    assert sheet.evaluate("document.documentElement.scrollWidth") == 360
    heights = sheet.eval_on_selector_all(
        "fieldset label, .go button, .out button", "all => all.map(e => e.offsetHeight)"
    )
    assert min(height for height in heights if height) >= 44


VOICES = """(() => { window.said = [];
  const voices = ["far", "near"].map((name) => ({ lang: "zh-CN", localService: name === "near", name }));
  Object.defineProperty(window, "speechSynthesis", { value: { getVoices: () => window.voices || voices, cancel() {},
    addEventListener() {}, speak(words) { window.said.push([words.voice.name, words.text]); } } });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
})()"""


def sheet_of(chromium, desk, **more):
    """The page with the buttons for reading. The voices are the browser's business: headless has none."""
    html = questionnaire(**more)
    desk.page = html.replace("</head>", '<script src="/static/ui/answer_read.js" defer></script></head>')
    page = chromium.new_context(viewport={"width": 360, "height": 740}).new_page()
    return page


def test_the_youngest_hear_each_item_by_a_voice_of_the_device(chromium, desk):
    page = sheet_of(chromium, desk, is_young=True)
    page.add_init_script(VOICES)
    page.goto(f"http://127.0.0.1:{desk.server_port}/")
    page.get_by_role("button", name="朗读第 2 题").click()
    [[voice, text]] = page.evaluate("window.said")
    assert voice == "near" and text.startswith("2. 心情低落。可以选。完全不会。好几天")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "21px"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="大字").click()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "17px"
    page.get_by_role("button", name="朗读", exact=True).click()
    assert not page.get_by_role("button", name="朗读第 2 题").is_visible()
    page.context.close()


def test_without_a_voice_of_the_device_nothing_is_read(chromium, desk):
    page = sheet_of(chromium, desk, is_young=True)
    page.add_init_script("window.voices = [{ lang: 'zh-CN', localService: false, name: 'far' }];" + VOICES)
    page.goto(f"http://127.0.0.1:{desk.server_port}/")
    page.get_by_role("button", name="大字").wait_for()
    assert page.locator("button", has_text="朗读").locator("visible=true").count() == 0
    page.context.close()


def test_where_the_scale_wants_every_item_the_page_says_so_and_declining_stays(sheet, desk):
    desk.page = questionnaire(screen={"no_back": True, "no_skip": True})
    sheet.goto(f"http://127.0.0.1:{desk.server_port}/")
    sheet.click("[data-next]")
    sheet.click("[data-next]")
    assert "每题选一个" in sheet.inner_text("#left") and sheet.is_visible('[value="decline"]')
    fill_first_page(sheet)
    says(sheet, "已保存")
    assert not sheet.is_visible("button[data-back]")
