"""What the officer on duty reads of her schools: numbers, exact, no grade, no class, nobody (4-workflow D9.12).

A definer function that returns counts and one time per school; whoever is not an officer of the place gets no line.
"""

from assessments.triage import ClimbClock
from crisis.levels import load_scheme
from xinyu.access.sql import OWNER, STAFF


def _codes(colour: str) -> str:
    levels = [level for scheme in ("colours", "classes") for level in load_scheme(scheme).levels]
    return ",".join(sorted({level.code for level in levels if level.common_code == colour}))


_CLOCK = ClimbClock()
#: an urgent flag is the county's to know when nobody has opened it though it stood on the last rung long enough
BEYOND_SCHOOL = " OR ".join(
    f"f.level = '{level}' AND f.raised_at <= now() - interval '{minutes[-1] + _CLOCK.county_after} minutes'"
    for level, minutes in _CLOCK.unread.items()
    if level != "talk"
)
UNREAD = f"f.school_id = at.id AND f.seen_at IS NULL AND f.handled_at IS NULL AND ({BEYOND_SCHOOL})"
GRAVE = f"level = ANY ('{{{_codes('red')},{_codes('orange')}}}')"
OPEN = "c.school_id = at.id AND c.closed_at IS NULL"
HOLDS = f"{OPEN} AND c.level_until >= (now() AT TIME ZONE 'Asia/Shanghai')::date"

DUTY_SQL = [
    f"""CREATE OR REPLACE FUNCTION access_duty_figures() RETURNS TABLE (school bigint, red bigint, orange bigint,
  lapsed bigint, bare bigint, overdue bigint, unread bigint, since timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT at.id,
    (SELECT count(*) FROM crisis_case AS c WHERE {HOLDS} AND c.level = ANY ('{{{_codes("red")}}}')),
    (SELECT count(*) FROM crisis_case AS c WHERE {HOLDS} AND c.level = ANY ('{{{_codes("orange")}}}')),
    (SELECT count(*) FROM crisis_case AS c WHERE {OPEN} AND c.{GRAVE}
      AND c.level_until < (now() AT TIME ZONE 'Asia/Shanghai')::date),
    (SELECT count(*) FROM crisis_case AS c WHERE {HOLDS} AND c.{GRAVE}
      AND NOT EXISTS (SELECT FROM crisis_planitem AS p WHERE p.case_id = c.id)),
    (SELECT count(DISTINCT s.case_id) FROM crisis_chainstep AS s WHERE s.school_id = at.id AND s.is_answering
      AND s.cancelled_at IS NULL AND s.moved_up_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM crisis_chainstep AS a LEFT JOIN crisis_handover AS h ON h.id = a.handover_id
        WHERE a.statement_id = s.statement_id AND a.is_answering
          AND (a.acted_at IS NOT NULL OR h.acted_at IS NOT NULL))),
    (SELECT count(*) FROM assessments_flag AS f WHERE {UNREAD}),
    (SELECT min(f.raised_at) FROM assessments_flag AS f WHERE {UNREAD})
  FROM organisations_school AS at
  WHERE at.county_id = ANY (access_scope('{{county_officer}}')) OR at.city_id = ANY (access_scope('{{city_officer}}'))
  ORDER BY at.county_id, at.id;
END $$""",  # noqa: S608 - constant text
    f"ALTER FUNCTION access_duty_figures() OWNER TO {OWNER}",
    "REVOKE ALL ON FUNCTION access_duty_figures() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_duty_figures() TO {STAFF}",
]
