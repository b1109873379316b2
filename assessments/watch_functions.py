"""What the colleague in the computer room may ask: how far each seat is, by masked name, and to free a locked code.

She holds no row of a student. Why somebody has nothing to answer is the counselor's alone.
"""

from xinyu.access.permissions import SCHOOL_STAFF
from xinyu.access.sql import OWNER, STAFF, only_for

_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
_STAFF = ",".join(sorted(SCHOOL_STAFF))
_WATCHED = f"""FROM assessments_roomwatch AS w
    JOIN assessments_screening AS sc ON sc.id = w.screening_id AND sc.state IN ('open', 'paused')
    JOIN assessments_sitting AS s ON s.screening_id = w.screening_id AND s.klass_id = w.klass_id
    WHERE w.watcher_id = access_user() AND w.ended_at IS NULL AND w.until_at > now()
      AND w.school_id = ANY (access_schools('{{{_STAFF}}}'))"""

BOARD = f"""CREATE OR REPLACE FUNCTION access_watched_room() RETURNS TABLE (klass bigint, title text,
  until_at timestamptz, ends_at timestamptz, minutes smallint, sitting bigint, label text, state text, locked boolean)
{_HEAD}
BEGIN
  RETURN QUERY SELECT s.klass_id, sc.title::text, w.until_at, sc.closes_at, sc.minutes, s.id, s.label::text,
    s.state::text, s.locked_at IS NOT NULL {_WATCHED} ORDER BY w.id, s.locked_at IS NULL, s.label, s.id;
END $$"""  # noqa: S608 - constant text

FREE = f"""CREATE OR REPLACE FUNCTION access_free_watched(wanted bigint) RETURNS boolean {_HEAD}
BEGIN
  UPDATE assessments_sitting SET locked_at = NULL, wrong_tries = 0
    WHERE id = wanted AND id IN (SELECT s.id {_WATCHED});
  RETURN FOUND;
END $$"""  # noqa: S608 - constant text


def _for_staff(function: str) -> list[str]:
    return [f"ALTER FUNCTION {function} OWNER TO {OWNER}", *only_for(function, STAFF)]


WATCH_SQL = [BOARD, *_for_staff("access_watched_room()"), FREE, *_for_staff("access_free_watched(bigint)")]
