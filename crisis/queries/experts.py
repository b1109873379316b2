"""Nouns about experts: the directory, who may be entered, who looks at a hand-over, what they wrote."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from crisis.looks import level_fact
from crisis.models import Expert, ExpertAccess, Handover, Visit, VisitWay
from xinyu.accounts.queries import posts_on
from xinyu.ui.frame import Fact
from xinyu.vault.fields import reveal


@dataclass(frozen=True)
class Shown:
    """A student as the log of looks asks for her, for readers out of whose sight she is."""

    pk: int
    school_id: int


def shown_in(rows: Iterable[Handover]) -> list[Shown]:
    return [Shown(row.student_id, row.school_id) for row in rows]


def expert_accounts(county_id: int) -> list[tuple[int, str]]:
    """[(user id, name)] of people with the live post of an expert in the county who are not in its directory."""
    posts = posts_on(timezone.localdate()).filter(role="expert", county_id=county_id)
    known = Expert.objects.filter(county_id=county_id).values_list("user_id", flat=True)
    found = posts.exclude(user__in=list(known)).values_list("user_id", "user__name").order_by("user__name", "user_id")
    return list(dict(found).items())


@dataclass(frozen=True)
class ExpertLine:
    row: Expert
    contact: str
    today: date

    @property
    def is_active(self) -> bool:
        return self.row.active_until >= self.today

    @property
    def fact(self) -> Fact:
        return Fact("聘期内", "circle-check", "good") if self.is_active else Fact("聘期已满", "hourglass", "neutral")


def directory(today: date) -> list[ExpertLine]:
    """Experts of the acting officer's counties, those in their term first."""
    rows = Expert.objects.select_related("user", "county")
    lines = [ExpertLine(row, reveal(row, "contact"), today) for row in rows]
    return sorted(lines, key=lambda line: (not line.is_active, line.row.speciality, line.row.pk))


def available(county_id: int, today: date) -> QuerySet[Expert]:
    return Expert.objects.filter(county_id=county_id, active_until__gte=today).select_related("user")


@dataclass(frozen=True)
class VisitLine:
    visit: Visit
    body: str
    advice: str

    @property
    def way(self) -> str:
        return VisitWay(self.visit.way).label


@dataclass(frozen=True)
class AccessLine:
    """One expert at one hand-over with what she wrote, newest assignment first."""

    row: ExpertAccess
    ask: str
    visits: list[VisitLine]
    now: datetime

    @property
    def is_open(self) -> bool:
        return self.row.ended_at is None and self.row.open_until > self.now

    @property
    def fact(self) -> Fact:
        if self.is_open:
            return Fact("正在支持", "user-check", "info")
        return Fact("已结束", "circle-check", "neutral")


def accesses_of(rows: Iterable[Handover], now: datetime) -> dict[int, list[AccessLine]]:
    """Hand-over id → its experts, in two queries whatever the number. The key is the hand-over's."""
    by_id = {row.pk: row for row in rows if row.wrapped is not None}
    visits: dict[int, list[VisitLine]] = {}
    for visit in Visit.objects.filter(handover__in=by_id).select_related("by"):
        visit.handover = by_id[visit.handover_id]
        line = VisitLine(visit, reveal(visit, "body"), reveal(visit, "advice"))
        visits.setdefault(visit.access_id, []).append(line)
    found: dict[int, list[AccessLine]] = {pk: [] for pk in by_id}
    for access in ExpertAccess.objects.filter(handover__in=by_id).select_related("assignee", "assigned_by"):
        access.handover = by_id[access.handover_id]
        found[access.handover_id].append(AccessLine(access, reveal(access, "ask"), visits.get(access.pk, []), now))
    return found


def assignments() -> QuerySet[ExpertAccess]:
    """What the acting expert may look at now: the database leaves out the rest."""
    return ExpertAccess.objects.select_related("handover__school", "assigned_by")


@dataclass(frozen=True)
class AssignmentLine:
    row: ExpertAccess
    ask: str

    @property
    def level(self) -> Fact:
        return level_fact(self.row.handover.level)

    @property
    def number(self) -> str:
        return f"移交 {self.row.handover_id}"
