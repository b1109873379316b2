"""重点关注尚未建档: somebody was found to need more than a talk, and no named person has decided since. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Signal:
    """An urgent flag, or a talk that ended in more than support."""

    at: datetime
    what: str


@dataclass(frozen=True)
class Talk:
    at: datetime
    outcome: str
    is_acute: bool


#: outcomes by which a named person says that no case is needed
SETTLED = frozenset({"no_concern", "watch", "support"})
SAYS = {"case": "访谈：提请定级建案", "refer": "访谈：建议就医评估"}
ACUTE = "访谈：不可独处"


def undecided(
    flags: Iterable[Signal], talks: Iterable[Talk], cases: Sequence[tuple[datetime, datetime | None]]
) -> Signal | None:
    """The oldest signal of one student that is still waiting; None when a case is open or was opened since, or a later
    talk settled it. `cases`: (opened, closed) of each.
    """
    if any(closed is None for _, closed in cases):
        return None
    talks = list(talks)
    begun = max((opened for opened, _ in cases), default=None)
    settled = max((talk.at for talk in talks if talk.outcome in SETTLED and not talk.is_acute), default=None)
    signals = [*flags, *(Signal(talk.at, _said(talk)) for talk in talks if talk.is_acute or talk.outcome in SAYS)]
    waiting = [
        signal
        for signal in signals
        if (begun is None or signal.at > begun) and (settled is None or signal.at > settled)
    ]
    return min(waiting, key=lambda signal: signal.at, default=None)


def _said(talk: Talk) -> str:
    return ACUTE if talk.is_acute else SAYS[talk.outcome]
