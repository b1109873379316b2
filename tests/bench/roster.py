"""Roster import beside the least that any import must do: inflate the file and COPY the rows."""

import io
import zipfile
from typing import Any

from django.db import connection
from django.utils import timezone
from openpyxl import Workbook

from tests.bench.measure import cpu_ms, line, timed
from tests.bench.world import HEADER, roster_rows
from tests.cast import World
from xinyu.access.actor import acting_as
from xinyu.lib.spreadsheets import read_workbook
from xinyu.students.actions import import_roster
from xinyu.students.importers import read_roster
from xinyu.vault import envelope
from xinyu.vault.fields import new_key
from xinyu.vault.keys import master, suite


def workbook(rows: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("学生名册")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def inflate_and_copy(data: bytes, text: str) -> None:
    """`text`: the rows as COPY wants them, made before the clock starts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            archive.read(name)
    columns = ", ".join(f"c{n} text" for n in range(len(HEADER)))
    with acting_as("system:demo"), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bench_rows ({columns}) ON COMMIT DROP")
        cursor.copy_expert("COPY bench_rows FROM STDIN", io.StringIO(text))


def database_cpu() -> float:
    """CPU of this connection's backend so far; 0 where the server is another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cpu_ms([cursor.fetchone()[0]])


def encrypting(count: int) -> None:
    """One data key a student and three sealed values, as the import makes them."""
    for n in range(count):
        wrapped = new_key(f"student:{n}")
        key = envelope.unwrap(master(), wrapped, f"student:{n}")
        for column in (b"id_number", b"phone"):
            envelope.seal(key, b"990000201301010000", column, suite())


def measure(world: World, count: int) -> dict[str, Any]:
    """Writes the students that the other measurements use."""
    today = timezone.localdate()
    rows = roster_rows(count, today)
    data, text = workbook(rows), "\n".join("\t".join(map(str, row)) for row in rows[1:]) + "\n"
    limit = min(timed(lambda: inflate_and_copy(data, text)).seconds for _ in range(3))
    reading_file = timed(lambda: read_workbook(data, "名册.xlsx"))
    with acting_as(world.counselor):
        reading = timed(lambda: read_roster(world.school, data, "名册.xlsx", on=today, creates_klasses=True))
        counts = reading.result.counts

    def write() -> None:  # with its COMMIT, where foreign keys are checked and the log is linked
        with acting_as(world.counselor):
            import_roster(reading.result, data, "名册.xlsx", actor=world.counselor)

    before = database_cpu()
    writing = timed(write)
    working = database_cpu() - before
    assert counts["new"] == count, counts
    ciphers = timed(lambda: encrypting(count // 10))
    ours, sealing = reading.seconds + writing.seconds, ciphers.seconds * 10
    return line(
        ours, limit, "s", rows=count, file_bytes=len(data), cpu_ms=round(reading.cpu_ms + writing.cpu_ms),
        read_s=round(reading_file.seconds, 3), preview_s=round(reading.seconds, 3), write_s=round(writing.seconds, 3),
        database_cpu_ms=round(working), encryption_s=round(sealing, 3),
        ratio_before_encryption=round((ours - sealing) / limit, 2),
        limit_is="inflate + COPY of the same rows",
    )  # fmt: skip
