"""A new homeroom teacher: appointed by two people, reminded by the clock of the seasons, sees her own class only."""

import re
from datetime import date, timedelta

import pytest

from tests.stories import steps
from tests.stories.people import DESKTOP, PHONE
from tests.stories.stage import wait_until
from tests.stories.steps import Kid

pytestmark = pytest.mark.story
PASSWORD = "hometime-rain-7"
#: the sweep runs every 30 s; a busy machine takes its time
SWEEP_SECONDS = 75


@pytest.mark.parametrize(("width", "klass"), [(DESKTOP, 31), (PHONE, 32)])
def test_she_is_appointed_by_two_people_and_reminded_by_the_season(stage, arriving, width, klass):
    kids = [
        Kid(f"88{klass}{n:02d}", f"诸葛{c}{'甲乙'[klass % 2]}", "女男"[n % 2], "诸葛家长")
        for n, c in enumerate("云岚溪", 1)
    ]
    counselor = arriving("counselor1", width)
    steps.upload_roster(counselor, steps.roster(kids, f"{klass}班"))
    steps.commit_roster(counselor, 3)

    username = f"newhome{klass}"
    security = arriving("security1", width)
    create_account(security, username, f"钟离知行{klass}")
    grant_homeroom(security, username, f"{klass}班")
    security.picture("posts")

    teacher = arriving("", width).log_in(username, PASSWORD)
    assert teacher.go("/students/") == 403
    approve(arriving("principal1", width), username)

    assert teacher.go("/students/") == 200
    for kid in kids:
        teacher.sees(kid.name)
    others = [
        name for (name,) in stage.ask("SELECT name FROM students_student WHERE number NOT LIKE %s", f"88{klass}%")
    ]
    assert not [name for name in others if name in teacher.text()]
    teacher.picture("homeroom-class")
    refuse_other_classes(stage, teacher, klass)

    wait_until(lambda: teacher.go("/inbox/") and "排查" in teacher.text(), "the season's reminder", SWEEP_SECONDS)
    teacher.picture("inbox")
    teacher.page.locator("#main ul a", has_text=re.compile("排查")).first.click()
    teacher.sees("为什么收到这条消息")
    fill_the_check(teacher, f"{klass}班")
    sweeps = stage.ask("SELECT s::text FROM reminders_sweep s", system="system:reminders")
    assert any("sweep_dues" in row and ",worker," in row for (row,) in sweeps), "Celery's worker has not swept"


def fill_the_check(teacher, klass: str) -> None:
    """From the message to the form; what is done is off her list at once."""
    page = teacher.page
    page.get_by_role("link", name="去处理").click()
    if not page.get_by_label("需要进一步了解的人数").is_visible():
        page.locator("tr", has_text=klass).get_by_role("link", name="填报").first.click()
    address = page.url
    page.get_by_label("需要进一步了解的人数").fill("-1")
    page.locator("#main form").get_by_role("button").first.click()
    teacher.sees("人数不能小于 0")
    page.get_by_label("需要进一步了解的人数").fill("0")
    page.locator("#main form").get_by_role("button").first.click()
    teacher.sees("已记录")
    assert page.url != address


def create_account(security, username: str, name: str) -> None:
    security.open_menu("岗位与授权")
    security.page.get_by_role("link", name="新建账号").click()
    security.prove_identity()
    security.page.get_by_label("用户名").fill(username)
    security.page.get_by_label("姓名").fill(name)
    security.page.get_by_label("初始密码").fill(PASSWORD)
    security.page.locator("#main form").get_by_role("button").first.click()
    security.sees("已建立账号")


def grant_homeroom(security, username: str, klass: str) -> None:
    page = security.page
    page.get_by_role("link", name="授权", exact=True).click()
    page.get_by_label("岗位").select_option(label="班主任")
    page.get_by_label("学校").select_option(label="溪东区第二初级中学")
    page.get_by_role("button", name="下一步").click()
    pick(page, "人员", username)
    pick(page, "范围", klass)
    # she took the class over weeks ago and the paper came late: what was due meanwhile is hers
    page.locator("input[name=valid_from]").fill((date.today() - timedelta(days=40)).isoformat())
    page.get_by_role("button", name="授权", exact=True).click()
    security.sees("等第三个人批准后生效")
    row = page.locator("tr", has_text=username)
    assert row.get_by_role("button", name="批准").count() == 0


def pick(page, label: str, part: str) -> None:
    """The option whose words hold `part`."""
    box = page.get_by_label(label, exact=True)
    value = box.locator("option", has_text=part).first.get_attribute("value")
    box.select_option(value=str(value))


def approve(principal, username: str) -> None:
    principal.go(f"/posts/?q={username}&waiting=1")
    principal.page.locator("tr", has_text=username).get_by_role("button", name="批准").click()
    principal.prove_identity()
    principal.sees("已批准")


def refuse_other_classes(stage, teacher, klass: int) -> None:
    """Another class's student is not there; her own has no scores on the page."""
    [(stranger,)] = stage.ask(
        "SELECT id FROM students_student WHERE number NOT LIKE %s ORDER BY id LIMIT 1", f"88{klass}%"
    )
    assert teacher.go(f"/students/{stranger}/") == 404
    assert teacher.go(f"/growth/{stranger}/") == 404
    assert teacher.go("/interviews/") == 403
    assert teacher.go("/cases/") == 403
    [(own,)] = stage.ask("SELECT id FROM students_student WHERE number LIKE %s ORDER BY id LIMIT 1", f"88{klass}%")
    assert teacher.go(f"/growth/{own}/") == 200
    assert "PHQ-9" not in teacher.text()
