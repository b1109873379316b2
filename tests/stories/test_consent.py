"""Consent on paper, by a slip and in conflict; and a screening that is stopped while somebody answers."""

import io
import re

import pytest
from openpyxl import load_workbook

from tests.stories import steps
from tests.stories.people import DESKTOP, PHONE
from tests.stories.stage import wait_until
from tests.stories.steps import Kid

pytestmark = pytest.mark.story
#: the sweep runs every 20 s; a busy machine takes its time
SWEEP_SECONDS = 75
TORN, QUIET = "濮阳知夏", "澹台安"
SLIP_PHONE = "15408851002"
ASKED = "逐人征得监护人同意"


def two_guardians() -> bytes:
    """The story's roster with a second guardian for the first child."""
    kids = [Kid("8851001", TORN, "女", "濮阳妈妈"), Kid("8851002", QUIET, "男", "澹台妈妈")]
    book = load_workbook(io.BytesIO(steps.roster(kids, "51班")))
    sheet = book.worksheets[0]
    for column, (title, value) in enumerate((("第二监护人姓名", "濮阳爸爸"), ("第二监护人关系", "父亲")), start=12):
        sheet.cell(2, column, title)
        sheet.cell(3, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_paper_consent_a_conflict_and_a_slip(stage, arriving):
    counselor = arriving("counselor1", DESKTOP)
    steps.upload_roster(counselor, two_guardians())
    steps.commit_roster(counselor, 2)
    url = steps.plan_screening(counselor, "八年级51班幸福感测评", "51班", ("近两周幸福感",), basis=ASKED)
    consent = re.sub(r".*(/screenings/\d+/)$", r"\1consent/", url)

    counselor.go(consent)
    counselor.sees("还没有已核实的回复（2 人）")
    on_paper(counselor, consent, "濮阳妈妈", "同意")
    on_paper(counselor, consent, "濮阳爸爸", "不同意", child=(stage, "8851001"))
    counselor.go(consent)
    counselor.sees("两位监护人意见不一致（1 人）")
    counselor.picture("consent-conflict")

    guardian = arriving("", PHONE)
    answer_slip(guardian, slip_code(counselor, consent), SLIP_PHONE)
    counselor.go(consent)
    assert QUIET not in counselor.text(), "whoever has answered is asked no more"

    assert invited(counselor, url) == {QUIET}
    homeroom_learns_no_reason(stage, arriving, url)

    on_paper(counselor, consent, "濮阳爸爸", "同意", child=(stage, "8851001"))
    assert invited(counselor, url) == {QUIET, TORN}
    kept = stage.ask(
        "SELECT d.decision FROM students_guardiandecision d JOIN students_student s ON s.id = d.student_id "
        "WHERE s.number = '8851001' ORDER BY d.id"
    )
    assert [row[0] for row in kept] == ["given", "refused", "given"], "nothing that was said is lost"


def on_paper(counselor, consent: str, guardian: str, decision: str, child=None) -> None:
    """Taken down by the counselor, who has compared the signature."""
    if child is None:
        counselor.go(consent)
        counselor.page.get_by_role("link", name=f"记录{TORN}的决定").click()
    else:
        stage, number = child
        [(pk,)] = stage.ask("SELECT id FROM students_student WHERE number = %s", number)
        counselor.go(f"/students/{pk}/decision/")
    page = counselor.page
    label = page.locator("#id_guardian option", has_text=guardian).first.inner_text()
    page.get_by_label("谁作的决定").select_option(label=label)
    page.get_by_label("事项").select_option(label="心理测评")
    page.get_by_label("决定", exact=True).select_option(label=decision)
    page.get_by_label("已核实身份").check()
    page.get_by_role("button", name="记录", exact=True).click()
    counselor.sees("已记录")


def slip_code(counselor, consent: str) -> str:
    """Print the slips of the class as the browser would; the torn child's parents have spoken, so there is one code."""
    counselor.go(consent)
    page = counselor.page
    page.get_by_text("打印回执，当面交给监护人").click()
    form = page.locator("form[action$='consent.pdf']", has_text="51班")
    token = form.locator("input[name=csrfmiddlewaretoken]").get_attribute("value")
    address = counselor.address + str(form.get_attribute("action"))
    answer = counselor.context.request.post(
        address, form={"csrfmiddlewaretoken": str(token)}, headers={"Referer": counselor.page.url}
    )
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    text = steps.pdf_text(answer.body())
    assert QUIET in text and TORN not in text and "问卷问些什么" in text
    found = steps.CODE.search(text)
    assert found
    return "".join(found.groups())


def answer_slip(guardian, code: str, phone: str) -> None:
    guardian.go("/c/")
    guardian.page.get_by_label("回执或短信上的编号").fill(code)
    guardian.page.get_by_role("button", name="下一步").click()
    guardian.sees("请您阅读并作出决定")
    assert QUIET not in guardian.text() and "澹台妈妈" not in guardian.text()
    guardian.picture("consent-slip")
    guardian.page.get_by_label("我同意孩子参加这次测评").check()
    guardian.page.get_by_label("您在学校登记的手机号").fill(phone)
    guardian.page.get_by_role("button", name="提交我的决定").click()
    guardian.sees("学校已收到您的决定")
    guardian.go(f"/c/{code}/")
    guardian.sees("已经答复过")


def invited(counselor, url: str) -> set[str]:
    """Whom a slip is printed for, after the list has been brought up to date."""
    counselor.page.goto(url)
    counselor.page.get_by_role("button", name=re.compile("更新名单|生成作答名单")).click()
    counselor.sees("新增")
    return set(steps.slips(counselor))


def homeroom_learns_no_reason(stage, arriving, url: str) -> None:
    """The board of the counselor says why; nobody else's does. The class is not the demo homeroom teacher's: 404."""
    [(klass,)] = stage.ask("SELECT klass_id FROM students_student WHERE number = '8851001'")
    homeroom = arriving("homeroom1", PHONE)
    path = re.sub(r".*(/screenings/\d+/)$", rf"\1classes/{klass}/", url)
    assert homeroom.go(path) == 404


def fill(page) -> None:
    """As far as the last page, nothing handed in yet; the ninth answer cannot wait."""
    while True:
        for box in page.locator("[data-item]:visible").all():
            box.locator("label").nth(2 if box.get_attribute("data-item") == "9" else 1).click()
        if not page.locator("[data-next]").is_visible():
            return
        page.locator("[data-next]").click()


def test_an_emergency_stop_keeps_what_is_on_its_way_and_lets_nobody_in(stage, arriving):
    hurt, late = Kid("8852001", "公冶微雨", "女", "公冶家长"), Kid("8852002", "宗政远", "男", "宗政家长")
    counselor, principal = arriving("counselor1", DESKTOP), arriving("principal1", PHONE)
    steps.upload_roster(counselor, steps.roster([hurt, late], "52班"))
    steps.commit_roster(counselor, 2)
    url = steps.plan_screening(counselor, "八年级52班情绪测评", "52班", ("近两周情绪状况",))
    if not steps.go_on_duty(counselor):
        principal.page.goto(url)
        principal.page.get_by_label("理由", exact=True).first.fill("校长在校，心理教师全程在场。")
        principal.page.get_by_role("button", name="说明理由后无值守开放").click()
        counselor.page.goto(url)
    steps.open_screening(counselor)
    codes = steps.slips(counselor)

    principal.page.goto(url)
    principal.page.get_by_label("停止的理由").fill("有家长对内容提出疑问，先停下来。")
    student = arriving("", PHONE)
    steps.come_in(student, codes[hurt.name])
    fill(student.page)
    principal.page.get_by_role("button", name="紧急停止").click()
    principal.sees("测评已停止")
    principal.picture("screening-stopped")

    student.page.locator("[data-submit]").click()
    student.page.wait_for_url("**/a/end/")
    door = arriving("", PHONE)
    door.go("/a/")
    door.page.get_by_label("作答码").fill(codes[late.name])
    door.page.get_by_role("button", name="进入").click()
    door.sees("测评停下来了")
    wait_until(
        lambda: counselor.go("/interviews/") and hurt.name in counselor.text(),
        "the answer that cannot wait",
        SWEEP_SECONDS,
    )
    counselor.page.goto(url)
    counselor.sees("紧急停止：有家长对内容提出疑问")
    assert not counselor.page.get_by_role("button", name="继续").is_visible()
