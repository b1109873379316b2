"""What happens to a flag until somebody has talked with the student: climbing inside the school, and the run list.

A flag is not a level and never leaves the school with a name: after the principal the county learns only how many
urgent flags of a school are unread, and since when (workflow D9.1). Pure; every figure is a setting (本区设定).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Rung:
    """A step of the ladder inside the school, with its looks. `deputy` is whom the counselor named for absences."""

    code: str
    label: str
    icon: str
    order: int


LADDER = (
    Rung("counselor", "心理教师", "heart-handshake", 0),
    Rung("deputy", "心理教师代理人", "users", 1),
    Rung("vice_principal", "分管副校长", "user-star", 2),
    Rung("principal", "校长", "building", 3),
)


@dataclass(frozen=True)
class ClimbClock:
    """Minutes of real time after which a flag stands one rung higher (本区设定).

    unread   level → minutes after it was raised, for rungs 1, 2, 3, while nobody has opened it
    overdue  minutes after its due time, for rungs 1, 2, 3, while nobody has talked with the student
    county_after  minutes on the last rung, unread, before the county is shown a number
    """

    unread: Mapping[str, tuple[int, int, int]] = field(
        default_factory=lambda: {"immediate": (10, 20, 30), "same_day": (60, 120, 180), "talk": (1440, 2880, 4320)}
    )
    overdue: tuple[int, int, int] = (0, 30, 60)
    county_after: int = 15


#: what cannot wait a day for a counselor who is not there
PRESSING = ("immediate", "same_day")


@dataclass(frozen=True)
class FlagFacts:
    """One flag as the clock sees it. Times are aware; `item9` is the raised answer where the flag is from item 9."""

    id: int
    level: str
    raised_at: datetime
    due_at: datetime
    seen_at: datetime | None = None
    handled_at: datetime | None = None
    klass_id: int = 0
    klass_title: str = ""
    item9: int | None = None


def climbs(flag: FlagFacts, clock: ClimbClock | None = None) -> list[tuple[datetime, Rung]]:
    """Every step up that this flag takes until it is handled, in time order; the first is the counselor, at once.

    Reading stops the climb for being unread; only handling stops the climb for being overdue. It never comes down.
    """
    clock = clock or ClimbClock()
    times: dict[int, datetime] = {}
    for rung, (unread, overdue) in enumerate(zip(clock.unread[flag.level], clock.overdue, strict=True), start=1):
        at_unread, at_overdue = flag.raised_at + unread * MINUTE, flag.due_at + overdue * MINUTE
        still_unread = flag.seen_at is None or at_unread < flag.seen_at
        times[rung] = min(at_unread, at_overdue) if still_unread else at_overdue
    taken = [(at, LADDER[rung]) for rung, at in times.items() if flag.handled_at is None or at < flag.handled_at]
    return [(flag.raised_at, LADDER[0]), *sorted(taken, key=lambda step: (step[0], step[1].order))]


def rung_at(flag: FlagFacts, now: datetime, clock: ClimbClock | None = None) -> Rung | None:
    """The rung where the flag stands at `now`; None once it is handled."""
    if flag.handled_at is not None and flag.handled_at <= now:
        return None
    return max((rung for at, rung in climbs(flag, clock) if at <= now), key=lambda rung: rung.order, default=LADDER[0])


def rung_past(flag: FlagFacts, now: datetime, *, counselor_is_there: bool) -> Rung | None:
    """`rung_at`, where a pressing flag that nobody has read does not wait for counselors who are not there."""
    rung = rung_at(flag, now)
    waits_in_vain = flag.level in PRESSING and flag.seen_at is None and not counselor_is_there
    return LADDER[1] if rung == LADDER[0] and waits_in_vain else rung


def may_move(flag: FlagFacts, now: datetime) -> bool:
    """Whether it matters who is at the school now: the flag stands past the counselors, or might."""
    rung = rung_past(flag, now, counselor_is_there=False)
    return rung is not None and rung.order > 0


def recipients(rung: Rung, present: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    """Who is told at a rung: those present there, else the next rung up, else down; empty only in an empty school.

    present  rung code → ids of people who hold it and are not absent today
    """
    upward = LADDER[rung.order :]
    downward = tuple(reversed(LADDER[: rung.order]))
    return next((tuple(present[step.code]) for step in (*upward, *downward) if present.get(step.code)), ())


@dataclass(frozen=True)
class UnreadAtSchool:
    """What the county sees: a number and a time, no student, no class."""

    count: int
    since: datetime

    @property
    def text(self) -> str:
        return f"{self.count} 条紧急提示自 {self.since:%m月%d日 %H:%M} 起无人查看"


def unread_beyond_school(
    flags: Iterable[FlagFacts], now: datetime, clock: ClimbClock | None = None
) -> UnreadAtSchool | None:
    """Urgent flags of one school that nobody opened although they stood on the last rung long enough; None if none."""
    clock = clock or ClimbClock()
    limit = {level: (minutes[-1] + clock.county_after) * MINUTE for level, minutes in clock.unread.items()}
    unread = [
        flag
        for flag in flags
        if flag.level != "talk"
        and (flag.seen_at is None or flag.seen_at > now)
        and (flag.handled_at is None or flag.handled_at > now)
        and now >= flag.raised_at + limit[flag.level]
    ]
    return UnreadAtSchool(len(unread), min(flag.raised_at for flag in unread)) if unread else None


@dataclass(frozen=True, order=True)
class LessonPeriod:
    """A stretch in which short talks can be held: a lesson, the noon break, the time after class."""

    starts_at: datetime
    ends_at: datetime
    label: str


@dataclass(frozen=True)
class RunGroup:
    """One line of the run list: fetch these students of one class in this period. `period` None: did not fit."""

    period: LessonPeriod | None
    klass_id: int
    klass_title: str
    flag_ids: tuple[int, ...]


def run_list(
    flags: Iterable[FlagFacts], periods: Iterable[LessonPeriod], *, counselors: int = 1, minutes: int = 5
) -> list[RunGroup]:
    """The same-day round: unhandled flags from item 9 = 1, by period and class; the longest wait goes first.

    A class is kept together and split only when the period is full. Students who do not fit come last, without a
    period: the page says how many, so that somebody adds time. Raises ValueError when counselors or minutes < 1.
    """
    if counselors < 1 or minutes < 1:
        raise ValueError("至少一名心理教师、每人至少一分钟")
    waiting = sorted(
        (flag for flag in flags if flag.item9 == 1 and flag.handled_at is None),
        key=lambda flag: (flag.klass_id, flag.raised_at, flag.id),
    )
    classes = [list(group) for _, group in groupby(waiting, key=lambda flag: flag.klass_id)]
    queue = [flag for group in sorted(classes, key=lambda group: (group[0].raised_at, group[0].id)) for flag in group]
    rows: list[RunGroup] = []
    for period in sorted(periods):
        room = counselors * ((period.ends_at - period.starts_at) // (minutes * MINUTE))
        rows += _groups(period, queue[:room])
        queue = queue[room:]
    return rows + _groups(None, queue)


def _groups(period: LessonPeriod | None, flags: Sequence[FlagFacts]) -> list[RunGroup]:
    return [
        RunGroup(period, members[0].klass_id, members[0].klass_title, tuple(flag.id for flag in members))
        for members in (list(group) for _, group in groupby(flags, key=lambda flag: flag.klass_id))
    ]
