"""The main job from the roster to the printed file, once at a desk and once with everything on a phone."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.stories import steps
from tests.stories.people import DESKTOP, PHONE
from tests.stories.steps import Kid

pytestmark = pytest.mark.story
CALM, WORRYING = {}, {1: 2, 2: 3, 6: 2, 9: 2}
SCHOOL = "溪东区第二初级中学"


def kids(klass: int) -> list[Kid]:
    names = ("欧阳听溪", "闻人知远", "尉迟若谷", "单望舒", "仇小满")
    return [
        Kid(f"88{klass:02d}{n:02d}", f"{name}{'甲乙丙丁戊己庚辛壬癸'[klass % 10]}", "女男"[n % 2], f"{name[0]}家长")
        for n, name in enumerate(names, start=1)
    ]


@pytest.mark.parametrize(("width", "klass"), [(DESKTOP, 6), (PHONE, 7)])
def test_from_the_roster_to_the_printed_file(stage, arriving, width, klass):
    people, name = kids(klass), f"{klass}班"
    calm, worried = people[0].name, people[1].name
    counselor, officer = arriving("counselor1", width), arriving("county1", width)
    finished_before = coverage_of(officer)

    steps.upload_roster(counselor, steps.roster(people, name))
    counselor.picture("roster-preview")
    steps.commit_roster(counselor, len(people))

    url = steps.plan_screening(counselor, f"八年级{name}秋季测评", name, ("近两周情绪状况", "近两周幸福感"))
    guarded = steps.go_on_duty(counselor)
    if not guarded:
        allow_unguarded(arriving("principal1", width), url)
        counselor.page.goto(url)
    steps.open_screening(counselor)
    counselor.picture("screening-open")
    codes = steps.slips(counselor)
    assert set(codes) == {kid.name for kid in people}

    counselor.open_menu("访谈队列")
    quiet, hurt = arriving("", PHONE), arriving("", PHONE)
    for student, code, answers in ((quiet, codes[calm], CALM), (hurt, codes[worried], WORRYING)):
        steps.come_in(student, code)
        done_at = answer_both(student, answers)
    expect(counselor.page.get_by_role("button", name=f"打开并访谈 {worried}")).to_be_visible(timeout=5_000)
    assert time.monotonic() - done_at < 5.5
    assert calm not in counselor.text()
    assert same_last_page(quiet, hurt)
    hurt.picture("answer-end")
    counselor.picture("queue")

    steps.interview(
        counselor, worried, "提请定级建案", "学生说近两周睡不好，想过伤害自己，没有具体计划。已约定每天见面。"
    )
    counselor.picture("level-confirm")
    case_url = steps.confirm_level(counselor, "橙", "关键条目为阳性，访谈确认有想法而无计划，家长已到校。")
    counselor.sees(worried)
    counselor.picture("case")

    coverage_changes(officer, finished_before)
    officer.picture("board-county")
    officer_finds_nobody(officer, counselor, case_url, [kid.name for kid in people])

    counselor.open_menu("学生名册")
    counselor.go(f"/students/?q={worried}")
    counselor.page.get_by_role("link", name=worried).first.click()
    counselor.picture("student")
    pdf = steps.order_growth_file(counselor, worried, growth_url(stage, counselor, people[1].number), "学期末归档")
    text = steps.pdf_text(pdf)
    for words in (worried, SCHOOL, "心理测评", "访谈"):
        assert words in re.sub(r"\s", "", text), f"{words} is not in the printed file"
    counselor.picture("reports")
    the_season_had_reminded(counselor)


def the_season_had_reminded(counselor) -> None:
    """The demo's season runs now: its work stands on today's page, its message in the inbox."""
    counselor.open_menu("今天")
    counselor.sees("复核重点关注学生名单")
    counselor.picture("today")
    assert counselor.go("/inbox/") == 200
    counselor.sees("复核重点关注学生名单")
    counselor.picture("inbox")
    counselor.open_menu("时节工作")
    counselor.picture("seasons")


def answer_both(student, answers) -> float:
    """PHQ-9 in the order of the screening; a calm student is well, a worried one is not."""
    student.page.wait_for_url("**/a/1/")
    first_is_mood = "情绪" in student.text()
    parts = [answers, {}] if first_is_mood else [{}, answers]
    student.picture("answer-page")
    return steps.answer(student, parts)


def same_last_page(*students) -> bool:
    """Nobody can tell from the last page what was answered."""
    return len({student.page.locator("main").inner_text() for student in students}) == 1


def allow_unguarded(principal, url: str) -> None:
    principal.page.goto(url)
    principal.page.get_by_label("理由").fill("校长在校，心理教师全程在场。")
    principal.page.get_by_role("button", name="说明理由后无值守开放").click()
    principal.sees("已同意无值守开放")


def growth_url(stage, person, number: str) -> str:
    [(pk,)] = stage.ask("SELECT id FROM students_student WHERE number = %s", number)
    return f"{person.address}/growth/{pk}/"


def coverage_of(officer) -> str:
    """What the board says now."""
    officer.open_menu("数据看板")
    return officer.page.locator("#main").inner_text()


def coverage_changes(officer, before: str) -> None:
    """Within ten seconds of the answers, without a click on anything but the page itself."""
    deadline = time.monotonic() + 20
    while coverage_of(officer) == before:
        assert time.monotonic() < deadline, "the officer's board still shows the old coverage"


def officer_finds_nobody(officer, counselor, case_url: str, names: list[str]) -> None:
    """No address of a student opens, and no page she can open has a name in it."""
    paths = [case_url.removeprefix(counselor.address), "/students/", "/interviews/", "/cases/", "/screenings/"]
    for path in paths:
        assert officer.go(path) in (403, 404), path
    officer.go("/")
    links = {a.get_attribute("href") for a in officer.page.locator("#site-nav a").all()}
    for path in sorted(link for link in links if link and link.startswith("/")):
        officer.go(path)
        words = officer.text()
        assert not [name for name in names if name in words], path
