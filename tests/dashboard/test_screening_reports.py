"""The report of a screening: exact for its counselor, by grade and guarded for the school's leaders, never a child."""

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.models import Result, Sitting
from tests.assessments.sittings import change, open_screening
from tests.cast import make_student
from tests.dashboard.test_suppression import determined_by_algebra
from xinyu.access.actor import acting_as
from xinyu.dashboard.models import ScreeningFigure
from xinyu.dashboard.report_shapes import VOID, WITHHELD, Counted, ScaleTable, exact, guarded, tables
from xinyu.dashboard.screening_reports import publish_reports
from xinyu.dashboard.suppression import HIDDEN_LABEL

GRADES = ("初一", "初二", "初三")


def counted(scale, place, band, order, count, is_valid=True):
    return Counted(scale, place, band, order, is_valid, count)


def test_bands_stand_by_concern_and_sheets_that_are_not_interpreted_last():
    rows = [
        counted("甲", "初一", "重", 3, 2),
        counted("甲", "初一", "", None, 1, False),
        counted("甲", "初二", "轻", 1, 9),
    ]
    (table,) = exact(tables(rows, GRADES))
    assert table.columns == ("轻", "重", VOID) and table.cells == ((0, 2, 1), (9, 0, 0), (0, 0, 0))
    assert (
        table.lines[0] == ("初一", [("轻", "0"), ("重", "2（67%）"), (VOID, "1（33%）")], "3")
        and table.lines[-1][2] == "12"
    )
    assert ScaleTable.from_dict(table.as_dict() | {"cells": [list(row) for row in table.cells]}) == table


def test_places_of_few_are_merged_so_that_no_band_is_a_childs():
    rows = [
        counted("甲", "初一", "重", 3, 1),
        counted("甲", "初二", "轻", 1, 40),
        counted("甲", "初二", "重", 3, 12),
        counted("甲", "初三", "轻", 1, 30),
    ]
    (table,) = guarded(tables(rows, GRADES), 5)
    assert table.rows == ("初一、初三", "初二") and table.row_totals == (31, 52) and table.total == 83
    assert table.cells == ((None, None), (None, None)) and table.column_totals == (70, 13)
    assert table.lines[0][1][0][1] == HIDDEN_LABEL


@pytest.mark.parametrize(("bands", "total"), [((3,), None), ((0, 0, 1), None), ((3, 2), 5), ((2, 2, 2), 6)])
def test_where_nothing_protects_anything_not_even_the_bands_are_named(bands, total):
    rows = [counted("甲", "初一", f"级{n}", n, count) for n, count in enumerate(bands) if count]
    (table,) = guarded(tables(rows, GRADES[:1]), 5)
    assert (table.columns, table.cells, table.row_totals, table.total) == ((WITHHELD,), ((None,),), (total,), total)


def test_a_total_that_stands_on_the_board_gives_no_hidden_number_back():
    rows = [counted("甲", "初二", band, n, count) for n, (band, count) in
            enumerate((("无", 60), ("轻", 20), ("中", 9), ("重", 3)))]  # fmt: skip
    (table,) = guarded(tables(rows, GRADES), 5)
    shown = dict(zip(table.columns, table.cells[1], strict=True))
    assert table.row_totals[1] == 92 and shown["重"] is None and list(shown.values()).count(None) == 2


COUNTS = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=3, max_size=3)


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS)
def test_no_small_number_is_shown_and_none_is_left_over_by_subtracting(one, two):
    rows = [counted(scale, GRADES[i], f"级{j}", j, n) for scale, counts in (("甲", one), ("乙", two))
            for i, line in enumerate(counts) for j, n in enumerate(line)]  # fmt: skip
    for table in guarded(tables(rows, GRADES), 5):
        lines = [*zip(table.cells, table.row_totals, strict=True), (table.column_totals, table.total)]
        for numbers, total in lines:
            assert not any(n is not None and 0 < n < 5 for n in (*numbers, total))
        if table.columns != (WITHHELD,):
            assert None not in (*table.row_totals, table.total)  # the board says them anyway
            assert determined_by_algebra([[*numbers, total] for numbers, total in lines]) == []


@pytest.mark.django_db
def test_counselor_reads_it_exact_leaders_once_it_is_over_and_guarded(here, there, enter):
    screening = open_screening(here, "GAD-7")
    version = screening.scales.get(code="GAD-7")
    with acting_as("system:demo"):
        for n in range(9):
            kid = make_student(here.klass, f"R{n}", f"报告{n}")
            sitting = Sitting.objects.create(
                screening=screening, student=kid, state="finished", code_index=f"report{n}".encode()
            )
            Result.objects.create(
                sitting=sitting, version=version, scale="GAD-7", is_complete=True, is_valid=True, total=n,
                band="轻" if n < 7 else "重", band_order=0 if n < 7 else 3, sheet={},
            )  # fmt: skip
    url = reverse("dashboard:screening-report", args=[screening.pk])
    mine = enter(here.counselor).get(url).content.decode()
    assert "7（78%）" in mine and "2（22%）" in mine and "初二1班" in mine
    assert "按年级" in mine and "报告0" not in mine and "以同一行的已交人数为分母" in mine
    assert "测评结束后的当晚发布" in enter(here.principal).get(url).content.decode()
    for outsider in (there.counselor, there.principal):
        assert enter(outsider).get(url).status_code == 404
    assert enter(here.homeroom).get(url).status_code == 403 == enter(here.county_officer).get(url).status_code
    change(type(screening), screening.pk, state="closed", closed_at=timezone.now())
    with acting_as("system:statistics"):
        assert publish_reports(timezone.now()) == 1 and publish_reports(timezone.now()) == 0
    page = enter(here.principal).get(url).content.decode()
    assert HIDDEN_LABEL in page and "2（22%）" not in page and "1班" not in page and "此后不再变动" in page
    with acting_as(there.principal):
        assert not ScreeningFigure.objects.exists()
    with acting_as(here.homeroom):
        assert not ScreeningFigure.objects.exists()


@pytest.mark.django_db
def test_the_report_names_where_its_bands_are_from_and_an_empty_one_says_what_comes(here, enter):
    screening = open_screening(here, "GAD-7")
    url = reverse("dashboard:screening-report", args=[screening.pk])
    empty = enter(here.counselor).get(url).content.decode()
    assert "有学生交卷以后" in empty and "口径" not in empty
    with acting_as("system:demo"):
        Result.objects.create(
            sitting=here.sitting, version=screening.scales.get(code="GAD-7"), scale="GAD-7", is_complete=True,
            is_valid=True, total=6, band="提示紧张不安程度：轻", band_order=1, sheet={},
        )  # fmt: skip
    shown = enter(here.counselor).get(url).content.decode()
    assert "划分依据：Spitzer et al. 2006</small>" in shown and "≥10" not in shown
