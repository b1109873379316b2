"""A run of the duty clock on paper: what had happened by one moment, step by step and in order of time. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

#: what may happen to a step, in this order
HAPPENINGS = ("told_at", "read_at", "acknowledged_at", "acted_at", "moved_up_at", "cancelled_at")
WORDS = {
    "told_at": "告知",
    "read_at": "阅读消息",
    "acknowledged_at": "确认知晓",
    "acted_at": "采取措施",
    "moved_up_at": "超过时限，上移到下一级",
    "cancelled_at": "联动结束，不再需要",
}


@dataclass(frozen=True)
class Step:
    """One person at one rung. `person` is an account's id (None: officers of a bureau); `who` '' leaves the post."""

    rung: int
    place: str
    post: str
    person: int | None
    who: str
    is_answering: bool
    acknowledge_by: datetime
    act_by: datetime
    told_at: datetime | None
    read_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acted_at: datetime | None = None
    moved_up_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.who}（{self.post}）" if self.who and self.who != self.place else self.post


@dataclass(frozen=True)
class Event:
    at: datetime
    who: str
    what: str
    is_late: bool = False


def as_of(steps: Iterable[Step], moment: datetime) -> list[Step]:
    """The steps as they stood then: nothing that happened later."""
    return [_as_of(step, moment) for step in steps if _by(step.told_at, moment) is not None]


def _as_of(step: Step, moment: datetime) -> Step:
    return replace(
        step,
        read_at=_by(step.read_at, moment),
        acknowledged_at=_by(step.acknowledged_at, moment),
        acted_at=_by(step.acted_at, moment),
        moved_up_at=_by(step.moved_up_at, moment),
        cancelled_at=_by(step.cancelled_at, moment),
    )


def _by(at: datetime | None, moment: datetime) -> datetime | None:
    return at if at is not None and at <= moment else None


def without_names(steps: Iterable[Step]) -> list[Step]:
    """For readers outside the school: posts, nobody's name."""
    return [replace(step, who="") for step in steps]


def events(steps: Sequence[Step]) -> list[Event]:
    """Everything that happened, oldest first; that a rung moved up or ended is said once, not once per person."""
    found = [
        Event(at, step.name, WORDS[name], _is_late(step, name, at))
        for step in steps
        for name in HAPPENINGS[:4]
        if (at := getattr(step, name)) is not None
    ]
    for name in HAPPENINGS[4:]:
        once = {(at, step.place) for step in steps if step.is_answering and (at := getattr(step, name)) is not None}
        found += [Event(at, place, WORDS[name]) for at, place in once]
    return sorted(found, key=lambda event: (event.at, event.what, event.who))


def _is_late(step: Step, name: str, at: datetime) -> bool:
    limits = {"acknowledged_at": step.acknowledge_by, "acted_at": step.act_by}
    return step.is_answering and name in limits and at > limits[name]


def words(steps: Iterable[Step], **head: Any) -> dict[str, Any]:
    """What is signed: ids, posts and times; a name that is corrected later changes nothing of it."""
    rows = [[s.rung, s.post, s.person, s.acknowledge_by, s.act_by, *(getattr(s, n) for n in HAPPENINGS)] for s in steps]
    return {**head, "steps": rows}
