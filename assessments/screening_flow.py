"""The life of a screening: 准备中 → 进行中 ⇄ 已暂停 → 已结束. Pure: facts in, Chinese refusals out."""

from dataclasses import dataclass
from datetime import datetime

DRAFT, OPEN, PAUSED, CLOSED = "draft", "open", "paused", "closed"


class ScreeningRefused(Exception):
    """A change that must not happen now. `reasons` are Chinese sentences for the person who asked."""

    def __init__(self, *reasons: str):
        super().__init__("；".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class ScreeningFacts:
    """What is true about a screening now.

    invited         sittings that have something to answer
    blocked_scales  one Chinese sentence per scale that must not be used for the chosen classes
    unapproved      why the county has to approve it and has not (overlap.py), () when it may be opened
    """

    state: str
    invited: int
    closes_at: datetime
    blocked_scales: tuple[str, ...] = ()
    unapproved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Move:
    """One move and everything a page says about it. `needs` names the conditions below."""

    name: str
    label: str
    icon: str
    sources: frozenset[str]
    target: str
    needs: tuple[str, ...] = ()
    question: str = ""

    @property
    def button(self) -> str:
        """Class of its button: what lets students in stands out."""
        return "btn-primary" if self.target == OPEN else ""


MOVES = {
    move.name: move
    for move in (
        Move(
            "open", "开始测评", "player-play", frozenset({DRAFT}), OPEN, ("people", "scales", "time", "approval"),
            "开始以后，学生可以凭作答码作答，量表不能再改。",
        ),
        Move(
            "pause", "暂停", "player-pause", frozenset({OPEN}), PAUSED, (),
            "暂停以后谁也不能进入作答，已保存的内容都会保留。",
        ),
        Move("resume", "继续", "player-play", frozenset({PAUSED}), OPEN, ("scales", "time")),
        Move(
            "close", "结束测评", "circle-check", frozenset({OPEN, PAUSED}), CLOSED, (),
            "结束以后不能再打开。还没有作答的学生记为未完成。",
        ),
    )
}  # fmt: skip


#: not a move that a page offers among others: by a leader with a reason, for good (actions.stop_screening)
STOP = Move("stop", "紧急停止", "alert-circle", frozenset({OPEN, PAUSED}), CLOSED)
LABELS = {DRAFT: "准备中", OPEN: "进行中", PAUSED: "已暂停", CLOSED: "已结束"}


def diagram() -> str:
    """Mermaid text of the table."""
    lines = ["stateDiagram-v2", f"    [*] --> {DRAFT}"]
    lines += [f'    state "{label}" as {code}' for code, label in LABELS.items()]
    for move in (*MOVES.values(), STOP):
        lines += [f"    {source} --> {move.target} : {move.label}" for source in sorted(move.sources)]
    return "\n".join([*lines, f"    {CLOSED} --> [*]"]) + "\n"


def moves_from(state: str) -> tuple[Move, ...]:
    """The moves that a page may offer in this state, in the order of the table."""
    return tuple(move for move in MOVES.values() if state in move.sources)


def refusals(name: str, facts: ScreeningFacts, now: datetime) -> tuple[str, ...]:
    """Why the move is not possible now, () when it is. Raises KeyError for a move that does not exist."""
    move = MOVES[name]
    if facts.state not in move.sources:
        return (f"当前状态不能“{move.label}”，页面可能已经过时，请刷新后再看。",)
    return tuple(reason for need in move.needs for reason in _CONDITIONS[need](facts, now))


def _people(facts: ScreeningFacts, now: datetime) -> tuple[str, ...]:
    return () if facts.invited else ("还没有生成作答名单，或名单里没有需要作答的学生。",)


def _scales(facts: ScreeningFacts, now: datetime) -> tuple[str, ...]:
    return facts.blocked_scales


def _time(facts: ScreeningFacts, now: datetime) -> tuple[str, ...]:
    return () if facts.closes_at > now else ("结束时间已经过去，请先修改测评时间。",)


def _approval(facts: ScreeningFacts, now: datetime) -> tuple[str, ...]:
    return facts.unapproved


_CONDITIONS = {"people": _people, "scales": _scales, "time": _time, "approval": _approval}
