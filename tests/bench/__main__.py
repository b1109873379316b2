"""`make bench`: every measurement in a database of its own; one JSON object on standard output, the rest on error."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

NAME = "xinyu_bench"
#: rows of the roster; 100,000 with SIZE=large
ROWS = {"normal": 20_000, "large": 100_000}
STUDENTS = 60_000
SUBMITS, COMPLETIONS = 1_200, 250


def say(sentence: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


def main() -> int:
    """Django starts only when its addresses point at the bench's database."""
    from tests import databases

    name = f"{NAME}_{os.getpid()}"
    say("a fresh database")
    env = databases.make(name)
    os.environ.update(env | {"XINYU_PROCESS": "tests", "XINYU_DEMO": "1"})
    try:
        report = measure_all(env, name)
    finally:
        from django.db import connections

        connections.close_all()
        databases.drop(name)
    json.dump(report, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def measure_all(env: dict[str, str], name: str) -> dict:
    import logging

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinyu.settings")
    django.setup()
    logging.getLogger().setLevel(logging.WARNING)
    from tests.bench import completion, lists, pdf, roster, scoring, submit, world

    tests, rows = env["XINYU_DATABASE_TESTS"], ROWS.get(os.environ.get("SIZE", "normal"), ROWS["normal"])
    here, report = world.build(), {}
    with tempfile.TemporaryDirectory(prefix="xinyu-bench-") as folder:
        say(f"importing {rows} students")
        report["roster_import"] = roster.measure(here, rows)
        say("scoring")
        report |= scoring.measure()
        say("preparing sittings")
        seats = world.prepare_sittings(here, SUBMITS + COMPLETIONS)
        say("submitting")
        report |= submit.measure(world.begin(seats.ids[:SUBMITS]), tests, Path(folder))
        say("completions over HTTP")
        report["completion_http"] = completion.run(env, Path(folder), name, seats.codes[SUBMITS:])
        say(f"lists over {STUDENTS} students")
        lists.fill(here, env["XINYU_DATABASE_OWNER"], STUDENTS)
        report["lists"] = lists.measure(here, tests, name, seats.klass_id, seats.screening_id)
        say("PDF")
        report |= pdf.measure()
    return report


if __name__ == "__main__":
    sys.exit(main())
