"""Which classes a season can ask on a day: every year of every stage, from entry until leaving."""

from datetime import date

import pytest

from xinyu.access.actor import acting_as
from xinyu.organisations.choices import GRADE_NAMES
from xinyu.organisations.models import Grade
from xinyu.reminders.gather import subjects_of

AUGUST, SEPTEMBER = date(2027, 8, 31), date(2027, 9, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", GRADE_NAMES)
def test_every_grade_between_entry_and_leaving_is_asked(here, stage):
    years = len(GRADE_NAMES[stage])
    with acting_as("system:demo"):
        Grade.objects.filter(pk=here.grade.pk).update(entry_year=2000)  # long gone
        entries = range(2027 - years, 2029)
        grades = {year: Grade.objects.create(school=here.school, stage=stage, entry_year=year) for year in entries}

    def asked(on):
        with acting_as("system:reminders"):
            found = subjects_of(here.county, on)
        return {s.id: dict(s.groups)[stage] for s in found if s.kind == "grade"}

    before, after = asked(AUGUST), asked(SEPTEMBER)
    assert set(before) == {grades[year].pk for year in range(2027 - years, 2027)}
    assert set(after) == {grades[year].pk for year in range(2028 - years, 2028)}
    assert before[grades[2027 - years].pk] == "leaving" and after[grades[2027].pk] == "entering"
