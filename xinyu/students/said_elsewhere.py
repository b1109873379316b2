"""What guardians of students in sight decided at an earlier school: a no holds wherever the student goes.

A decision stays the row of the school that took it down. The counselor of the new school reads no paper of the old one,
and learns from here only who said what and when, of students that her own post covers.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from xinyu.access.actor import current_user_id
from xinyu.access.sql import OWNER, STAFF

_FUNCTION = "access_said_elsewhere(bigint[], text)"
SAID_SQL = [
    """CREATE OR REPLACE FUNCTION access_said_elsewhere(wanted bigint[], about text) RETURNS TABLE (student bigint,
  guardian bigint, said text, is_verified boolean, at timestamptz, notice text, school bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT d.student_id, d.guardian_id, d.decision::text, d.is_verified, d.decided_at,
      d.notice_version::text, d.school_id
    FROM students_guardiandecision AS d JOIN students_student AS s ON s.id = d.student_id
    WHERE d.student_id = ANY (wanted) AND d.purpose = about AND d.school_id <> s.school_id
      AND s.school_id = ANY (access_schools('{counselor,principal}'))
    ORDER BY d.decided_at, d.id;
END $$""",  # noqa: S608 - constant text
    f"ALTER FUNCTION {_FUNCTION} OWNER TO {OWNER}",
    f"REVOKE ALL ON FUNCTION {_FUNCTION} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_FUNCTION} TO {STAFF}",
]


def said_elsewhere(
    students: Iterable[int], purpose: str
) -> list[tuple[int, int | None, str, bool, datetime, str, int]]:
    """[(student, guardian, decision, is verified, when, notice, school)]; [] for a job, which sees every row anyway."""
    if current_user_id() is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_said_elsewhere(%s, %s)", [list(students), purpose])
        return cursor.fetchall()
