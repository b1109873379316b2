"""An acute talk whose level nobody has confirmed: who is asked, and by when. Pure.

The person who held the talk is asked at once; after ten minutes the other counselors, then a leader, then the
principal, as for red (crisis/data/levels: respond_minutes 10). Real time, weekends included: a
student is not alone meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: 本区设定: minutes between two rungs
STEP = timedelta(minutes=10)
#: rung -> role that stands there
RUNGS = {"talker": "counselor", "deputy": "counselor", "vice_principal": "vice_principal", "principal": "principal"}


@dataclass(frozen=True)
class Call:
    """`person` is asked at `at` and should have seen to it by `due_at`."""

    rung: str
    person: int
    at: datetime
    due_at: datetime


def plan(held_at: datetime, by: int, people: Mapping[str, Sequence[int]]) -> list[Call]:
    """Every call that the talk leads to while its level is not confirmed, in time order; nobody is asked twice.

    people: role → ids of the people who hold it at the school and are there. A rung without anybody costs no time.
    Whoever held the talk and has gone home meanwhile is passed over: `by` counts only while among the counselors.
    """
    asked: set[int] = set()
    calls: list[Call] = []
    at = held_at
    for rung, role in RUNGS.items():
        there = [one for one in people.get(role, ()) if one not in asked and (rung != "talker" or one == by)]
        if there:
            calls += [Call(rung, one, at, at + STEP) for one in there]
            asked |= set(there)
            at += STEP
    return calls


def due_calls(calls: Sequence[Call], now: datetime) -> list[Call]:
    """Those whose time has come."""
    return [call for call in calls if call.at <= now]
