"""A sheet filled in carelessly is not interpreted and held against nobody: the student may answer again, in private."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.stories import steps
from tests.stories.people import DESKTOP, PHONE
from tests.stories.steps import Kid

pytestmark = pytest.mark.story
CARELESS, OTHER = Kid("8877001", "司空见川", "男", "司空家长"), Kid("8877002", "即墨扬", "女", "即墨家长")
SCALE = "近两周紧张不安状况（GAD-7）　第 1 版"
BLAME = re.compile("说谎|撒谎|不诚实|乱答|无效")


def test_a_void_sheet_leads_to_a_second_try_that_nobody_else_learns_of(stage, arriving):
    counselor, principal = arriving("counselor1", DESKTOP), arriving("principal1", DESKTOP)
    student = arriving("", PHONE)
    steps.upload_roster(counselor, steps.roster([CARELESS, OTHER], "77班"))
    steps.commit_roster(counselor, 2)
    first = steps.plan_screening(counselor, "八年级77班测评", "77班", (SCALE,))
    steps.open_screening(counselor)
    codes = steps.slips(counselor)
    steps.come_in(student, codes[CARELESS.name])
    hurry(student)
    result, again = invite_again(counselor, first)

    seen_by_nobody_else(stage, principal, counselor, again)
    answer = counselor.context.request.get(str(again))
    [(name, code)] = steps.codes_in(answer.body()).items()
    assert name == CARELESS.name and code != codes[CARELESS.name]
    steps.come_in(student, code)
    steps.answer(student, [{2: 1, 5: 2}])
    both_stand_in_the_file(counselor, result, first)


def hurry(student) -> None:
    """The same answer five times in a row, the rest left out; the last page is the same for all."""
    page = student.page
    for box in page.locator("[data-page]:visible [data-item]").all():
        box.locator("label").nth(3).click()
    page.locator("[data-next]").click()
    page.locator("[data-submit]").click()
    expect(page.locator("#left")).to_contain_text("第 6、7 题还没有选")
    page.locator("[data-submit]").click()
    page.wait_for_url("**/a/end/")
    student.sees("谢谢你")
    assert not BLAME.search(student.text())


def invite_again(counselor, first: str) -> tuple[str, str]:
    """From the screening to the page of the result; (its address, the address of the new slip)."""
    page = counselor.page
    page.goto(first)
    page.get_by_role("link", name="查看并约再答").click()
    counselor.sees("100.0%")
    counselor.picture("quality")
    page.get_by_role("link", name=CARELESS.name).click()
    counselor.sees("本次结果不作解释（空着的题较多）")
    counselor.sees("选了同一个选项")
    assert not BLAME.search(counselor.text())
    counselor.picture("void-sheet")
    page.get_by_label("作答码有效到").fill((localdate() + timedelta(days=5)).isoformat())
    page.get_by_role("button", name="约学生再答一次").click()
    counselor.sees("已约再答")
    slip = page.get_by_role("link", name="打印作答条").get_attribute("href")
    return page.url.partition("#")[0], f"{counselor.address}{slip}"


def seen_by_nobody_else(stage, principal, counselor, slip: str) -> None:
    """Not in the lists of the school, not at its address, not among the numbers of the board."""
    private = re.search(r"/screenings/(\d+)/", slip)[1]
    for person in (principal, counselor):
        person.go("/screenings/")
        person.sees("八年级77班测评")
        assert "再答一次" not in person.text()
    assert principal.go(f"/screenings/{private}/") == 404
    principal.go("/")
    assert CARELESS.name not in principal.text()
    counted = stage.ask("SELECT count(*) FROM dashboard_coverage WHERE screening_id = %s", int(private))
    assert counted == [(0,)]


def both_stand_in_the_file(counselor, result: str, first: str) -> None:
    page = counselor.page
    page.goto(result)
    counselor.sees("已再答")
    page.get_by_role("link", name="看再答的结果").click()
    counselor.sees("3 分")
    history = page.get_by_role("region", name="测评结果")
    expect(history.locator("tbody tr")).to_have_count(2)
    expect(history).to_contain_text("本次结果不作解释")
    counselor.picture("second-try")
    page.get_by_role("link", name=CARELESS.name).first.click()
    page.get_by_role("link", name="心理测评").click()
    expect(page.get_by_role("region", name="测评结果").locator("tbody tr")).to_have_count(2)
    counselor.picture("second-try-file")
    page.goto(first)
    page.get_by_role("link", name="查看并约再答").click()
    counselor.sees("已再答")  # the second sheet is no part of the screening: its share stays what it was
    counselor.sees("100.0%")
