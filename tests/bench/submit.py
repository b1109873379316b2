"""Handing in: our action in one process, our statement in one connection, and pgbench with the same statement."""

import os
import re
import shutil
import subprocess
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
from django.db import connection as django_connection
from django.utils import timezone

from assessments.actions.answering import scored_ending, submit_sitting
from assessments.answer_vault import seal_answers
from assessments.answers import Page, Sheet
from assessments.models import Sitting
from assessments.queries.answering import desk
from assessments.submit_sql import finish_statement
from tests.bench.measure import line, timed
from tests.bench.world import ITEMS
from xinyu.access.actor import acting_as
from xinyu.ops import binaries

AS_SITTING = "SELECT set_config('role', 'xinyu_sitting', true), set_config('app.actor', 'sitting:{id}', true)"
SITTING = 987654321


def measure(ids: list[int], url: str, folder: Path) -> dict[str, Any]:
    """`ids`: sittings that have begun; a third each for the action, for our statement, for pgbench."""
    third = len(ids) // 3
    action = timed(lambda: [_hand_in(pk) for pk in ids[:third]])
    template = _statement(ids[third])
    ours = timed(lambda: _ours(url, template, ids[third : 2 * third]))
    rate, cpu = third / ours.seconds, ours.cpu_ms / third
    limit = _pgbench(url, template, ids[2 * third : 3 * third], folder)
    with acting_as("system:statistics"):
        done = Sitting.objects.filter(pk__in=ids[: 3 * third], state="finished").count()
    assert done == (3 if limit else 2) * third, f"{done} of {3 * third} sittings are finished"
    return {
        "submit_sql": line(rate, limit, "submits/s", cpu_ms=round(cpu, 3), limit_is="pgbench, same statement"),
        "submit_action": line(
            third / action.seconds, limit, "submits/s", cpu_ms=round(action.cpu_ms / third, 3),
            limit_is="pgbench, same statement; ours reads, checks, scores, seals and writes",
        ),
    }  # fmt: skip


def _page() -> Page:
    return Page("BENCH-100", 1, Sheet(tuple(n % 2 for n in range(ITEMS)), 240.0))


def _hand_in(pk: int) -> None:
    with acting_as(f"sitting:{pk}"):
        submit_sitting(desk(pk), _page(), uuid.uuid4())


def _statement(pk: int) -> str:
    """The statement that the action sends, every value in place; the sitting's id is a number that stands out."""
    with acting_as(f"sitting:{pk}"):
        at = desk(pk)
        sheets = {"BENCH-100": _page().sheet}
        ending = scored_ending(at, sheets, at.battery, title="完成《测量》")
        sealed = seal_answers(sheets, sitting_id=pk, screening_id=at.screening_id, wrapped=at.wrapped)
        statement, values = finish_statement(ending)
    values |= {"answers": sealed, "sitting": SITTING, "revision": 1, "receipt": "0" * 12, "on": timezone.localdate()}
    values |= {"key": None, "actor": f"sitting:{SITTING}"}
    with django_connection.cursor() as cursor:
        text = cursor.mogrify(statement, values).decode()
    return re.sub(r"\s+", " ", text)


def _ours(url: str, template: str, ids: list[int]) -> None:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        for pk in ids:
            cursor.execute(AS_SITTING.format(id=pk))
            cursor.execute(template.replace(str(SITTING), str(pk)))
            assert cursor.fetchone() == (1,)
            connection.commit()


def _pgbench(url: str, template: str, ids: list[int], folder: Path) -> float | None:
    """Transactions a second of one client. pgbench counts through the ids itself; they follow one another."""
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    script = folder / "submit.sql"
    variable = template.replace(f"'sitting:{SITTING}'", "'sitting:' || :id").replace(str(SITTING), ":id")
    actor = AS_SITTING.replace("'sitting:{id}'", "'sitting:' || :id")
    script.write_text(f"\\set n :n + 1\n\\set id {ids[0] - 1} + :n\nBEGIN;\n{actor};\n{variable};\nCOMMIT;\n")
    parts = urlsplit(url)
    program = _program()
    if program is None:
        return None
    done = subprocess.run(
        [str(program), "-n", "-c", "1", "-t", str(len(ids)), "-D", "n=0", "-f", str(script), parts.path[1:]],
        env=os.environ | {
            "PGHOST": parts.hostname or "", "PGPORT": str(parts.port or 5432), "PGUSER": parts.username or "",
            "PGPASSWORD": unquote(parts.password or ""),
        }, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return float(re.search(r"tps = ([\d.]+) \(without initial", done.stdout).group(1))  # type: ignore[union-attr]


def _program() -> Path | None:
    """pgbench of the newest server here; wheels bring none."""
    places = [*(folder / "pgbench" for folder in binaries.postgres_folders()), Path(shutil.which("pgbench") or "/-")]
    return next((path for path in places if path.exists()), None)
