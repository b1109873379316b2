from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.actions.growth import add_entry
from assessments.choices import EntryKind
from tests.reports.paper import fill
from xinyu.access.actor import acting_as
from xinyu.reports import gather
from xinyu.reports.lines import drawing


def statements(world) -> int:
    with (
        acting_as(world.counselor),
        CaptureQueriesContext(
            connection,
        ) as found,
    ):
        gather.growth_file(world.students[0].pk, reader=world.counselor, purpose="用途", at=timezone.now())
    return len(found)


def test_statements_do_not_grow_with_the_file(here):
    fill(here)
    few = statements(here)
    with acting_as(here.counselor):
        for number in range(20, 40):
            add_entry(
                here.students[0], EntryKind.HOME, timezone.localdate(), f"第{number}次", "电话",
                source=f"many:{number}", author=here.counselor,
            )  # fmt: skip
    assert statements(here) == few <= 24


def test_day_and_reader_come_from_the_caller(here):
    at = timezone.make_aware(datetime(2026, 9, 1, 8, 5))
    with acting_as(here.counselor):
        shape = gather.growth_file(here.students[0].pk, reader=here.counselor, purpose="用途", at=at)
    assert (shape.klass, shape.reader, shape.printed_at) == ("初二1班", "甲counselor", at)


def test_line_leaves_a_gap_where_a_sheet_is_not_interpreted():
    found = drawing(["一", "二", "三", "四"], [4.0, None, 8.0, 2.0])
    assert [dot.value for dot in found.dots] == ["4", "8", "2"]
    assert len(found.paths) == 1 and found.paths[0].count(",") == 2
    assert min(dot.y for dot in found.dots) == 14.0 and len(found.days) == 4
