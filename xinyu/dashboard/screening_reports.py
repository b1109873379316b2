"""The report of one screening: exact and by class or grade for its counselor; for the school's leaders a frozen one by
grade, small groups hidden, published once after the screening has closed."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from assessments.models import Result, Screening
from assessments.scale_library import definition_of
from xinyu.audit.entries import record
from xinyu.dashboard.models import ScreeningFigure
from xinyu.dashboard.report_shapes import Counted, ScaleTable, exact, guarded, tables
from xinyu.organisations.models import Grade, Klass

BY = ("klass", "grade")


def _places(screening: Screening, by: str) -> dict[int, str]:
    """Classes or grades of this screening in their order: {id: name on its opening day}."""
    day = timezone.localdate(screening.opens_at)
    ids = screening.sittings.values(f"{by}_id")
    if by == "klass":
        klasses = Klass.objects.filter(pk__in=ids).select_related("grade").order_by("-grade__entry_year", "pk")
        return {klass.pk: klass.name_on(day) for klass in klasses}
    grades = Grade.objects.filter(pk__in=ids).order_by("-entry_year", "pk")
    return {grade.pk: grade.name_on(day) for grade in grades}


def _counted(screening: Screening, by: str, names: dict[int, str]) -> Iterable[Counted]:
    place = f"sitting__{by}_id"
    rows = Result.objects.filter(screening=screening).order_by()
    groups = rows.values("version__title", place, "band", "band_order", "is_valid").annotate(n=Count("pk"))
    for row in groups.order_by("version__title"):
        yield Counted(
            row["version__title"], names[row[place]], row["band"], row["band_order"], row["is_valid"], row["n"]
        )


def report_of(screening: Screening, by: str) -> list[ScaleTable]:
    """Exact; only for somebody who sees the results themselves."""
    names = _places(screening, by)
    return exact(tables(_counted(screening, by, names), list(names.values())))


def published_report(screening: Screening) -> tuple[datetime | None, list[ScaleTable]]:
    """What the school's leaders read: (when published, tables); nothing before the screening is over."""
    figure = ScreeningFigure.objects.filter(screening_id=screening.pk).first()
    if figure is None:
        return None, []
    return figure.published_at, [ScaleTable.from_dict(kept) for kept in figure.tables]


def band_sources(screening: Screening, tables: Iterable[ScaleTable]) -> dict[str, list[str]]:
    """Scale → where the bands of its table are from, each source once, as the versions of this screening name it."""
    columns = {table.title: set(table.columns) for table in tables}
    found: dict[str, list[str]] = {}
    for version in screening.scales.all():
        bands = [band for table in definition_of(version).band_tables for band in table.bands]
        said = [band.source for band in bands if band.label_zh in columns.get(version.title, ())]
        found[version.title] = list(dict.fromkeys(said))
    return found


def publish_reports(now: datetime) -> int:
    """Nightly, as system:statistics: once for each listed screening that is over. How many."""
    over = Q(state="closed", closed_at__lt=now) | Q(state__in=("open", "paused"), closes_at__lt=now)
    done = ScreeningFigure.objects.values("screening_id")
    waiting = list(Screening.objects.filter(over, is_listed=True).exclude(pk__in=done).order_by("pk"))
    for screening in waiting:
        publish_report(screening)
    return len(waiting)


def publish_report(screening: Screening) -> ScreeningFigure:
    names = _places(screening, "grade")
    shown = guarded(tables(_counted(screening, "grade", names), list(names.values())), settings.SMALL_CELL)
    figure = ScreeningFigure.objects.create(
        school_id=screening.school_id, screening_id=screening.pk, tables=[one.as_dict() for one in shown]
    )
    record("dashboard.publish_report", subject=figure, detail={"screening": screening.pk, "tables": len(shown)})
    return figure
