"""What a board shows, from aggregate tables only. One shape for page, part and spreadsheet, so they hide the same."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.apps import apps
from django.db.models import Max, Q, Sum

from counseling_rooms.queries import room_compliance
from xinyu.dashboard.models import Coverage, SignalTotal, SuppressedTotal
from xinyu.dashboard.suppression import HIDDEN_LABEL
from xinyu.organisations.calendar import school_year
from xinyu.organisations.models import City, County, School
from xinyu.ui.frame import Fact

NOT_PUBLISHED = "尚未发布"
SUMS = ("invited", "started", "finished", "exempt")
#: seasonal work counts on a board while it runs and for two weeks after its last day
SEASON_TAIL = timedelta(days=14)


@dataclass(frozen=True)
class BoardRow:
    """One county, school or screening × grade. `signals` is a number, HIDDEN_LABEL or NOT_PUBLISHED, ready to show."""

    id: int
    name: str
    invited: int = 0
    started: int = 0
    finished: int = 0
    exempt: int = 0
    signals: int | str = NOT_PUBLISHED
    rooms_met: int = 0
    rooms: int = 0
    room_fact: Fact | None = None
    season_met: int = 0
    season_owed: int = 0

    @property
    def waiting(self) -> int:
        return self.invited - self.finished - self.exempt

    @property
    def asked(self) -> int:
        return self.invited - self.exempt

    @property
    def share(self) -> float | None:
        """Finished among those who were to answer, 0–100, one decimal; None when nobody was."""
        return round(100 * self.finished / self.asked, 1) if self.asked else None


@dataclass(frozen=True)
class Board:
    """`level` is city, county or school. `total` sums what may be summed; its `signals` is a published number."""

    level: str
    place: City | County | School
    since: date
    rows: tuple[BoardRow, ...]
    total: BoardRow
    version: date | None
    counted_at: datetime | None

    @property
    def is_partly_hidden(self) -> bool:
        return HIDDEN_LABEL in (self.total.signals, *(row.signals for row in self.rows))


def since_of(today: date) -> date:
    """Boards show the school year."""
    return date(school_year(today), 9, 1)


def city_board(city: City, today: date) -> Board:
    counties = list(County.objects.filter(city=city))
    schools = list(School.objects.filter(city=city))
    rows = {county.pk: BoardRow(county.pk, county.name) for county in counties}
    here = Q(city=city)
    _add_coverage(rows, here, "county_id", since_of(today))
    for state in room_compliance(schools):
        row = rows[state.school.county_id]
        met = row.rooms_met + state.compliance.is_met
        rows[state.school.county_id] = replace(row, rooms=row.rooms + 1, rooms_met=met)
    version, published = _published(here)
    totals = {county: value for (county, school), value in published.items() if school is None}
    return _board("city", city, today, here, _with_signals(rows, totals), version, totals.get(None, NOT_PUBLISHED))


def county_board(county: County, today: date) -> Board:
    schools = list(School.objects.filter(county=county))
    rows = {school.pk: BoardRow(school.pk, school.name) for school in schools}
    here = Q(county=county)
    _add_coverage(rows, here, "school_id", since_of(today))
    for state in room_compliance(schools):
        rows[state.school.pk] = _with_room(rows[state.school.pk], state)
    for pk, owed, met in season_progress(county.pk, today):
        if pk in rows:
            rows[pk] = replace(rows[pk], season_owed=owed, season_met=met)
    version, published = _published(here)
    totals = {school: value for (_, school), value in published.items()}
    return _board("county", county, today, here, _with_signals(rows, totals), version, totals.get(None, NOT_PUBLISHED))


def school_board(school: School, today: date) -> Board:
    """Rows are screening × grade; the school's own people read the exact number of their students."""
    here = Q(school=school)
    found = Coverage.objects.filter(here, opens_on__gte=since_of(today)).order_by(
        "-opens_on", "screening_id", "grade_id"
    )
    rows = {
        row.pk: BoardRow(row.pk, f"{row.title} · {row.grade_name}", row.invited, row.started, row.finished, row.exempt)
        for row in found
    }
    version, published = _published(here)
    signals: int | str = published.get((school.county_id, school.pk), NOT_PUBLISHED)
    own = SignalTotal.objects.filter(school=school).order_by("-version").first()
    if own is not None:
        version, signals = own.version, own.students
    board = _board("school", school, today, here, rows, version, signals)
    total = replace(board.total, id=school.pk, name=school.name)
    for state in room_compliance([school]):
        total = _with_room(total, state)
    for _, owed, met in [row for row in season_progress(school.county_id, today) if row[0] == school.pk]:
        total = replace(total, season_owed=owed, season_met=met)
    return replace(board, total=total)


def _with_room(row: BoardRow, state) -> BoardRow:
    return replace(row, rooms=1, rooms_met=int(state.compliance.is_met), room_fact=state.fact)


def _add_coverage(rows: dict[int, BoardRow], here: Q, by: str, since: date) -> None:
    found = Coverage.objects.filter(here, opens_on__gte=since).order_by()
    for line in found.values(by).annotate(**{f"n_{name}": Sum(name) for name in SUMS}):
        if line[by] in rows:
            rows[line[by]] = replace(rows[line[by]], **{name: line[f"n_{name}"] for name in SUMS})


def _with_signals(rows: dict[int, BoardRow], totals: dict) -> dict[int, BoardRow]:
    return {pk: replace(row, signals=totals.get(pk, NOT_PUBLISHED)) for pk, row in rows.items()}


def _published(here: Q) -> tuple[date | None, dict[tuple[int | None, int | None], int | str]]:
    """The newest version in sight: (day, {(county, school): number or HIDDEN_LABEL})."""
    version = SuppressedTotal.objects.filter(here).aggregate(last=Max("version"))["last"]
    rows = SuppressedTotal.objects.filter(here, version=version) if version else ()
    return version, {(row.county_id, row.school_id): HIDDEN_LABEL if row.value is None else row.value for row in rows}


def _board(
    level: str,
    place: City | County | School,
    today: date,
    here: Q,
    rows: dict[int, BoardRow],
    version: date | None,
    signals: int | str,
) -> Board:
    since = since_of(today)
    counted_at = Coverage.objects.filter(here, opens_on__gte=since).aggregate(last=Max("counted_at"))["last"]
    return Board(level, place, since, tuple(rows.values()), _sum(rows.values(), signals), version, counted_at)


def _sum(rows: Iterable[BoardRow], signals: int | str) -> BoardRow:
    rows = list(rows)
    names = (*SUMS, "rooms_met", "rooms", "season_met", "season_owed")
    return BoardRow(0, "合计", signals=signals, **{name: sum(getattr(row, name) for row in rows) for name in names})


def season_progress(county_id: int, today: date) -> list[tuple[int, int, int]]:
    """(school, places owed, places met) of seasonal work; somebody without sight of the dues gets nothing.

    Reminders and boards are neighbours: the rows are read by name, neither imports the other.
    """
    dues = apps.get_model("reminders", "Due").objects.filter(
        county_id=county_id, school__isnull=False, from_on__lte=today, due_on__gte=today - SEASON_TAIL,
        called_off_at__isnull=True,
    )  # fmt: skip
    found: dict[tuple, bool] = {}
    places = dues.values_list("school_id", "season", "obligation", "klass_id", "grade_id", "due_on", "met_at")
    for row in places.order_by():
        found[row[:-1]] = found.get(row[:-1], False) or row[-1] is not None
    owed: dict[int, list[bool]] = {}
    for place, is_met in found.items():
        owed.setdefault(place[0], []).append(is_met)
    return [(school, len(states), sum(states)) for school, states in owed.items()]
