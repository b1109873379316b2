"""Writing a checked roster: a few statements of thousands of rows each, as the person who imports.

One JSON value a statement carries the rows; PostgreSQL unfolds it. COPY cannot write a table under row security.
"""

import base64
import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

from xinyu.lib.names import search_keys
from xinyu.vault.fields import find_by, fresh_key, open_key, seal_value

from .importers import digest
from .models import StudentKey, owner_of
from .roster import Guardian, Match, Newcomer, RosterRow

CHUNK = 5000
STUDENT = "students_student"
NEW_SQL = """INSERT INTO students_student (vault_id, klass_id, number, name, pinyin, initials, sex, birth_on,
  is_boarding, enrolled_on, id_index, national_index)
SELECT vault_id, klass_id, number, name, pinyin, initials, sex, birth_on, is_boarding, enrolled_on,
  decode(id_index, 'base64'), decode(national_index, 'base64')
FROM json_to_recordset(%s::json) AS r(vault_id uuid, klass_id bigint, number text, name text, pinyin text,
  initials text, sex text, birth_on date, is_boarding boolean, enrolled_on date, id_index text, national_index text)
RETURNING id, number"""
KEY_SQL = """INSERT INTO students_studentkey (student_id, wrapped)
SELECT student_id, decode(wrapped, 'base64') FROM json_to_recordset(%s::json) AS r(student_id bigint, wrapped text)"""
SEALED_SQL = """UPDATE students_student AS s SET id_number = coalesce(decode(r.id_number, 'base64'), s.id_number),
  national_number = coalesce(decode(r.national_number, 'base64'), s.national_number)
FROM json_to_recordset(%s::json) AS r(id bigint, id_number text, national_number text) WHERE s.id = r.id"""
GUARDIAN_SQL = """INSERT INTO students_guardian (vault_id, student_id, name, relation, "order", phone, phone_index)
SELECT vault_id, student_id, name, relation, "order", decode(phone, 'base64'), decode(phone_index, 'base64')
FROM json_to_recordset(%s::json) AS r(vault_id uuid, student_id bigint, name text, relation text, "order" smallint,
  phone text, phone_index text) RETURNING id"""
CHANGE_SQL = """UPDATE students_student AS s SET klass_id = r.klass_id, number = r.number, name = r.name,
  pinyin = r.pinyin, initials = r.initials, sex = r.sex, birth_on = coalesce(r.birth_on, s.birth_on),
  is_boarding = r.is_boarding,
  left_on = NULL, id_index = coalesce(decode(r.id_index, 'base64'), s.id_index),
  national_index = coalesce(decode(r.national_index, 'base64'), s.national_index)
FROM json_to_recordset(%s::json) AS r(id bigint, klass_id bigint, number text, name text, pinyin text, initials text,
  sex text, birth_on date, is_boarding boolean, id_index text, national_index text)
WHERE s.id = r.id RETURNING s.id"""


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


def b64(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


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
        "id_index": b64(id_digest),
        "national_index": b64(digest(row.registration) if row.registration else None),
    }


def insert_students(newcomers: Iterable[Newcomer], klass_ids: dict[Any, int], on: date) -> list[int]:
    """New students with keys, sealed numbers and guardians. Returns their ids."""
    rows, by_number = [], {}
    for new in newcomers:
        vault_id = uuid.uuid4()
        by_number[new.row.number] = (new.row, vault_id)
        enrolled_on = min(on, date(new.klass.entry_year, 9, 1))
        typed = _typed(new.row, klass_ids[new.klass.key], new.id_digest)
        rows.append(
            typed | {"vault_id": vault_id, "enrolled_on": enrolled_on, "is_boarding": new.row.boarding == "boarding"}
        )
    keys: list[dict[str, Any]] = []
    sealed: list[dict[str, Any]] = []
    guardians: list[dict[str, Any]] = []
    ids: list[int] = []
    for student_id, number in run(NEW_SQL, rows):
        row, vault_id = by_number[number]
        key, wrapped = fresh_key(owner_of(student_id))
        ids.append(student_id)
        keys.append({"student_id": student_id, "wrapped": b64(wrapped)})
        sealed += _sealed_numbers(student_id, vault_id, row, key)
        guardians += guardian_rows(student_id, key, row.guardians)
    run(KEY_SQL, keys)
    run(SEALED_SQL, sealed)
    run(GUARDIAN_SQL, guardians)
    return ids


def _sealed_numbers(student_id: int, vault_id: Any, row: RosterRow, key: bytes) -> Iterator[dict[str, Any]]:
    if not (row.id_number or row.registration):
        return
    owner = owner_of(student_id)

    def value(field: str, text: str) -> str | None:
        if not text:
            return None
        return b64(seal_value(text, key=key, owner=owner, table=STUDENT, field=field, vault_id=vault_id))

    yield {
        "id": student_id,
        "id_number": value("id_number", row.id_number),
        "national_number": value("national_number", row.registration),
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
            "phone": b64(phone),
            "phone_index": b64(find_by("phone", guardian.phone)) if guardian.phone else None,
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
    sealed: list[dict[str, Any]] = []
    for match in matches:
        student, row = match.student, match.row
        boarding = row.boarding or student.boarding
        typed = _typed(row, klass_ids[match.klass.key], match.id_digest)
        rows.append(typed | {"id": student.id, "is_boarding": boarding == "boarding"})
        if any(change.field in ("id_number", "registration") for change in match.changes):
            sealed += _sealed_numbers(student.id, vault_ids[student.id], row, keys[student.id])
    changed = run(CHANGE_SQL, rows)
    run(SEALED_SQL, sealed)
    return len(changed)
