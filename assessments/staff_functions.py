"""What the database tells about rounds for staff without a row: whose rounds, how many staff, who is there, how many.

A leader of a school gets a number of a round that is over and no row; whoever took part stays unknown to the school.
"""

from xinyu.access.permissions import SCHOOL_LEADERS, SCHOOL_STAFF
from xinyu.access.sql import LIVE_POST, OWNER, SIGHT, STAFF, only_for

_HEAD = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
_STAFF = ",".join(sorted(SCHOOL_STAFF))
_LEADERS = ",".join(sorted(SCHOOL_LEADERS))
_OPEN_ACCOUNT = "EXISTS (SELECT FROM accounts_user WHERE accounts_user.id = user_id AND is_active)"


def _only_for_staff(function: str, owner: str) -> list[str]:
    return [f"ALTER FUNCTION {function} OWNER TO {owner}", *only_for(function, STAFF)]


STAFF_SQL = [
    # rounds that were started for a school where the acting person works, and those she has taken part in: whoever
    # changes school still reads her result and may withdraw it
    f"""CREATE OR REPLACE FUNCTION access_staff_rounds() RETURNS bigint[] {_HEAD}
BEGIN
  RETURN (SELECT coalesce(array_agg(r.id), '{{}}') FROM assessments_staffround AS r
    WHERE r.started_at IS NOT NULL AND (
      coalesce(r.schools ?| (SELECT array_agg(own::text) FROM unnest(access_schools('{{{_STAFF}}}')) AS own), false)
      OR EXISTS (SELECT FROM assessments_staffsitting AS s WHERE s.round_id = r.id AND s.user_id = access_user())));
END $$""",  # noqa: S608 - constant text
    *_only_for_staff("access_staff_rounds()", OWNER),
    # members of staff by school, for whoever plans a round in the county
    f"""CREATE OR REPLACE FUNCTION access_staff_numbers(wanted bigint) RETURNS TABLE (school bigint, people integer)
{_HEAD}
BEGIN
  IF wanted = ANY (access_scope('{{station_counselor,county_officer}}')) THEN
    RETURN QUERY SELECT school_id, count(DISTINCT user_id)::integer FROM accounts_post
      WHERE county_id = wanted AND role = ANY ('{{{_STAFF}}}') AND {LIVE_POST} AND {_OPEN_ACCOUNT} GROUP BY school_id;
  END IF;
END $$""",  # noqa: S608 - constant text
    *_only_for_staff("access_staff_numbers(bigint)", SIGHT),
    # a round without anybody who reads its alerts does not start and is not answered
    f"""CREATE OR REPLACE FUNCTION access_station_is_kept(wanted bigint) RETURNS boolean {_HEAD}
BEGIN
  RETURN EXISTS (SELECT FROM accounts_post
    WHERE county_id = wanted AND role = 'station_counselor' AND {LIVE_POST} AND {_OPEN_ACCOUNT});
END $$""",  # noqa: S608 - constant text
    *_only_for_staff("access_station_is_kept(bigint)", SIGHT),
    # one who answered and withdrew stays counted: the number of a round that is over does not move
    f"""CREATE OR REPLACE FUNCTION access_staff_counts() RETURNS TABLE (school bigint, title text, opens date,
  closes date, asked integer, answered integer) {_HEAD}
BEGIN
  RETURN QUERY SELECT own.id, r.title::text, r.opens_on,
      least(r.closes_on, (r.ended_at AT TIME ZONE 'Asia/Shanghai')::date),
      (r.schools ->> own.id::text)::integer,
      (SELECT count(*)::integer FROM assessments_staffsitting AS s
        WHERE s.round_id = r.id AND s.school_id = own.id AND s.finished_at IS NOT NULL)
    FROM unnest(access_schools('{{{_LEADERS}}}')) AS own(id)
      JOIN assessments_staffround AS r ON r.schools ? own.id::text
    WHERE r.started_at IS NOT NULL
      AND (r.ended_at IS NOT NULL OR r.closes_on < (now() AT TIME ZONE 'Asia/Shanghai')::date)
    ORDER BY r.opens_on DESC, r.id DESC, own.id;
END $$""",  # noqa: S608 - constant text
    *_only_for_staff("access_staff_counts()", OWNER),
]
