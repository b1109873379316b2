"""record() and record_view(): one row per change, one row per student looked at, in the caller's transaction."""

import json
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from django.db import connection

from xinyu.access import actor as acting

#: id of the web request that the entry belongs to; set by middleware, empty in tasks
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Plain INSERT without RETURNING: the writer need not be allowed to read the log.
ENTRY_SQL = """INSERT INTO audit_auditentry (actor, verb, subject, student_id, school_id, request_id, detail, city_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, coalesce(
  (SELECT city_id FROM organisations_school WHERE id = %s),
  (SELECT min(id) FROM organisations_city)))"""
# One statement for a whole list: the history middleware rewrites execute() and trips over executemany().
VIEW_SQL = """INSERT INTO audit_accessentry (user_id, actor, what, purpose, request_id, student_id, school_id)
SELECT %s, %s, %s, %s, %s, shown.student, shown.school
FROM unnest(%s::bigint[], %s::bigint[]) AS shown(student, school)"""


def subject_name(subject: Any) -> str:
    """'crisis_case:12' for a model instance; a string is taken as it is."""
    return subject if isinstance(subject, str) else f"{subject._meta.db_table}:{subject.pk}"


def record(
    verb: str, *, subject: Any, student_id: int | None = None, school_id: int | None = None, detail: dict | None = None
) -> None:
    """Add one audit entry in the name of the current actor. `detail`: codes, counts and hashes, no text of a note.

    `student_id` and `school_id` default to the subject's own columns. Raises NoActorError when nobody acts.
    """
    name = acting.current()
    if not name:
        raise acting.NoActorError(f"audit entry {verb!r} without an actor")
    student_id = student_id if student_id is not None else getattr(subject, "student_id", None)
    school_id = school_id if school_id is not None else getattr(subject, "school_id", None)
    values = [
        name,
        verb,
        subject_name(subject),
        student_id,
        school_id,
        request_id.get(),
        json.dumps(detail or {}, ensure_ascii=False),
    ]
    with connection.cursor() as cursor:
        cursor.execute(ENTRY_SQL, [*values, school_id])


def record_view(students: Iterable[Any], what: str, *, purpose: str = "") -> None:
    """Add one access entry per student shown (objects with `pk` and `school_id`). Only staff looks are recorded."""
    user_id = acting.current_user_id()
    if user_id is None:
        return
    shown = list(students)
    values: list[Any] = [user_id, acting.current(), what, purpose, request_id.get()]
    with connection.cursor() as cursor:
        cursor.execute(VIEW_SQL, [*values, [s.pk for s in shown], [s.school_id for s in shown]])
