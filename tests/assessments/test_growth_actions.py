"""Growth files are opened once; entries are written once; who may write what stays under row sight."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from assessments.actions.growth import (
    add_entry,
    open_growth_file,
    open_growth_files,
    open_missing_growth_files,
    write_observation,
)
from assessments.models import GrowthFile, TimelineEntry
from assessments.queries.growth import moments
from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry
from xinyu.vault.fields import reveal

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def test_files_are_opened_once_for_many_in_few_statements(here, django_assert_max_num_queries):
    with acting_as(here.counselor):
        with django_assert_max_num_queries(6):
            assert open_growth_files([kid.pk for kid in here.students], on=DAY) == 2
        assert open_growth_files([kid.pk for kid in here.students], on=DAY) == 0
        assert GrowthFile.objects.count() == 3
        assert GrowthFile.objects.get(student=here.students[1]).opened_on == DAY
    with acting_as(here.audit_admin):
        entry = AuditEntry.objects.get(verb="assessments.open_growth_files")
        assert entry.detail == {"count": 2}


def test_the_sweep_opens_what_is_missing_everywhere(here, there):
    with acting_as("system:triage"):
        assert open_missing_growth_files() == 4
        assert open_missing_growth_files() == 0


def test_nobody_opens_a_file_out_of_sight(here, there):
    with acting_as(there.counselor):
        assert open_growth_file(here.students[1]) is False
    with acting_as(here.counselor):
        assert GrowthFile.objects.count() == 1


def test_the_same_source_is_written_once(here):
    kid = here.students[0]
    with acting_as(here.counselor):
        first = add_entry(kid, "strength", DAY, "画画获奖", "年级一等奖", source="x:1:won")
        again = add_entry(kid, "strength", DAY, "画画获奖", "改过", source="x:1:won")
        assert first == again and TimelineEntry.objects.count() == 1
        assert reveal(TimelineEntry.objects.get(), "body") == "年级一等奖"


def test_a_homeroom_teacher_writes_as_author_and_reads_what_is_shared(here):
    kid = here.students[0]
    with acting_as(here.counselor):
        add_entry(kid, "home", DAY, "家访", "canary-private", source="x:1:private")
        add_entry(kid, "home", DAY, "电话", "已约家长", source="x:2:shared", is_shared=True)
    with acting_as(here.homeroom):
        write_observation(kid, actor=here.homeroom, on=DAY, text="课间独坐", is_shared=False, key=uuid4())
        shown = moments(kid, section="", since=None)
        assert sorted(moment.body for moment in shown) == ["已约家长", "课间独坐"]
        with pytest.raises(DatabaseError), transaction.atomic():
            add_entry(kid, "home", DAY, "冒名", source="x:3", author=here.counselor)


def test_a_second_click_is_the_same_observation(here):
    key = uuid4()
    with acting_as(here.homeroom):
        for _ in range(2):
            write_observation(here.students[0], actor=here.homeroom, on=DAY, text="同一条", is_shared=True, key=key)
        assert TimelineEntry.objects.count() == 1


def test_an_outsider_writes_nothing(here, there):
    with acting_as(there.counselor), pytest.raises(DatabaseError), transaction.atomic():
        add_entry(here.students[0], "home", DAY, "越界", source="x:9")
