"""`python -m tests.load.surge [STUDENTS]`: a school behind one address signs in, answers and hands in; JSON on stdout.

On loopback against web processes, a database and a Redis of its own; everything ends by pid. The clients share the two
cores with the platform, so that the figures are what the platform does with half a machine.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from tests import databases
from tests.bench.measure import cpu_ms, session_pids
from tests.faults.own_postgres import told
from tests.load.compare import differences
from tests.load.student import ITEMS, Ledger, Student
from tests.stories.stage import Stage, wait_until
from xinyu.ops import ports
from xinyu.ops.children import end_all
from xinyu.ops.run import WEB_THREADS, WEB_WORKERS

#: seconds: signing in, answering, handing in
SIGN_IN, ANSWER, HAND_IN = 180.0, 120.0, 60.0
SAVES = 5
SAVE_P99, SUBMIT_P99 = 0.5, 2.0


def say(sentence: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


def percentile(times: list[float], share: float) -> float:
    """Seconds that `share` of the requests did not exceed; 0 for none."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] if times else 0.0


class Crowd:
    """Everybody's moments, drawn once: a dice decides when each comes, saves and hands in."""

    def __init__(self, port: int, codes: dict[int, str], scale: float):
        self.ledger, self.scale, dice = Ledger(), scale, Random(1)  # noqa: S311 - a plan, not a secret
        self.students = [Student(port, sitting, code, self.ledger) for sitting, code in codes.items()]
        self.plan = [
            (
                dice.uniform(0, SIGN_IN),
                [dice.uniform(0, ANSWER / SAVES) for _ in range(SAVES)],
                dice.uniform(0, HAND_IN),
            )
            for _ in self.students
        ]

    async def each(self, work, moments: list[float]) -> None:
        begun = asyncio.get_running_loop().time()

        async def one(student: Student, moment: float) -> None:
            await asyncio.sleep(max(0.0, begun + moment * self.scale - asyncio.get_running_loop().time()))
            await work(student)

        await asyncio.gather(*(one(*pair) for pair in zip(self.students, moments, strict=True)))

    async def sign_in(self) -> None:
        await self.each(Student.come_in, [come for come, _, _ in self.plan])

    async def answer(self) -> None:
        """Round by round, so that at each moment everybody is about as far."""
        for n in range(SAVES):
            up_to = ITEMS * (n + 1) // (SAVES + 1)
            await self.each(lambda student, up_to=up_to: student.save(up_to), [saves[n] for _, saves, _ in self.plan])

    async def hand_in(self) -> None:
        await self.each(Student.hand_in, [hand for _, _, hand in self.plan])
        for student in self.students:
            student.hang_up()


def clocks(stage: Stage) -> tuple[float, float, float]:
    """(wall seconds, CPU ms of the web processes, CPU ms of the database's sessions)."""
    leader = stage.children["web"].process
    backends = [pid for (pid,) in stage.ask("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")]
    return time.monotonic(), cpu_ms(session_pids(leader.pid if leader else 0)), cpu_ms(backends)


def surge(stage: Stage, codes: dict[int, str], scale: float) -> dict[str, Any]:
    crowd, phases = Crowd(stage.port, codes, scale), {}

    async def all_phases() -> None:
        for name in ("sign_in", "answer", "hand_in"):
            say(name)
            before = clocks(stage)
            await getattr(crowd, name)()
            wall, web, database = (b - a for a, b in zip(before, clocks(stage), strict=True))
            phases[name] = {
                "seconds": round(wall, 1),
                "web_cpu_ms_each": round(web / len(codes), 2),
                "database_cpu_ms_each": round(database / len(codes), 2),
            }

    asyncio.run(all_phases())
    return report(crowd.ledger, phases, told(stage.env, "tests.load.stored"))


def report(ledger: Ledger, phases: dict[str, Any], stored: dict[int, dict[str, Any]]) -> dict[str, Any]:
    found = differences(ledger, stored)
    p99 = {kind: round(percentile(times, 0.99), 3) for kind, times in ledger.times.items()}
    return {
        "students": len(stored), "handed_in": len(ledger.receipts), "lost_double_or_half": len(found),
        "first_differences": found[:5], "had_to_repeat": ledger.repeats, "phases": phases,
        "why": [pair for pair in ledger.why.most_common(5) if pair[1]],
        "requests": {kind: len(times) for kind, times in ledger.times.items()}, "p99_s": p99,
        "p50_s": {kind: round(percentile(times, 0.5), 3) for kind, times in ledger.times.items()},
        "web_cpu_ms_each": round(sum(phase["web_cpu_ms_each"] for phase in phases.values()), 2),
        "holds": not found and len(ledger.receipts) == len(stored)
        and p99.get("save", 9) <= SAVE_P99 and p99.get("submit", 9) <= SUBMIT_P99,
        "load_average": [round(one, 1) for one in os.getloadavg()],
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.surge")
    parser.add_argument("students", nargs="?", type=int, default=3000)
    parser.add_argument("--faster", type=float, default=1.0, help="divide all times, for a try-out")
    chosen = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    name = f"xinyu_surge_{os.getpid()}"
    say("a fresh database")
    env = databases.make(name) | {"XINYU_DEMO": "1", "DEBUG": "0", "PYTHONDONTWRITEBYTECODE": ""}
    try:
        with tempfile.TemporaryDirectory(prefix="xinyu-surge-") as folder:
            stage = Stage(name, Path(folder), env=env)
            say(f"{chosen.students} students are invited")
            codes = told(env, "tests.load.world", str(chosen.students))
            try:
                stage.start_redis()
                stage.port = ports.any_free()
                stage.start_web("web", stage.port, workers=WEB_WORKERS, threads=WEB_THREADS)
                wait_until(lambda: ports.is_answering(stage.port) or stage.fallen("web"), "the web processes answer")
                result = surge(stage, codes, 1 / chosen.faster)
            finally:
                end_all(list(stage.children.values()))
    finally:
        databases.drop(name)
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0 if result["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
