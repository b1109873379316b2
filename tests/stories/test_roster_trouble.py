"""A spreadsheet with mistakes: every cell is named, nothing is written, the corrected file goes in."""

import io

import pytest
from openpyxl import load_workbook

from tests.stories import steps
from tests.stories.people import DESKTOP, PHONE
from tests.stories.steps import Kid

pytestmark = pytest.mark.story


@pytest.mark.parametrize(("width", "klass"), [(DESKTOP, 21), (PHONE, 22)])
def test_wrong_cells_are_named_and_nothing_is_written(stage, arriving, width, klass):
    kids = [
        Kid(f"88{klass}{n:02d}", f"万俟{c}{'甲乙'[klass % 2]}", "女男"[n % 2], "万俟家长")
        for n, c in enumerate("安宁晴", 1)
    ]
    counselor = arriving("counselor1", width)
    steps.upload_roster(counselor, steps.roster(kids, f"{klass}班", broken=True), "有错的名册.xlsx")
    counselor.sees("需要更正的单元格")
    counselor.sees("F3")
    counselor.sees("B4")
    assert counselor.page.get_by_role("button", name="全部导入").count() == 0
    counselor.picture("roster-rejected")
    link = counselor.page.get_by_role("link", name="下载需更正的行").get_attribute("href")
    answer = counselor.context.request.get(counselor.address + str(link))
    sheet = load_workbook(io.BytesIO(answer.body())).worksheets[0]
    words = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert kids[0].number in words and kids[2].number not in words
    assert stage.ask("SELECT count(*) FROM students_student WHERE number LIKE %s", f"88{klass}%") == [(0,)]

    steps.upload_roster(counselor, steps.roster(kids, f"{klass}班"), "改好的名册.xlsx")
    steps.commit_roster(counselor, 3)
    assert stage.ask("SELECT count(*) FROM students_student WHERE number LIKE %s", f"88{klass}%") == [(3,)]


def test_a_file_that_is_no_spreadsheet_is_refused_at_the_field(arriving):
    counselor = arriving("counselor1", PHONE)
    counselor.go("/students/import/")
    letter = {"name": "名册.xlsx", "mimeType": "application/octet-stream", "buffer": b"%PDF-1.7 a letter"}
    counselor.page.set_input_files("input[type=file]", letter)
    counselor.page.get_by_role("button", name="上传并核对").click()
    counselor.page.locator(".xy-error").first.wait_for()
    assert counselor.page.url.endswith("/students/import/")
    counselor.picture("roster-refused")
