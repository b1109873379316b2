"""调阅记录 and 操作日志: who reads which, and what stands in them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinyu.access.actor import acting_as
from xinyu.audit.entries import record, record_view

pytestmark = pytest.mark.django_db


def look(world, count=1):
    with acting_as(world.counselor):
        for _ in range(count):
            record_view(world.students[:1], "成长档案", purpose="家长来访")
            record("students.edit_student", subject=world.students[0], student_id=world.students[0].pk)


def test_a_school_reads_who_looked_at_its_own_students(here, there, enter):
    look(here)
    look(there)
    page = enter(here.principal).get("/audit/looks/").text
    assert "甲counselor" in page and "甲同学1" in page and "家长来访" in page
    assert "乙同学1" not in page and "乙counselor" not in page


def test_filters_narrow_by_student_person_and_day(here, enter):
    look(here)
    client = enter(here.counselor)
    assert "成长档案" in client.get("/audit/looks/?student=甲同学1&person=甲counselor").text
    for query in ("student=甲同学2", "person=别人", "day=2020-01-01"):
        assert "没有符合条件的调阅" in client.get(f"/audit/looks/?{query}").text


def test_the_auditor_reads_codes_and_no_names(here, enter):
    look(here)
    page = enter(here.audit_admin).get("/audit/log/?verb=students.edit_student").text
    assert f"students_student:{here.students[0].pk}" in page and f"user:{here.counselor.pk}" in page
    assert "甲同学1" not in page


@pytest.mark.parametrize(
    ("role", "looks", "log"),
    [("counselor", 200, 403), ("homeroom", 403, 403), ("audit_admin", 403, 200), ("county_officer", 403, 403),
     ("system_admin", 403, 403), ("expired", 403, 403)],
)  # fmt: skip
def test_each_log_has_its_readers(here, enter, role, looks, log):
    client = enter(here.users[role])
    assert client.get("/audit/looks/").status_code == looks
    assert client.get("/audit/log/").status_code == log


def test_the_number_of_questions_does_not_grow(here, enter):
    client = enter(here.counselor)
    look(here)
    client.get("/audit/looks/")
    with CaptureQueriesContext(connection) as one:
        client.get("/audit/looks/")
    look(here, 3)
    with CaptureQueriesContext(connection) as four:
        client.get("/audit/looks/")
    assert len(one) == len(four)
