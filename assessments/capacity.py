"""Can this school talk to everybody whom a screening will point at? Expected talks against hours, and waves. Pure.

A flag that nobody has time for is a harm done: the plan is cut into waves that the counselors can follow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

#: fewer answered sheets than this say nothing about a school
ENOUGH = 100
#: what to expect without figures of one's own: about one adolescent in five answers the item on self-harm above zero
BASE = {
    True: (0.20, "没有本校数据：按含自伤条目的量表约每 5 名青少年有 1 名需要面谈估算"),
    False: (0.10, "没有本校数据：按一般量表约每 10 人有 1 人需要面谈估算"),
}
#: nobody waits longer than this many school days for the talk that a wave has brought about
WAVE_DAYS = 2


@dataclass(frozen=True)
class Rate:
    """Share of sheets that lead to a talk, and where the number comes from."""

    share: float
    source: str


def rate_of(finished: int, flagged: int, *, has_critical: bool) -> Rate:
    """From the school's own earlier sheets where there are enough, never below one in fifty; else the base rate."""
    if finished >= ENOUGH:
        return Rate(max(flagged / finished, 0.02), f"本校近两年 {finished} 份答卷中 {flagged} 份需要面谈")
    return Rate(*BASE[has_critical])


@dataclass(frozen=True)
class Group:
    """A class with those who are to answer."""

    klass_id: int
    name: str
    students: int


@dataclass(frozen=True)
class Pace:
    """What the school can give: minutes a school day for talks (all counselors), minutes for one, talks still open.

    backlog_limit  as many open talks hold the next wave back
    """

    minutes_a_day: int = 180
    minutes_each: int = 40
    backlog_limit: int = 10
    backlog: int = 0

    @property
    def talks_a_day(self) -> float:
        return self.minutes_a_day / self.minutes_each if self.minutes_each else 0.0


@dataclass(frozen=True)
class Wave:
    """`starts_on` None: the time does not reach that far. `is_makeup`: for the absent and whoever came since."""

    number: int
    starts_on: date | None
    klass_ids: tuple[int, ...]
    names: tuple[str, ...]
    students: int
    expected: int
    is_makeup: bool = False


@dataclass(frozen=True)
class Check:
    """Expected talks against what there is. `words`: Chinese sentences, the worst first."""

    students: int
    expected: int
    hours_needed: float
    hours_there: float
    days_needed: int
    days_there: int
    waves: tuple[Wave, ...]
    backlog: int = 0

    @property
    def fits(self) -> bool:
        """Every wave has its day, and whoever it points at is talked to before the screening ends."""
        return all(wave.starts_on is not None for wave in self.waves) and self.days_needed <= self.days_there

    @property
    def words(self) -> tuple[str, ...]:
        need = f"预计 {self.expected} 人需要面谈，约 {self.hours_needed:.0f} 小时；"
        need += f"测评期内 {self.days_there} 个在校日共有 {self.hours_there:.0f} 小时。"
        if self.fits:
            return (need, f"建议分 {len(self.waves) - 1} 批，最后一批为补测。")
        return (
            f"按现在的人手，面谈需要 {self.days_needed} 个在校日，测评期不够。请增加访谈人手、延长测评期或减少班级。",
            need,
        )


def check(groups: Iterable[Group], pace: Pace, rate: Rate, days: Sequence[date]) -> Check:
    """`days`: school days of the window on which a wave may start, in order. The last wave is the make-up one.

    A wave holds what can be talked to in WAVE_DAYS (one class at least), the next one starts when it is through; talks
    that are open already come first.
    """
    groups = [group for group in groups if group.students]
    waves, at = [], _days(pace.backlog, pace) if pace.backlog >= pace.backlog_limit else 0
    for number, batch in enumerate(_batches(groups, pace, rate), start=1):
        students = sum(group.students for group in batch)
        expected = ceil(students * rate.share)
        start = days[at] if at < len(days) else None
        names, ids = tuple(group.name for group in batch), tuple(group.klass_id for group in batch)
        waves.append(Wave(number, start, ids, names, students, expected))
        at += _days(expected, pace)
    makeup = days[min(at, len(days) - 1)] if days and waves and waves[-1].starts_on else None
    waves.append(Wave(len(waves) + 1, makeup, (), (), 0, 0, is_makeup=True))
    total = sum(group.students for group in groups)
    talks = ceil(total * rate.share)
    return Check(
        total, talks, talks * pace.minutes_each / 60, len(days) * pace.minutes_a_day / 60, at, len(days), tuple(waves),
        pace.backlog,
    )  # fmt: skip


def _days(talks: int, pace: Pace) -> int:
    return max(1, ceil(talks / pace.talks_a_day)) if pace.talks_a_day else 10**6


def _batches(groups: list[Group], pace: Pace, rate: Rate) -> list[list[Group]]:
    most = pace.talks_a_day * WAVE_DAYS
    out: list[list[Group]] = []
    for group in groups:
        so_far = sum(one.students for one in out[-1]) if out else 0
        if out and (so_far + group.students) * rate.share <= most:
            out[-1].append(group)
        else:
            out.append([group])
    return out


def holds_back(open_talks: int, limit: int) -> bool:
    """Whether the next wave waits: too many students have not been talked to yet."""
    return open_talks >= limit


#: reading an item and choosing; a battery of 100 items takes about a quarter of an hour
SECONDS_EACH = 8
#: a lesson at 小学 and 初中 lasts 40, at 高中 45 minutes: the shorter one counts
LESSON_MINUTES = 40


def minutes_of(items: int) -> int:
    """How long one scale takes, in whole minutes."""
    return max(1, ceil(items * SECONDS_EACH / 60))


def minutes_for(items: int) -> int:
    """How long a battery takes, rounded up to five minutes: reading, answering, coming in and the last page."""
    return max(10, 5 * ceil((items * SECONDS_EACH / 60 + 3) / 5))


@dataclass(frozen=True)
class Part:
    """One scale of a battery: how many items, and whether a pause follows."""

    title: str
    items: int
    has_pause: bool = False
    version_id: int = 0

    @property
    def minutes(self) -> int:
        return minutes_of(self.items)


def stretches(parts: Sequence[Part]) -> list[int]:
    """Minutes between one pause and the next; the last part has none behind it."""
    out = [0]
    for part in parts:
        out[-1] += part.items
        if part.has_pause:
            out.append(0)
    return [minutes_for(items) for items in out if items]


def lesson_words(parts: Sequence[Part], minutes: int) -> str:
    """What to say when the battery outgrows a lesson, '' when it does not. `minutes`: what the plan allows for it."""
    longest, whole = max(stretches(parts), default=0), max(minutes, minutes_for(sum(part.items for part in parts)))
    if longest > LESSON_MINUTES:
        return f"一口气要答约 {longest} 分钟，超过一节课（{LESSON_MINUTES} 分钟）。请减少量表，或在部分之间设休息点。"
    if whole <= LESSON_MINUTES:
        return ""
    if any(part.has_pause for part in parts[:-1]):
        return f"全套约 {whole} 分钟，一节课答不完；学生可以在休息点停下，下一节课接着答。"
    return f"全套约 {whole} 分钟，超过一节课（{LESSON_MINUTES} 分钟）。请减少量表，或在部分之间设休息点。"


def makeup_day(days: Sequence[date]) -> date | None:
    """Where no waves are planned: the make-up begins in the last third of the school days, None within a single day."""
    return days[-max(1, len(days) // 3)] if len(days) > 1 else None
