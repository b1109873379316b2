"""The duty clock of a confirmed level: who is told at which rung, and when an unanswered rung moves up. Pure.

Minutes count in real time; on-site clocks count days with students in school. A rung moves up when nobody whose
answer counts has acknowledged in time, or acknowledged and done nothing until the time to act is over.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from xinyu.organisations.calendar import CalendarEndsError, SchoolCalendar

DATA = Path(__file__).parent / "data"
BUREAU = frozenset({"county_officer", "city_officer"})
CLOCKS = ("real", "on_site")


def duration(amount: int, kind: str) -> str:
    """'15 分钟', '2 小时', '3 个在校日'."""
    if kind == "on_site":
        return f"{amount} 个在校日"
    return f"{amount // 60} 小时" if amount % 60 == 0 else f"{amount} 分钟"


@dataclass(frozen=True)
class Rung:
    """One rung. `roles` are told together; only an answer of `answers` stops the climb (red: a homeroom teacher helps,
    she does not answer for the school). `acknowledge`, `act`: minutes after the rung opens, or days on site.
    """

    code: str
    label: str
    roles: tuple[str, ...]
    answers: frozenset[str]
    acknowledge: int
    act: int

    def limits(self, kind: str) -> str:
        """'15 分钟内确认，2 小时内采取措施' for a page."""
        return f"{duration(self.acknowledge, kind)}内确认，{duration(self.act, kind)}内采取措施"

    @property
    def is_bureau(self) -> bool:
        return bool(BUREAU & set(self.roles))


@dataclass(frozen=True)
class Clock:
    """The rungs of one colour, lowest first; the version goes with every step that was made from it."""

    colour: str
    kind: str
    rungs: tuple[Rung, ...]
    version: str
    source: str


@dataclass(frozen=True)
class Told:
    """One person (None: the bureau, through its hand-over) asked at one rung."""

    rung: int
    code: str
    role: str
    person: int | None
    is_answering: bool
    opens_at: datetime
    acknowledge_by: datetime
    act_by: datetime


@dataclass(frozen=True)
class RungState:
    """What is known of the newest rung of a run, and whether anybody whose answer counts has answered so far."""

    number: int
    acknowledge_by: datetime
    act_by: datetime
    is_acknowledged: bool
    is_acted: bool


def parse_clocks(raw: Mapping[str, Any]) -> dict[str, Clock]:
    """Clocks of a file or of a county's own setting. Raises ValueError for data that would leave a student alone."""
    try:
        found = {colour: _clock(colour, row, raw["version"], raw["source"]) for colour, row in raw["clocks"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"四级联动时限不完整：{error}") from error
    for clock in found.values():
        if clock.kind not in CLOCKS or not clock.rungs:
            raise ValueError(f"四级联动时限“{clock.colour}”没有步骤或计时方式不正确")
        for rung in clock.rungs:
            if not rung.answers or not rung.answers <= set(rung.roles) or not 0 < rung.acknowledge <= rung.act:
                raise ValueError(f"四级联动时限“{clock.colour}”的步骤“{rung.label}”不正确")
    return found


def _clock(colour: str, row: Mapping[str, Any], version: str, source: str) -> Clock:
    rungs = tuple(
        Rung(r["code"], r["label"], tuple(r["roles"]), frozenset(r["answers"]), r["acknowledge"], r["act"])
        for r in row["rungs"]
    )
    return Clock(colour, row["clock"], rungs, version, source)


def kept(clock: Clock) -> dict[str, Any]:
    """One clock as data that `parse_clocks` reads back: a run keeps the clock that it began with."""
    rungs = [{**asdict(rung), "answers": sorted(rung.answers)} for rung in clock.rungs]
    row = {"clock": clock.kind, "rungs": rungs}
    return {"version": clock.version, "source": clock.source, "clocks": {clock.colour: row}}


def carried_on(clock: Clock, told: Mapping[int, str]) -> Clock:
    """`clock` for a run that began under another one: `told`, number → code, is what has been opened so far.

    The rungs that were opened keep their numbers, and above them come all that nobody was told at: somebody may be
    asked twice, no rung is passed in silence.
    """
    newest = max(told)
    if [rung.code for rung in clock.rungs[newest : newest + 1]] == [told[newest]]:
        return clock
    opened = tuple(replace(clock.rungs[0], code=told.get(n, "")) for n in range(newest + 1))
    return replace(clock, rungs=opened + tuple(rung for rung in clock.rungs if rung.code not in set(told.values())))


@cache
def load_clocks(version: str = "2026.1") -> dict[str, Clock]:
    return parse_clocks(json.loads((DATA / f"chain-{version}.json").read_text("utf-8")))


def after(at: datetime, amount: int, kind: str, calendar: SchoolCalendar) -> datetime:
    """`at` plus minutes, or the same hour of the so-manieth day with students. Past the entered terms days just count:
    an early alert beats none.
    """
    if kind == "real":
        return at + timedelta(minutes=amount)
    try:
        day = calendar.add_on_site_days(at.date(), amount)
    except CalendarEndsError:
        return at + timedelta(days=amount)
    return at + timedelta(days=(day - at.date()).days)


def open_rung(
    clock: Clock,
    number: int,
    at: datetime,
    people: Mapping[str, Sequence[int]],
    calendar: SchoolCalendar,
    skip: Iterable[int] = (),
) -> list[Told]:
    """Whoever is told when the first manned rung from `number` on opens; [] above the last one.

    A rung at which no post that answers is held (other than by `skip`, who made the statement) is passed over. Of
    several posts at one rung a person is asked once. `at` is in the local zone: days begin at local midnight.
    """
    left_out = set(skip)
    for n, rung in enumerate(clock.rungs[number:], start=number):
        times = (at, after(at, rung.acknowledge, clock.kind, calendar), after(at, rung.act, clock.kind, calendar))
        told: dict[int | None, Told] = {}
        for role in sorted(rung.roles, key=lambda role: role not in rung.answers):
            for person in people.get(role, ()):
                key = None if role in BUREAU else person
                if person not in left_out and key not in told:
                    told[key] = Told(n, rung.code, role, key, role in rung.answers, *times)
        if any(one.is_answering for one in told.values()):
            return list(told.values())
    return []


def moves_up_at(state: RungState) -> datetime | None:
    """When the newest rung moves up if nothing more happens; None once somebody has acted."""
    if state.is_acted:
        return None
    return state.act_by if state.is_acknowledged else state.acknowledge_by


def unanswered(
    clock: Clock,
    at: datetime,
    people: Mapping[str, Sequence[int]],
    calendar: SchoolCalendar,
    until: datetime,
    skip: Iterable[int] = (),
) -> list[Told]:
    """Everybody who has been told by `until` when nobody ever answers: what the step table must equal."""
    skip = set(skip)
    out, told = [], open_rung(clock, 0, at, people, calendar, skip)
    while told and told[0].opens_at <= until:
        out += told
        told = open_rung(clock, told[0].rung + 1, told[0].acknowledge_by, people, calendar, skip)
    return out
