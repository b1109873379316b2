"""Coverage: sittings counted per screening × grade. Tickets say what to count again; each night all is compared."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from xinyu.audit.entries import record
from xinyu.organisations.choices import GRADE_NAMES

#: one counter at a time: an older count must not overwrite a newer one
LOCK = 6_120_357
#: tickets eaten in one statement, so that a first run after a long stop stays short
TICKETS = 5000
COLUMNS = "screening_id, grade_id, title, opens_on, grade_name, invited, started, finished, exempt"


def _grade_name_sql() -> str:
    """The everyday name of a grade (g) on the opening day, from the same table of names that the pages use."""
    quoted = {stage: ", ".join(f"'{name}'" for name in names) for stage, names in GRADE_NAMES.items()}
    cases = " ".join(f"WHEN '{stage}' THEN (ARRAY[{names}])[study]" for stage, names in quoted.items())
    return f"coalesce(CASE stage {cases} END, entry_year::text || '级')"


#: `{which}` limits the screenings; one row per screening × grade, counted from the sittings. Students chosen by name
#: stay with their counselor: a handful of them, or the difference that they make, would tell of single children
COUNT = f"""
SELECT school_id, {COLUMNS} FROM (
  SELECT school_id, screening_id, grade_id, title, opens_on, {_grade_name_sql()} AS grade_name,
    invited, started, finished, exempt
  FROM (
    SELECT t.school_id, t.screening_id, t.grade_id, s.title, g.stage, g.entry_year,
      (s.opens_at AT TIME ZONE 'Asia/Shanghai')::date AS opens_on,
      (extract(year FROM s.opens_at AT TIME ZONE 'Asia/Shanghai')
        - (extract(month FROM s.opens_at AT TIME ZONE 'Asia/Shanghai') < 9)::int - g.entry_year + 1)::int AS study,
      count(*) AS invited, count(*) FILTER (WHERE t.state = 'started') AS started,
      count(*) FILTER (WHERE t.state = 'finished') AS finished, count(*) FILTER (WHERE t.state = 'exempt') AS exempt
    FROM assessments_sitting t
    JOIN assessments_screening s ON s.id = t.screening_id
    JOIN organisations_grade g ON g.id = t.grade_id
    WHERE s.is_listed AND NOT EXISTS (SELECT FROM assessments_screeningperson p
      WHERE p.screening_id = t.screening_id AND p.student_id = t.student_id) AND {{which}}
    GROUP BY t.school_id, t.screening_id, t.grade_id, s.title, s.opens_at, g.stage, g.entry_year
  ) AS counted
) AS named"""  # noqa: S608 - names of constant tables
STORE = f"""INSERT INTO dashboard_coverage (school_id, {COLUMNS}, counted_at)
SELECT school_id, {COLUMNS}, clock_timestamp() FROM ({{count}}) AS found
ON CONFLICT (screening_id, grade_id) DO UPDATE SET title = EXCLUDED.title, opens_on = EXCLUDED.opens_on,
  grade_name = EXCLUDED.grade_name, invited = EXCLUDED.invited, started = EXCLUDED.started,
  finished = EXCLUDED.finished, exempt = EXCLUDED.exempt, counted_at = EXCLUDED.counted_at"""  # noqa: S608
EAT = """WITH eaten AS (DELETE FROM assessments_coverageticket WHERE id IN (
  SELECT id FROM assessments_coverageticket ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING screening_id)
SELECT DISTINCT screening_id FROM eaten"""
GONE = f"""DELETE FROM dashboard_coverage c WHERE NOT EXISTS (SELECT FROM assessments_sitting t
WHERE t.screening_id = c.screening_id AND t.grade_id = c.grade_id){{which}}"""  # noqa: S608, F541
COMPARE = f"""SELECT count(*) FROM (
  (SELECT school_id, {COLUMNS} FROM ({COUNT.format(which="true")}) AS fresh EXCEPT ALL
   SELECT school_id, {COLUMNS} FROM dashboard_coverage)
  UNION ALL
  (SELECT school_id, {COLUMNS} FROM dashboard_coverage EXCEPT ALL
   SELECT school_id, {COLUMNS} FROM ({COUNT.format(which="true")}) AS fresh)) AS differing"""  # noqa: S608


@dataclass(frozen=True)
class Recount:
    """Rows that differed from a count from zero, and rows stored afterwards."""

    differing: int
    rows: int


def _ask(cursor: Any, query: str, *values: object) -> list[tuple]:
    cursor.execute(query, values)
    return cursor.fetchall()


def count_dirty() -> int:
    """Eat tickets and count their screenings again; how many screenings. Call as system:statistics.

    The lock is asked for in a statement of its own, so the next one sees whatever the last counter has committed.
    """
    with connection.cursor() as cursor:
        if not _ask(cursor, "SELECT pg_try_advisory_xact_lock(%s)", LOCK)[0][0]:
            return 0
        dirty = [row[0] for row in _ask(cursor, EAT, TICKETS)]
        if dirty:
            cursor.execute(STORE.format(count=COUNT.format(which="t.screening_id = ANY (%s)")), [dirty])
            cursor.execute(GONE.format(which=" AND c.screening_id = ANY (%s)"), [dirty])
        return len(dirty)


def recount_everything() -> Recount:
    """Count from zero, say how many rows were wrong, and put them right. Call as system:statistics."""
    with connection.cursor() as cursor:
        _ask(cursor, "SELECT 1 FROM (SELECT pg_advisory_xact_lock(%s)) AS held", LOCK)
        differing = _ask(cursor, COMPARE)[0][0]
        if differing:
            cursor.execute(STORE.format(count=COUNT.format(which="true")))
            cursor.execute(GONE.format(which=""))
        rows = _ask(cursor, "SELECT count(*) FROM dashboard_coverage")[0][0]
    if differing:
        record("dashboard.recount_coverage", subject="dashboard_coverage", detail={"differing": differing})
    return Recount(differing, rows)
