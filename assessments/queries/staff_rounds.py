"""Rounds for staff: what a planner, a respondent and a station counselor see. Row sight decides whose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count

from assessments.adults import DRAFT, OPEN, OVER, PLANNED, is_for_adults, state_on
from assessments.answers import Sheets, unpack
from assessments.models import ScaleApproval, ScaleVersion, StaffAlert, StaffRound, StaffSitting
from assessments.outcome import Person, ResultDraft, critical_only, scored
from assessments.queries.scales import offered
from assessments.scale_library import definition_of, parsed
from assessments.scoring import Definition
from xinyu.organisations.models import School
from xinyu.ui.frame import Fact
from xinyu.vault.fields import reveal

#: nobody asks a member of staff for sex or age: tables for a group do not apply, the general ones do
NOBODY_IN_PARTICULAR = Person(None, None, None)
STATES = {
    DRAFT: Fact("还没有开始", "pencil", "neutral"),
    PLANNED: Fact("已安排", "calendar-event", "info"),
    OPEN: Fact("进行中", "clock", "good"),
    OVER: Fact("已结束", "circle-check", "neutral"),
}


def state_of(one: StaffRound, today: date) -> str:
    return state_on(
        today,
        opens_on=one.opens_on,
        closes_on=one.closes_on,
        is_started=one.started_at is not None,
        is_ended=one.ended_at is not None,
    )


def adult_versions(county_id: int) -> list[ScaleVersion]:
    """What a round of this county may ask: for adults, with words, approved here."""
    approved = ScaleApproval.objects.filter(county=county_id).values("version")
    versions = offered(county_id).filter(pk__in=approved).order_by("title", "version")
    return [version for version in versions if is_for_adults(definition_of(version))]


def battery_of(one: StaffRound) -> list[tuple[int, Definition]]:
    """[(version id, definition)] in the order of the round."""
    digests = dict(ScaleVersion.objects.filter(pk__in=one.version_ids).values_list("pk", "digest"))
    return [(pk, parsed(digests[pk], pk)) for pk in one.version_ids]


def has_critical(battery: Iterable[tuple[int, Definition]]) -> bool:
    return any(definition.critical for _, definition in battery)


def staff_numbers(county_id: int) -> dict[int, int]:
    """School id → members of staff with a live post; {} for somebody who plans nothing in this county."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT school, people FROM access_staff_numbers(%s)", [county_id])
        return dict(cursor.fetchall())


def station_is_kept(county_id: int) -> bool:
    """Whether a station counselor of the county has a live post and an open account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_station_is_kept(%s)", [county_id])
        return cursor.fetchone()[0]


@dataclass(frozen=True)
class RoundLine:
    round: StaffRound
    state: str

    @property
    def fact(self) -> Fact:
        return STATES[self.state]


def lines(rows: Iterable[StaffRound], today: date) -> list[RoundLine]:
    return [RoundLine(row, state_of(row, today)) for row in rows]


def schools_of(one: StaffRound) -> list[tuple[str, int]]:
    """[(school, members of staff when planned)]."""
    names = dict(School.objects.filter(pk__in=[int(pk) for pk in one.schools]).values_list("pk", "name"))
    return sorted((names[int(pk)], people) for pk, people in one.schools.items())


@dataclass(frozen=True)
class OwnRound:
    """A round as one of its respondents sees it; `sitting` None: she has said nothing yet."""

    round: StaffRound
    state: str
    sitting: StaffSitting | None

    @property
    def is_waiting(self) -> bool:
        """Whether she may still answer."""
        sitting = self.sitting
        return self.state == OPEN and (
            sitting is None or not (sitting.declined_at or sitting.withdrawn_at or sitting.is_handed_in)
        )

    @property
    def words(self) -> str:
        if self.sitting is None:
            return "可以参加" if self.state == OPEN else "没有参加"
        if self.sitting.withdrawn_at:
            return "已撤回，内容已销毁"
        if self.sitting.declined_at:
            return "这次不参加"
        if self.sitting.is_handed_in:
            return "已交卷"
        return "还没有答完" if self.state == OPEN else "没有交卷"


def own_rounds(user_id: int, school_ids: set[int], today: date) -> list[OwnRound]:
    """Rounds of the schools where she works and those she has answered to, newest first. A planner of the county sees
    more rounds than these."""
    rows = list(StaffRound.objects.filter(started_at__isnull=False, opens_on__lte=today))
    mine = {row.round_id: row for row in StaffSitting.objects.filter(user=user_id)} if rows else {}
    own = [row for row in rows if row.pk in mine or school_ids & {int(pk) for pk in row.schools}]
    return [OwnRound(row, state_of(row, today), mine.get(row.pk)) for row in own]


def sheets_of(sitting: StaffSitting) -> Sheets:
    """What has been saved, {} for nothing. Raises VaultError when the key was destroyed."""
    return unpack(reveal(sitting, "answers").encode()) if sitting.answers is not None else {}


@dataclass(frozen=True)
class PartResult:
    """`is_critical`: an answer in it alerts, whatever the total says."""

    scale: Definition
    result: ResultDraft
    is_critical: bool


def results_of(sitting: StaffSitting, battery: Sequence[tuple[int, Definition]]) -> list[PartResult]:
    """Scored now, by the versions of the round, which are frozen."""
    sheets = sheets_of(sitting)
    results, _ = scored(battery, sheets, NOBODY_IN_PARTICULAR)
    asking = {flag.scale for flag in critical_only(battery, sheets)}
    return [PartResult(scale, row, scale.code in asking) for (_, scale), row in zip(battery, results, strict=True)]


def handed_in(one: StaffRound):
    """Parts that a station counselor may read, those nobody has opened yet first."""
    rows = StaffSitting.objects.filter(round=one, is_handed_in=True).select_related("user", "school")
    return rows.annotate(seen=Count("looks")).order_by("seen", "-finished_at")


def open_alerts():
    """Alerts in sight that nobody has dealt with, the most pressing first."""
    return StaffAlert.objects.filter(handled_at=None).select_related("user", "school", "round").order_by("due_at", "pk")
