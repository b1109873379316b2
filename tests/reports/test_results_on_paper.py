"""What a counselor holds of results stands in the printed growth file as it stands on the page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions.earlier import import_earlier
from assessments.earlier_rows import EarlierRow
from tests.bench.pdf import file as bench_file
from tests.reports.paper import fill_results, text_of
from xinyu.access.actor import acting_as
from xinyu.reports import gather, render
from xinyu.ui.printing import to_pdf
from xinyu.ui.templatetags.ui import cn_date


def shape_of(world):
    kid = world.students[0]
    with acting_as(world.counselor):
        return gather.growth_file(kid.pk, reader=world.counselor, purpose="研判会使用", at=timezone.now())


@pytest.fixture
def filled(here, there):
    fill_results(here)
    fill_results(there)
    return here


def test_the_paper_says_what_the_page_says(filled, enter):
    paper = text_of(to_pdf(render.growth_file(shape_of(filled)))[0])
    page = enter(filled.counselor).get(reverse("assessments:growth-file", args=[filled.students[0].pk]))
    page = "".join(page.content.decode().split())
    taken_on = timezone.localdate() - timedelta(days=40)
    for words in (
        "未证实", "提议，待确认", "甲界值来源", "本次结果不作解释（空着的题较多）", "几方填写并排", "家长（甲母亲）",
        "教师（甲班主任）", "不相加、不平均", "其他平台的结果（导入）", cn_date(taken_on), "甲旧平台", "甲原话", "165",
    ):  # fmt: skip
        assert words in paper, words
        assert words in page, words
    assert "甲谈过以后" in paper, "the counselor's reason stands beside her reading"
    assert "甲counselor" in paper.partition("甲旧平台")[2].partition("导入")[0], "who brought the file in"


def test_the_paper_says_nothing_that_was_taken_back_nothing_of_another_school_and_blames_nobody(filled):
    paper = text_of(to_pdf(render.growth_file(shape_of(filled)))[0])
    for words in ("收回的话", "错文件", "乙", "说谎", "不诚实", "患有"):
        assert words not in paper, words


def test_a_file_with_imported_lines_alone_has_the_section_and_an_empty_one_has_none(here):
    none = render.growth_file(shape_of(here))
    assert "心理测评" not in none and "几方填写并排" not in none and "其他平台" not in none


def test_statements_do_not_grow_with_readings_and_imports(here):
    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            shape_of(here)
        return len(found)

    fill_results(here)
    few = statements()
    with acting_as(here.counselor):
        rows = [EarlierRow(here.students[0].pk, timezone.localdate(), f"量表{n}", "1", "说法") for n in range(20)]
        import_earlier(here.school, rows, actor=here.counselor, platform="某平台", document="more.xlsx")
    assert statements() == few


def test_the_invented_file_of_the_bench_still_has_the_shape_of_a_real_one():
    """The bench runs outside of the tests: what it prints must not fall behind."""
    html = render.growth_file(bench_file())
    assert "导入" in html and "家长（母亲）" in html and html.count("<table") > 3
