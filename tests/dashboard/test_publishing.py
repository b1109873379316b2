"""Versions of the suppressed total: small cells with complements, no differencing between versions."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.models import Flag
from tests.cast import build, make_student
from xinyu.access.actor import acting_as
from xinyu.dashboard.models import SignalTotal, SuppressedTotal
from xinyu.dashboard.publishing import publish_totals

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def flag(world, count, start=0):
    """`count` more students of the school in the queue."""
    with acting_as("system:demo"):
        for n in range(start, start + count):
            kid = make_student(world.klass, f"{world.tag}Q{n}", f"canary-{world.tag}-{n}")
            Flag.objects.create(student=kid, level="same_day", source="band", due_at=timezone.now())


def publish(on):
    with acting_as("system:statistics"):
        return publish_totals(on)


def shown(on, user):
    with acting_as(user):
        rows = SuppressedTotal.objects.filter(version=on)
        return {(row.county_id, row.school_id): row.value for row in rows}


@pytest.fixture
def three(here, there):
    worlds = [here, there, build("丙", here.city)]
    for world, count in zip(worlds, (19, 29, 1), strict=True):  # one more each from the cast
        flag(world, count)
    return worlds


def test_small_school_is_hidden_with_complements_on_every_level(three):
    here, there, small = three
    assert publish(DAY) == 1
    city = shown(DAY, here.city_officer)
    assert city[small.county.pk, small.school.pk] is None and city[small.county.pk, None] is None
    assert sum(value is None for value in city.values()) >= 4  # its complement hides, or the city's total does
    own = shown(DAY, here.county_officer)
    assert set(own) == {(here.county.pk, None), (here.county.pk, here.school.pk)}


def test_no_version_within_a_week_and_no_small_step_between_versions(three):
    here, there, _ = three
    publish(DAY)
    assert publish(DAY + timedelta(days=1)) == 0
    before = shown(DAY, here.city_officer)
    flag(here, 2, start=50)
    flag(there, 9, start=50)
    assert publish(DAY + timedelta(days=7)) == 1
    after = shown(DAY + timedelta(days=7), here.city_officer)
    steps = [after[key] - before[key] for key in before if before[key] is not None and after[key] is not None]
    assert all(step == 0 or abs(step) >= 5 for step in steps)
    assert after[here.county.pk, here.school.pk] is None


def test_school_sees_its_own_exact_number_and_the_bureau_none_of_them(three):
    here, there, _ = three
    publish(DAY)
    with acting_as(here.principal):
        assert list(SignalTotal.objects.values_list("students", flat=True)) == [20]
    for role in ("county_officer", "city_officer"):
        with acting_as(here.users[role]):
            assert not SignalTotal.objects.exists()
