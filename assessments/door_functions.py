"""What somebody at the door of a sitting may ask the database: an id, a word, a time, never a row.

Definer functions of the owner, whose own policy lets it see. The ones about a screening answer only for the sitting
that acts, so that knowing an id opens nothing.
"""

from assessments.door_guard import GUARD_SQL
from xinyu.access.sql import only_for

_HEAD = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"

FIND = f"""CREATE OR REPLACE FUNCTION door_sitting(index bytea) RETURNS bigint {_HEAD}
BEGIN
  RETURN coalesce((SELECT id FROM assessments_sitting WHERE code_index = index), 0);
END $$"""  # noqa: S608 - constant text

#: -1: no class has this code; 0: nobody in it has the number, or several have
FIND_IN_KLASS = f"""CREATE OR REPLACE FUNCTION door_klass_sitting(of_code text, of_number text) RETURNS bigint {_HEAD}
DECLARE exact bigint; alike bigint[];
BEGIN
  IF NOT EXISTS (SELECT FROM assessments_screeningklass WHERE code = of_code) THEN RETURN -1; END IF;
  SELECT max(s.id) FILTER (WHERE upper(student.number) = upper(of_number)), array_agg(s.id) INTO exact, alike
    FROM assessments_screeningklass chosen
    JOIN assessments_sitting s ON s.screening_id = chosen.screening_id AND s.klass_id = chosen.klass_id
    JOIN students_student student ON student.id = s.student_id
    WHERE chosen.code = of_code AND (upper(student.number) = upper(of_number)
      OR length(of_number) >= 2 AND upper(right(student.number, length(of_number))) = upper(of_number));
  RETURN coalesce(exact, CASE WHEN cardinality(alike) = 1 THEN alike[1] END, 0);
END $$"""  # noqa: S608 - constant text

STATE = f"""CREATE OR REPLACE FUNCTION door_state() RETURNS text {_HEAD}
DECLARE it record;
BEGIN
  SELECT sitting.state AS progress, sitting.locked_at, sitting.student_id, screening.* INTO it
    FROM assessments_sitting sitting JOIN assessments_screening screening ON screening.id = sitting.screening_id
    WHERE sitting.id = access_sitting();
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  IF it.progress IN ('finished', 'exempt') THEN RETURN it.progress; END IF;
  -- a no of anybody who counts keeps a sitting from beginning at once, before the sweep has taken it off the lists
  IF it.progress = 'invited' AND (
    EXISTS (SELECT FROM students_student WHERE id = it.student_id AND left_on IS NOT NULL)
    OR EXISTS (SELECT FROM (SELECT DISTINCT ON (guardian_id) guardian_id, decision FROM students_guardiandecision
        WHERE student_id = it.student_id AND purpose = 'screening' AND (is_verified OR decision <> 'given')
        ORDER BY guardian_id, decided_at DESC, id DESC) latest
      WHERE decision <> 'given' AND (guardian_id IS NULL
        OR EXISTS (SELECT FROM students_guardian g WHERE g.id = latest.guardian_id AND g.student_id = it.student_id))))
  THEN RETURN 'exempt'; END IF;
  IF it.stopped_by_id IS NOT NULL THEN RETURN 'stopped'; END IF;
  IF it.state = 'closed' OR it.closes_at <= now() THEN RETURN 'closed'; END IF;
  IF it.progress = 'invited' AND it.minutes > 0 AND it.closes_at - make_interval(mins => it.minutes) <= now()
  THEN RETURN 'too_late'; END IF;
  IF it.state = 'draft' OR it.opens_at > now() THEN RETURN 'not_open_yet'; END IF;
  IF it.state = 'paused' THEN RETURN 'paused'; END IF;
  IF it.unguarded_by_id IS NOT NULL THEN RETURN 'allowed'; END IF;
  IF EXISTS (SELECT FROM assessments_screeningscale part
      JOIN assessments_scaleversion version ON version.id = part.version_id WHERE part.screening_id = it.id
      AND jsonb_array_length(coalesce(version.definition -> 'critical', '[]')) > 0)
    AND NOT door_is_guarded(it.school_id, now())
  THEN RETURN 'unguarded'; END IF;
  RETURN 'open';
END $$"""  # noqa: S608 - constant text


def _of_screening(name: str, column: str, kind: str) -> str:
    """A function that tells the acting sitting one column of its screening."""
    return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS {kind} {_HEAD}
BEGIN
  RETURN (SELECT {column} FROM assessments_screening WHERE id =
    (SELECT screening_id FROM assessments_sitting WHERE id = access_sitting()));
END $$"""  # noqa: S608 - constant text


TITLE = _of_screening("door_title", "title", "text")
OPENS = _of_screening("door_opens_at", "opens_at", "timestamptz")
CLOSES = _of_screening("door_closes_at", "closes_at", "timestamptz")

#: what somebody who asks again has to know: is the first word still waiting for its talk?
TALK_WAITS = f"""CREATE OR REPLACE FUNCTION door_talk_waits() RETURNS boolean {_HEAD}
BEGIN
  RETURN EXISTS (SELECT FROM assessments_flag
    WHERE sitting_id = access_sitting() AND source = 'talk' AND handled_at IS NULL);
END $$"""  # noqa: S608 - constant text


DOOR_SQL = [
    *GUARD_SQL,
    FIND,
    *only_for("door_sitting(bytea)", "xinyu_door"),
    FIND_IN_KLASS,
    *only_for("door_klass_sitting(text, text)", "xinyu_door"),
    STATE,
    *only_for("door_state()", "xinyu_sitting"),
    TITLE,
    *only_for("door_title()", "xinyu_sitting"),
    OPENS,
    *only_for("door_opens_at()", "xinyu_sitting"),
    TALK_WAITS,
    *only_for("door_talk_waits()", "xinyu_sitting"),
    CLOSES,
    *only_for("door_closes_at()", "xinyu_sitting"),
]
