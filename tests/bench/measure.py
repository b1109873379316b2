"""Clocks: wall time, our own CPU, the CPU of other processes from /proc, and the shape of a reported line."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

TICK = os.sysconf("SC_CLK_TCK")


class Timed(NamedTuple):
    """`seconds` of wall time and milliseconds of this process's CPU."""

    result: Any
    seconds: float
    cpu_ms: float


def timed(work: Callable[[], Any]) -> Timed:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return Timed(result, time.perf_counter() - wall, (time.process_time() - cpu) * 1000)


def median_ms(work: Callable[[], Any], times: int) -> float:
    """Median wall time of one call in milliseconds, after one call that warms up."""
    work()
    return median(timed(work).seconds for _ in range(times)) * 1000


def cpu_ms(pids: Iterable[int]) -> float:
    """User and system time so far of these processes, in milliseconds; one that is gone counts nothing."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks * 1000 / TICK


def session_pids(leader: int) -> list[int]:
    """Processes of the session that `leader` began: a server and its workers."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            found.append(int(stat.parent.name))
    return found


def line(ours: float, limit: float | None, unit: str, **more: Any) -> dict[str, Any]:
    """One key of the report. `ratio` is ours over the limit: for times lower is better, for rates higher.

    `limit` None: it could not be measured on this machine.
    """
    ratio = round(ours / limit, 3) if limit else None
    return {"ours": round(ours, 3), "limit": limit and round(limit, 3), "ratio": ratio, "unit": unit} | more
