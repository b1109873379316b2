"""The abuse path of a case as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from crisis.harm import clock_words
from crisis.models import Case, HomeHarm, MandatoryReport
from xinyu.ui.frame import Fact

from .cases import Opener


def reports_owed() -> QuerySet[HomeHarm]:
    """Suspensions in sight whose mandatory report nobody has written down, the longest owed first."""
    rows = HomeHarm.objects.filter(reported_at__isnull=True, ended_at__isnull=True)
    return rows.select_related("case__student").order_by("report_due_at")


@dataclass(frozen=True)
class ReportLine:
    report: MandatoryReport
    content: str


@dataclass(frozen=True)
class HarmLine:
    harm: HomeHarm
    named: str
    reason: str
    decision: str
    now: datetime

    @property
    def clock(self) -> Fact:
        words = clock_words(self.harm.known_at, self.harm.reported_at, self.now)
        return Fact(words, "circle-check", "good") if self.harm.reported_at else Fact(words, "clock", "urgent")

    @property
    def whom(self) -> str:
        guardian = self.harm.guardian
        return f"{guardian.name}（{guardian.relation}）" if guardian else "所有监护人"


@dataclass(frozen=True)
class Protection:
    harms: list[HarmLine]
    reports: list[ReportLine]

    @property
    def standing(self) -> HarmLine | None:
        return next((line for line in self.harms if line.harm.ended_at is None), None)


def protection_of(case: Case, now: datetime) -> Protection:
    harms = list(case.homeharms.select_related("guardian", "by", "ended_by"))
    reports = list(case.mandatoryreports.select_related("by"))
    if not harms and not reports:
        return Protection([], [])
    text = Opener(case.student_id)
    return Protection(
        [HarmLine(row, text(row, "named"), text(row, "reason"), text(row, "decision"), now) for row in harms],
        [ReportLine(row, text(row, "content")) for row in reports],
    )
