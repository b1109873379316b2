"""Versions of the suppressed total: how many students are in an interview queue or have an open case.

When a version is published, and why not every night. Two versions are two tables that a reader can subtract: "12, next
day 13" tells of one child. So (1) a version appears once in `DAYS` days or when a screening of the city has closed
since the last one, never per change; (2) a number that would differ from what was last shown for the same place by 1 to
threshold − 1 is hidden in the new version, like a small cell, and its complements with it (`also_hidden`); a zero is
shown, as suppression.py says. One table for the whole city: counties are rows, schools columns, so that the city's, the
counties' and the schools' numbers are protected together. Nothing else is published from the same students.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q

from assessments.models import Flag, Screening
from crisis.models import Case
from xinyu.audit.entries import record
from xinyu.dashboard.models import SignalTotal, SuppressedTotal
from xinyu.dashboard.suppression import Position, Published, Table, suppress
from xinyu.organisations.models import City, School

MEASURE = "students"
DAYS = 7
Place = tuple[int | None, int | None]


def publish_totals(on: date) -> int:
    """Nightly: count every school for itself; publish the cities that are due. How many were. As system:statistics."""
    counts = count_signals(on)
    return sum(publish_city(city, on, counts) for city in City.objects.all() if is_due(city, on))


def count_signals(on: date) -> dict[int, int]:
    """School id → students with an open queue entry or an open case; stored for the school's own eyes."""
    queued: dict[int, set[int]] = {}
    cases: dict[int, set[int]] = {}
    for school_id, student_id in Flag.objects.filter(handled_at__isnull=True).values_list("school_id", "student_id"):
        queued.setdefault(school_id, set()).add(student_id)
    for school_id, student_id in Case.objects.filter(closed_at__isnull=True).values_list("school_id", "student_id"):
        cases.setdefault(school_id, set()).add(student_id)
    schools = School.objects.values_list("pk", flat=True)
    found = {pk: len(queued.get(pk, set()) | cases.get(pk, set())) for pk in schools}
    SignalTotal.objects.filter(version=on).delete()
    SignalTotal.objects.bulk_create(
        SignalTotal(school_id=pk, version=on, students=found[pk], cases=len(cases.get(pk, ()))) for pk in found
    )
    return found


def is_due(city: City, on: date) -> bool:
    last = SuppressedTotal.objects.filter(city=city).order_by("-version").values_list("version", flat=True).first()
    if last is None or on - last >= timedelta(days=DAYS):
        return True
    return last < on and Screening.objects.filter(school__city=city, closed_at__date__gte=last).exists()


def publish_city(city: City, on: date, counts: dict[int, int]) -> bool:
    schools = list(School.objects.filter(city=city).order_by("county_id", "pk"))
    counties = list(dict.fromkeys(school.county_id for school in schools))
    if not schools:
        return False
    table = Table(
        tuple(str(county) for county in counties),
        tuple(str(school.pk) for school in schools),
        tuple(tuple(counts[s.pk] if s.county_id == county else 0 for s in schools) for county in counties),
    )
    published = suppress(table, settings.SMALL_CELL, too_close(city, table))
    rows = {(None, None): published.total} | lines(published, schools)
    SuppressedTotal.objects.filter(city=city, version=on).delete()
    SuppressedTotal.objects.bulk_create(
        SuppressedTotal(version=on, city=city, county_id=county, school_id=school, measure=MEASURE, value=value)
        for (county, school), value in rows.items()
    )
    hidden = sum(value is None for value in rows.values())
    record("dashboard.publish_totals", subject=city, detail={"version": str(on), "hidden": hidden})
    return True


def lines(published: Published, schools: list[School]) -> dict[Place, int | None]:
    """(county, school) → number: a school's is hidden when either of the two places where it stands is hidden."""
    found: dict[Place, int | None] = {}
    for i, county in enumerate(published.rows):
        found[int(county), None] = published.row_totals[i]
        for j, school in enumerate(schools):
            if school.county_id == int(county):
                total = published.column_totals[j]
                found[int(county), school.pk] = None if total is None else published.cells[i][j]
    return found


def too_close(city: City, table: Table) -> frozenset[Position]:
    """Places whose number moved by less than the threshold since it was last shown: row, column as suppress counts."""
    shown = last_shown(city)
    height, width = len(table.rows), len(table.columns)
    numbers: dict[Position, tuple[Place, int]] = {(height, width): ((None, None), sum(map(sum, table.counts)))}
    for i, county in enumerate(table.rows):
        numbers[i, width] = ((int(county), None), sum(table.counts[i]))
        for j, school in enumerate(table.columns):
            if table.counts[i][j]:
                numbers[i, j] = numbers[height, j] = ((int(county), int(school)), table.counts[i][j])
    return frozenset(
        place
        for place, (name, value) in numbers.items()
        if name in shown and 0 < abs(value - shown[name]) < settings.SMALL_CELL
    )


def last_shown(city: City) -> dict[Place, int]:
    """The newest number that was not hidden, for every place of the city."""
    rows = SuppressedTotal.objects.filter(Q(city=city, measure=MEASURE, value__isnull=False)).order_by("version")
    return {(row.county_id, row.school_id): row.value for row in rows if row.value is not None}
