"""What people do in the stories, click by click; each step ends with something the person can see."""

import io
import re
import time
from dataclasses import dataclass

from openpyxl import Workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.stories.people import Person
from xinyu.demo.names import identity_number

CODE = re.compile(r"\b([2-9A-HJKMNP-Z]{3}) ([2-9A-HJKMNP-Z]{3}) ([2-9A-HJKMNP-Z]{4})\b")
TITLES = (
    "学号",
    "姓名",
    "性别",
    "年级",
    "班级",
    "身份证号",
    "出生日期",
    "住宿方式",
    "监护人姓名",
    "监护人关系",
    "监护人电话",
)


@dataclass(frozen=True)
class Kid:
    number: str
    name: str
    sex: str
    guardian: str


def roster(kids: list[Kid], klass: str, *, phone: str = "154", broken: bool = False) -> bytes:
    """A school's own spreadsheet: a title row above the header, identity numbers as text, a second sheet.

    `broken`: one number with a wrong check digit and one name missing.
    """
    from datetime import date

    book = Workbook()
    sheet = book.active
    sheet.title = "学生名单"
    sheet.append([f"{klass}学生花名册"])
    sheet.merge_cells("A1:K1")
    sheet.append(list(TITLES))
    year = date.today().year - 14
    for n, kid in enumerate(kids, start=1):
        birth_on = date(year, 3, n)
        identity = identity_number(birth_on, "F" if kid.sex == "女" else "M", int(kid.number[2:4]))
        name = kid.name
        if broken and n == 1:
            identity = identity[:-1] + ("1" if identity[-1] != "1" else "2")
        if broken and n == 2:
            name = ""
        sheet.append(
            [kid.number, name, kid.sex, "八年级", klass, identity, birth_on.isoformat(), "走读", kid.guardian]
            + ["母亲", f"{phone}{int(kid.number[-8:]):08d}"]
        )
    book.create_sheet("说明").append(["由教务处整理"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload_roster(person: Person, data: bytes, name: str = "八年级名册.xlsx") -> None:
    """As far as the preview."""
    person.go("/students/import/")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    person.page.set_input_files("input[type=file]", {"name": name, "mimeType": kind, "buffer": data})
    person.page.get_by_label("班级不存在时按文件新建").check()
    person.page.get_by_role("button", name="上传并核对").click()
    person.sees("核对名册")


def commit_roster(person: Person, count: int) -> None:
    person.page.get_by_role("button", name="全部导入").click()
    person.sees("导入结果")
    person.sees(f"{count}")


def plan_screening(
    person: Person, title: str, klass: str, scales: tuple[str, ...], basis: str = "学校法定心理健康筛查职责"
) -> str:
    """A draft for one class that begins now; returns its address."""
    person.open_menu("测评")
    person.page.get_by_role("link", name="新建测评").first.click()
    page = person.page
    page.get_by_label("名称").fill(title)
    now = time.time()
    page.get_by_label("开始时间").fill(moment(now - 600))
    page.get_by_label("结束时间").fill(moment(now + 5 * 86400))
    for scale in scales:
        page.get_by_label(scale).check()
    page.locator("label.xy-choice", has_text=re.compile(rf"^\s*{klass}（")).last.locator("input").check()
    page.get_by_label(re.compile(basis)).check()
    page.get_by_role("button", name="保存").click()
    person.sees("人数核对")
    page.get_by_role("button", name="生成作答名单").click()
    person.sees("新增")
    return page.url


def moment(seconds: float) -> str:
    """A time of day in China, as the browser's own field wants it."""
    return time.strftime("%Y-%m-%dT%H:%M", time.gmtime(seconds + 8 * 3600))


def go_on_duty(person: Person) -> bool:
    """Check in until the proposed time; False where the day allows no duty any more (an afternoon before days off)."""
    if person.page.get_by_role("button", name="结束我的值守").is_visible():
        return True
    person.page.get_by_role("button", name="我来值守").click()
    expect(person.page.locator("#main")).to_contain_text(re.compile("值守"))
    return "请校长说明理由" not in person.text() and "值守结束时间应" not in person.text()


def open_screening(person: Person) -> None:
    person.page.get_by_role("button", name="开始测评").first.click()
    person.page.locator("dialog[open]").get_by_role("button", name="开始测评").click()
    person.sees("进行中")


def slips(person: Person) -> dict[str, str]:
    """Print them as the browser would; name → code, as read back from the PDF."""
    link = person.page.get_by_role("link", name="打印").first.get_attribute("href")
    answer = person.context.request.get(person.address + str(link))
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    return codes_in(answer.body())


def codes_in(pdf: bytes) -> dict[str, str]:
    """name → code. Every slip names the student before the code."""
    text = pdf_text(pdf)
    found, name = {}, ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for before, line in zip(["", *lines], lines, strict=False):
        if "学号" in line:
            name = before
        if hit := CODE.search(line):
            found[name] = "".join(hit.groups())
    return found


def pdf_text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def come_in(student: Person, code: str) -> None:
    """By the slip: type the code, confirm who one is."""
    student.go("/a/")
    student.page.get_by_label("作答码").fill(code)
    student.page.get_by_role("button", name="进入").click()
    student.sees("这是你吗")
    student.page.get_by_role("button", name=re.compile("^是我")).click()
    opened(student.page)


def opened(page: Page) -> None:
    """The form stands where the student left it: before that none of its pages is shown."""
    expect(page.locator("form#answer .progress")).to_be_visible()


def choose(page: Page, places: dict[int, int], default: int) -> None:
    """Tap an option of every item of this part of the questionnaire, page by page; hand the part in."""
    opened(page)
    while True:
        part = page.locator("[data-page]:visible").first
        for box in part.locator("[data-item]").all():
            number = int(str(box.get_attribute("data-item")))
            box.locator("label").nth(places.get(number, default)).click()
        if not page.locator("[data-next]").is_visible():
            break
        page.locator("[data-next]").click()
    page.locator("[data-submit]").click()


def answer(student: Person, parts: list[dict[int, int]], default: int = 0) -> float:
    """Fill every part; returns the clock when the last page stood there."""
    for number, places in enumerate(parts, start=1):
        student.page.wait_for_url(f"**/a/{number}/")
        choose(student.page, places, default)
    student.page.wait_for_url("**/a/end/")
    student.sees("谢谢你")
    return time.monotonic()


def interview(person: Person, name: str, outcome: str, words: str) -> None:
    """From the queue: open, talk, write it down."""
    person.page.get_by_role("button", name=f"打开并访谈 {name}").click()
    person.sees("访谈要点")
    person.page.get_by_label(outcome, exact=True).check()
    person.page.get_by_label("访谈要点").fill(words)
    person.page.get_by_role("button", name="保存访谈").click()


def confirm_level(person: Person, colour: str, reason: str) -> str:
    """The named person's decision; returns the address of the 一人一案."""
    person.sees("确认级别")
    person.page.get_by_label(re.compile(rf"^{colour}")).first.check()
    person.page.get_by_label("定级理由").fill(reason)
    person.page.get_by_role("button", name="确认级别").click()
    person.page.wait_for_url(re.compile(r"/cases/\d+/$"))
    return person.page.url


def order_growth_file(person: Person, name: str, student_url: str, purpose: str) -> bytes:
    """Ask for the PDF, watch the worker make it, download it."""
    person.page.goto(student_url)
    person.page.get_by_role("link", name=re.compile("PDF|导出|生成一生一册")).first.click()
    person.prove_identity()
    person.page.get_by_label("用途").fill(purpose)
    person.page.get_by_role("button", name="生成 PDF").click()
    job = person.page.locator(".xy-progress", has_text=name).first
    link = job.get_by_role("link", name=re.compile("下载"))
    expect(link).to_be_visible(timeout=45_000)
    answer = person.context.request.get(person.address + str(link.get_attribute("href")))
    assert answer.ok, f"the download was refused with {answer.status}"
    return answer.body()
