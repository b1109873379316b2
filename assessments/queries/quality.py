"""How well a screening was answered: shares of sheets that are not interpreted, and which students may answer again."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from assessments.choices import WAITING, SittingState
from assessments.models import Result, Retest, Screening
from xinyu.ui.frame import Fact

#: why a sheet is not interpreted, in words that blame nobody
WHY = {"missing": "空着的题较多", "validity": "按量表的效度规则不宜解释"}


@dataclass(frozen=True)
class QualityLine:
    """One scale: sheets, not interpreted (by reason), with a remark about how they were filled in."""

    title: str
    sheets: int
    void: int
    missing: int
    validity: int
    remarked: int


def quality_of(screening: Screening) -> list[QualityLine]:
    """A line per scale that has results in sight; one statement."""
    rows = (
        Result.objects.filter(screening=screening)
        .order_by()
        .values("version_id", "version__title")
        .annotate(
            sheets=Count("pk"),
            void=Count("pk", filter=Q(is_valid=False)),
            missing=Count("pk", filter=Q(sheet__invalid_because__contains=["missing"])),
            validity=Count("pk", filter=Q(sheet__invalid_because__contains=["validity"])),
            remarked=Count("pk", filter=~Q(sheet__quality=[])),
        )
        .order_by("version__title")
    )
    return [
        QualityLine(r["version__title"], r["sheets"], r["void"], r["missing"], r["validity"], r["remarked"])
        for r in rows
    ]


@dataclass(frozen=True)
class Again:
    """The latest invitation to fill in a scale again."""

    retest: Retest

    @property
    def is_open(self) -> bool:
        screening = self.retest.again.screening
        waits = self.retest.again.state in WAITING
        return waits and screening.closed_at is None and screening.closes_at > timezone.now()

    @property
    def fact(self) -> Fact:
        if self.retest.again.state == SittingState.FINISHED:
            return Fact("已再答", "circle-check", "good")
        return Fact("已约再答", "clock", "info") if self.is_open else Fact("作答码已过期", "circle-dashed", "neutral")


def invitations(sitting_ids: Iterable[int]) -> dict[tuple[int, str], Again]:
    """(sitting, scale) → the latest invitation."""
    rows = Retest.objects.filter(sitting__in=list(sitting_ids)).select_related("again__screening").order_by("pk")
    return {(row.sitting_id, row.scale): Again(row) for row in rows}


@dataclass(frozen=True)
class VoidSheet:
    result: Result
    why: str
    again: Again | None


def why_void(result: Result) -> str:
    return "；".join(WHY[reason] for reason in result.sheet.get("invalid_because", ()) if reason in WHY)


def void_sheets(screening: Screening) -> list[VoidSheet]:
    """Sheets that are not interpreted, by class and number, each with its invitation."""
    rows = list(
        Result.objects.filter(screening=screening, is_valid=False)
        .select_related("version", "student__klass__grade")
        .order_by("student__klass_id", "student__number", "pk")
    )
    known = invitations({row.sitting_id for row in rows})
    return [VoidSheet(row, why_void(row), known.get((row.sitting_id, row.scale))) for row in rows]
