"""Two counselors write the same section of one case at the same moment; and one is thrown out while typing."""

import pytest
from playwright.sync_api import expect

from tests.stories.people import DESKTOP, PHONE, arrive
from tests.stories.test_homeroom import PASSWORD, approve, create_account, pick

pytestmark = pytest.mark.story
#: an open case of the first school, whoever keeps it by now; one that asks for the whole form if stories have left any
CASE = """SELECT c.id FROM crisis_case c JOIN organisations_school s ON s.id = c.school_id
 WHERE s.code = 'YC0102' AND c.closed_at IS NULL ORDER BY c.level = 'orange' DESC, c.id DESC LIMIT 1"""
VERSIONS = "SELECT count(*) FROM crisis_sectiontext WHERE case_id = %s AND section = %s"
FIRST, SECOND = "家里的药箱由外婆上锁。", "宿舍抽屉已和宿管一起检查。"
HALF = "第二次谈话后补：愿意让姐姐知道。"


SECOND_COUNSELOR = "secondcounselor"


@pytest.fixture(scope="module")
def two_counselors(stage, chromium):
    """The school gets a second counselor, by the hands that appoint people."""
    security = arrive(chromium, stage.address, DESKTOP).log_in("security1", stage.password("security1"))
    create_account(security, SECOND_COUNSELOR, "端木知秋")
    page = security.page
    page.get_by_role("link", name="授权", exact=True).click()
    page.get_by_label("岗位").select_option(label="心理教师")
    page.get_by_label("学校").select_option(label="溪东区第二初级中学")
    page.get_by_role("button", name="下一步").click()
    pick(page, "人员", SECOND_COUNSELOR)
    pick(page, "范围", "溪东区第二初级中学")
    page.get_by_role("button", name="授权", exact=True).click()
    security.sees("等第三个人批准后生效")
    principal = arrive(chromium, stage.address, DESKTOP).log_in("principal1", stage.password("principal1"))
    approve(principal, SECOND_COUNSELOR)
    for person in (security, principal):
        person.close()


def coming(arriving, width):
    return arriving("", width).log_in(SECOND_COUNSELOR, PASSWORD)


def test_both_texts_stand_on_the_page_and_neither_is_lost(stage, arriving, two_counselors):
    [(case,)] = stage.ask(CASE)
    [(before,)] = stage.ask(VERSIONS, case, "risk")
    form = f"/cases/{case}/dossier/risk/"
    desk, phone = arriving("counselor1", DESKTOP), coming(arriving, PHONE)
    for person in (desk, phone):
        assert person.go(form) == 200
    desk.page.get_by_label("工具可得性").fill(FIRST)
    phone.page.get_by_label("工具可得性").fill(SECOND)

    desk.page.get_by_role("button", name="保存这一版").click()
    desk.sees("已保存")
    phone.page.get_by_role("button", name="保存这一版").click()
    phone.sees("两人同时修改了")
    phone.sees("没有覆盖任何内容")
    phone.sees(FIRST)
    expect(phone.page.get_by_label("工具可得性")).to_have_value(SECOND)
    phone.picture("section-conflict")

    phone.page.get_by_role("link", name="先不保存").click()  # looks at the other one's text first
    phone.sees(FIRST)
    phone.go(form)
    phone.sees("没有提交的内容")
    expect(phone.page.get_by_label("工具可得性")).to_have_value(SECOND)
    phone.page.get_by_role("button", name="保存这一版").click()
    phone.sees("两人同时修改了")
    phone.page.get_by_label("工具可得性").fill(f"{FIRST}\n{SECOND}")
    phone.page.get_by_role("button", name="按以上内容保存").click()
    phone.sees("已保存")
    phone.picture("dossier")

    desk.go(f"/cases/{case}/dossier/risk/history/")
    desk.sees(SECOND)
    assert desk.text().count(FIRST) >= 2
    desk.picture("section-history")
    assert stage.ask(VERSIONS, case, "risk") == [(before + 2,)]


def test_typed_words_of_a_section_outlive_the_log_in(stage, arriving, two_counselors):
    [(case,)] = stage.ask(CASE)
    form = f"/cases/{case}/dossier/leave/"
    desk = coming(arriving, DESKTOP)
    assert desk.go(form) == 200
    for words in ("学号", "初"):  # whose case it is stands over the form, also far down
        desk.page.mouse.wheel(0, 4000)
        expect(desk.page.locator(".xy-student")).to_be_in_viewport()
        expect(desk.page.locator(".xy-student")).to_contain_text(words)
    desk.page.get_by_label("复学评估和返校安排").fill(HALF)
    expect(desk.page.locator("form[data-draft]")).to_contain_text("草稿已保存", timeout=15_000)
    desk.context.clear_cookies()  # the log-in has run out
    desk.page.get_by_role("button", name="保存这一版").click()
    desk.page.wait_for_load_state()
    assert "/dossier/" not in desk.page.url or "登录" in desk.text()

    again = coming(arriving, PHONE)
    again.go(form)
    again.sees("没有提交的内容")
    expect(again.page.get_by_label("复学评估和返校安排")).to_have_value(HALF)
    again.page.get_by_role("button", name="保存这一版").click()
    again.sees("已保存")
    again.sees(HALF)
