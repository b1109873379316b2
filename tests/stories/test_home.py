"""Home is named as the source of harm: nobody there hears anything, and the report is owed until it is written down."""

import re

import pytest

from tests.stories import steps
from tests.stories.people import DESKTOP, PHONE
from tests.stories.stage import wait_until
from tests.stories.steps import Kid

pytestmark = pytest.mark.story
#: the sweep runs every 30 s; a busy machine takes its time
SWEEP_SECONDS = 75
NAME, GUARDIAN = "拓跋青禾", "拓跋家长"


def test_nothing_reaches_the_guardian_and_the_report_clock_runs_until_the_report(stage, arriving):
    counselor = arriving("counselor1", DESKTOP)
    steps.upload_roster(counselor, steps.roster([Kid("8844001", NAME, "女", GUARDIAN)], "44班"))
    steps.commit_roster(counselor, 1)
    [(student,)] = stage.ask("SELECT id FROM students_student WHERE number = '8844001'")
    teacher = arriving("teacher1", PHONE)
    tell_what_was_seen(teacher)
    wait_until(lambda: counselor.go("/interviews/") and NAME in counselor.text(), "the report's flag", SWEEP_SECONDS)

    case = open_case_and_be_asked(counselor)
    counselor.picture("home-question")
    assert no_contact(stage, counselor, case, student), "held before anybody has answered"

    counselor.go(f"/cases/{case}/home-question/")
    counselor.page.get_by_role("link", name="暂停告知并开始报告计时").click()
    counselor.page.get_by_label("被指认的人").fill("同住的亲戚")
    counselor.page.get_by_label("依据").fill("学生说的原话：不敢回家。")
    counselor.page.get_by_role("button", name="暂停告知并开始报告计时").click()
    counselor.sees("监护人告知已暂停")
    counselor.sees("尚未登记报告")
    counselor.picture("home-held")
    counselor.go("/")
    counselor.sees("强制报告尚未登记")
    assert no_contact(stage, counselor, case, student)
    the_guardian_sees_nothing(stage, counselor, student)

    report(counselor, case)
    counselor.go("/")
    assert "强制报告尚未登记 1 件" not in counselor.text()
    rows = stage.ask("SELECT reported_at IS NOT NULL, ended_at IS NULL FROM crisis_homeharm WHERE case_id = %s", case)
    assert rows == [(True, True)], "reported, and still nobody at home is told"
    homeroom = arriving("homeroom1", PHONE)
    for path in ("/", "/inbox/", "/cards/"):
        homeroom.go(path)
        assert "同住的亲戚" not in homeroom.text() and "强制报告" not in homeroom.text()


def tell_what_was_seen(teacher) -> None:
    teacher.open_menu("我反映的情况")
    teacher.page.locator("#main").get_by_role("link", name="反映情况").first.click()
    page = teacher.page
    page.get_by_label(re.compile("姓名")).fill(NAME)
    page.get_by_label(re.compile("^现在")).check()
    page.locator("textarea").first.fill("放学不肯回家，手臂上有伤，问起家里就哭。")
    page.get_by_label(re.compile("说到伤害可能来自监护人")).check()
    page.get_by_role("button", name="送达心理教师").click()
    teacher.sees("已收到")


def open_case_and_be_asked(counselor) -> int:
    steps.interview(counselor, NAME, "提请定级建案", "学生说在家里受到伤害，不敢回家。已有两位老师陪同。")
    counselor.sees("确认级别")
    counselor.page.get_by_label(re.compile("^红")).first.check()
    counselor.page.get_by_label("定级理由").fill("有现实的危险，学生不敢回家。")
    counselor.page.get_by_role("button", name="确认级别").click()
    counselor.page.wait_for_url(re.compile(r"/cases/\d+/home-question/$"))
    counselor.sees("是否涉及家里")
    found = re.search(r"/cases/(\d+)/", counselor.page.url)
    assert found
    return int(found[1])


def no_contact(stage, counselor, case: int, student: int) -> bool:
    """The form says why, and nothing is written; the guardian clock stands still."""
    counselor.go(f"/cases/{case}/home/")
    counselor.sees("联系已暂停")
    counselor.go(f"/cases/{case}/contacts/new/")
    page = counselor.page
    page.get_by_label(re.compile(GUARDIAN)).check()
    page.get_by_label("电话").check()
    page.get_by_label("告知的内容").fill("说了孩子在学校的情况。")
    page.get_by_role("button", name="保存").click()
    counselor.sees("这位监护人的联系已暂停")
    paper = counselor.context.request.get(f"{stage.address}/cases/{case}/notice.pdf")
    told = stage.ask("SELECT count(*) FROM crisis_guardiancontact WHERE student_id = %s", student)
    return paper.status == 409 and told == [(0,)]


def the_guardian_sees_nothing(stage, counselor, student: int) -> None:
    """Growth file, consent and telephone: each says to ask first, none says why."""
    counselor.go(f"/students/{student}/")
    counselor.sees("暂不联系")
    assert "同住的亲戚" not in counselor.text()
    counselor.go(f"/students/{student}/decision/")
    counselor.sees("监护人联系已暂停")
    notices = stage.ask("SELECT count(*) FROM students_guardiandecision WHERE student_id = %s", student)
    assert notices == [(0,)]


def report(counselor, case: int) -> None:
    counselor.go(f"/cases/{case}/mandatory-report/")
    page = counselor.page
    page.get_by_label("公安机关").check()
    page.get_by_label("单位和接报人").fill("城东派出所 值班民警")
    page.get_by_label("报告内容").fill("学生陈述的情况和可见的伤。")
    page.get_by_role("button", name="保存登记").click()
    counselor.sees("强制报告已登记")
    counselor.sees("城东派出所")
