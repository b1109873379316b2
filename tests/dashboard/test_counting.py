"""Coverage from tickets, and the same from zero."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from assessments.models import CoverageTicket, Sitting
from xinyu.access.actor import acting_as
from xinyu.dashboard.models import Coverage
from xinyu.dashboard.tasks import count_coverage, recount_coverage

pytestmark = pytest.mark.django_db


def ticket(world):
    with acting_as("system:demo"):
        CoverageTicket.objects.create(screening=world.screening, sitting=world.sitting)


def test_ticket_is_eaten_and_the_screening_counted(here, there):
    ticket(here)
    assert count_coverage() == 1
    with acting_as(here.county_officer):
        (row,) = Coverage.objects.all()
        assert (row.invited, row.finished, row.grade_name, row.county_id) == (1, 0, "初二", here.county.pk)
    with acting_as("system:demo"):
        Sitting.objects.filter(pk=here.sitting.pk).update(state="finished")
        assert not CoverageTicket.objects.exists()
    ticket(here)
    assert count_coverage() == 1 and count_coverage() == 0
    with acting_as(here.county_officer):
        assert Coverage.objects.get().finished == 1
    with acting_as(there.county_officer):
        assert not Coverage.objects.exists()


def test_recount_finds_and_repairs_what_no_ticket_told(here):
    ticket(here)
    count_coverage()
    with acting_as("system:demo"):
        Coverage.objects.update(finished=99)
    out = StringIO()
    call_command("recount_coverage", stdout=out)
    assert json.loads(out.getvalue()) == {"differing": 2, "rows": 1}
    with acting_as(here.counselor):
        assert Coverage.objects.get().finished == 0
    assert recount_coverage() == 0
