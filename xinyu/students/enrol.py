"""Writing a checked roster: a few statements of thousands of rows each, as the person who imports.

One JSON value a statement carries the rows; PostgreSQL unfolds it. COPY cannot write a table under row security.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

from xinyu.lib.collector import paused_collector
from xinyu.lib.names import search_keys
from xinyu.vault.fields import find_by, fresh_key, open_key, seal_value

from .enrol_sql import CHANGE_SQL, GUARDIAN_SQL, IDS_SQL, KEY_SQL, STUDENT_SQL
from .importers import digest
from .models import StudentKey, owner_of
from .roster import Guardian, Match, Newcomer, RosterRow

CHUNK = 5000
STUDENT = "students_student"


def run(sql: str, rows: Iterable[dict[str, Any]]) -> list[tuple]:
    """Execute `sql` with chunks of `rows` as one JSON parameter; what RETURNING gave, if anything."""
    found: list[tuple] = []
    rows = iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(rows, CHUNK)):
            cursor.execute(sql, [json.dumps(chunk, ensure_ascii=False, default=str)])
            if cursor.description:
                found += cursor.fetchall()
    return found


def pg(value: bytes | None) -> str | None:
    """Bytes as PostgreSQL reads them from text."""
    return None if value is None else "\\x" + value.hex()


def _typed(row: RosterRow, klass_id: int, id_digest: bytes | None) -> dict[str, Any]:
    pinyin, initials = search_keys(row.name)
    return {
        "klass_id": klass_id,
        "number": row.number,
        "name": row.name,
        "pinyin": pinyin[:160],
        "initials": initials[:40],
        "sex": row.sex,
        "birth_on": row.birth_on,
        "id_index": pg(id_digest),
        "national_index": pg(digest(row.registration) if row.registration else None),
    }


@paused_collector()
def insert_students(newcomers: Sequence[Newcomer], klass_ids: dict[Any, int], on: date) -> list[int]:
    """New students with keys, sealed numbers and guardians. Returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(IDS_SQL, [len(newcomers)])
        ids = [student_id for (student_id,) in cursor.fetchall()]
    students: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    guardians: list[dict[str, Any]] = []
    for student_id, new in zip(ids, newcomers, strict=True):
        key, wrapped = fresh_key(owner_of(student_id))
        keys.append({"student_id": student_id, "wrapped": pg(wrapped)})
        students.append(_new_student(student_id, new, klass_ids[new.klass.key], key, on))
        guardians += guardian_rows(student_id, key, new.row.guardians)
    run(STUDENT_SQL, students)
    run(KEY_SQL, keys)
    run(GUARDIAN_SQL, guardians)
    return ids


def _new_student(student_id: int, new: Newcomer, klass_id: int, key: bytes, on: date) -> dict[str, Any]:
    vault_id = uuid.uuid4()
    return {
        "id": student_id,
        "vault_id": vault_id,
        "enrolled_on": min(on, date(new.klass.entry_year, 9, 1)),
        "is_boarding": new.row.boarding == "boarding",
        **_typed(new.row, klass_id, new.id_digest),
        **_sealed_numbers(student_id, vault_id, new.row, key),
    }


def _sealed_numbers(student_id: int, vault_id: Any, row: RosterRow, key: bytes) -> dict[str, str | None]:
    """Columns of the numbers that the row has, sealed."""
    texts = {"id_number": row.id_number, "national_number": row.registration}
    owner = owner_of(student_id)
    return {
        field: pg(seal_value(text, key=key, owner=owner, table=STUDENT, field=field, vault_id=vault_id))
        for field, text in texts.items()
        if text
    }


def guardian_rows(
    student_id: int, key: bytes, guardians: Iterable[Guardian], first: int = 1
) -> Iterator[dict[str, Any]]:
    """Rows of GUARDIAN_SQL; `first` is the place of the first one in the student's list."""
    owner = owner_of(student_id)
    for order, guardian in enumerate(guardians, start=first):
        vault_id, phone = uuid.uuid4(), None
        if guardian.phone:
            phone = seal_value(
                guardian.phone, key=key, owner=owner, table="students_guardian", field="phone", vault_id=vault_id
            )
        yield {
            "vault_id": vault_id,
            "student_id": student_id,
            "name": guardian.name or "（未填姓名）",
            "relation": guardian.relation,
            "order": order,
            "phone": pg(phone),
            "phone_index": pg(find_by("phone", guardian.phone)) if guardian.phone else None,
        }


def keys_of(student_ids: Iterable[int]) -> dict[int, bytes]:
    """Student id → data key, of students in sight whose key is not destroyed."""
    rows = StudentKey.objects.filter(student_id__in=list(student_ids), wrapped__isnull=False)
    return {pk: open_key(owner_of(pk), wrapped) for pk, wrapped in rows.values_list("student_id", "wrapped")}


def change_students(
    matches: list[Match], klass_ids: dict[Any, int], vault_ids: dict[int, Any], keys: dict[int, bytes]
) -> int:
    """New values of students who changed or moved; returns how many rows the database let us change."""
    rows: list[dict[str, Any]] = []
    for match in matches:
        student, row = match.student, match.row
        boarding = row.boarding or student.boarding
        typed = _typed(row, klass_ids[match.klass.key], match.id_digest)
        typed |= {"id": student.id, "is_boarding": boarding == "boarding"}
        if any(change.field in ("id_number", "registration") for change in match.changes):
            typed |= _sealed_numbers(student.id, vault_ids[student.id], row, keys[student.id])
        rows.append(typed)
    return len(run(CHANGE_SQL, rows))
