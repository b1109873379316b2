"""`python -m tests.faults.timing`: how late a rung opens, with worker and beat, and with Redis gone and watch alone.

Sweeps every 20 seconds, as installed. Deadlines lie a few seconds apart; late is when the next rung was written, less
the deadline before. Prints one line each: seconds at best, in the middle, at worst.
"""

import os
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests import databases

NAME, CASES, BETWEEN = "xinyu_timing", 8, 7


def main() -> None:
    env = databases.make(NAME)
    os.environ |= env | {"XINYU_PROCESS": "tests"}
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinyu.settings")
    django.setup()
    from django.db import connection

    from tests.faults.clock_run import ClockRun
    from tests.faults.ground import Ground

    with tempfile.TemporaryDirectory() as root, Ground(NAME, Path(root)) as ground:
        ground.env |= {"XINYU_SWEEP_SECONDS": "20"}
        run = ClockRun(ground, 2)
        ground.start_redis()
        ground.start_worker()
        ground.start_beat("beat")
        ground.start_watch()
        time.sleep(40)  # everybody has swept once
        say("worker and beat", measure(run))
        ground.kill("redis")
        say("Redis gone, watch", measure(run))
        connection.close()  # a database in use is not dropped


def measure(run) -> list[float]:
    """Seconds between each deadline of a fresh wave and the next rung's row."""
    from django.utils import timezone

    from crisis.models import ChainStep
    from xinyu.access.actor import acting_as

    number, start = run.begin(), timezone.now() + timedelta(seconds=5)
    deadlines = {case.pk: start + timedelta(seconds=BETWEEN * n) for n, case in enumerate(run.waves[number])}
    with acting_as("system:demo"):
        for case_id, at in deadlines.items():
            ChainStep.objects.filter(case=case_id).update(acknowledge_by=at)
    until = time.monotonic() + BETWEEN * CASES + 150
    found: dict[int, float] = {}
    while len(found) < len(deadlines) and time.monotonic() < until:
        time.sleep(1)
        with acting_as("system:demo"):
            rows = ChainStep.objects.filter(case__in=deadlines, rung=1).values_list("case_id", "told_at")
            found = {case_id: (told - deadlines[case_id]).total_seconds() for case_id, told in rows}
    assert len(found) == len(deadlines), f"only {len(found)} of {len(deadlines)} moved up"
    return sorted(found.values())


def say(what: str, late: list[float]) -> None:
    print(
        f"{what}: {late[0]:.1f} / {statistics.median(late):.1f} / {late[-1]:.1f} s late ({len(late)} rungs)", flush=True
    )


if __name__ == "__main__":
    main()
