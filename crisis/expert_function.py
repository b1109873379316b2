"""What an expert has been given to look at, as arrays computed once a statement: the end is part of row security.

An assignment counts while it is not ended and its hour has not come, while the hand-over itself is open, the expert is
in the directory for today and holds the post of an expert of that county.
"""

from xinyu.access.sql import OWNER, STAFF

LIVE_ASSIGNMENT = """FROM crisis_expertaccess AS a
      JOIN crisis_handover AS h ON h.id = a.handover_id
      JOIN crisis_expert AS e ON e.id = a.expert_id
    WHERE a.assignee_id = access_user() AND a.ended_at IS NULL AND a.open_until > now()
      AND h.returned_at IS NULL AND h.open_until > now()
      AND e.active_until >= (now() AT TIME ZONE 'Asia/Shanghai')::date
      AND a.county_id = ANY (access_scope('{expert}'))"""


def _ids(name: str, column: str) -> list[str]:
    return [
        f"""CREATE OR REPLACE FUNCTION {name}() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg({column}), '{{}}') {LIVE_ASSIGNMENT});
END $$""",  # noqa: S608 - constant text
        f"ALTER FUNCTION {name}() OWNER TO {OWNER}",
        f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {name}() TO {STAFF}",
    ]


EXPERT_SQL = [
    *_ids("access_assignments", "a.id"),
    *_ids("access_assigned_handovers", "a.handover_id"),
    # as the reader: whoever sees a hand-over sees what experts wrote about it, for as long
    """CREATE OR REPLACE FUNCTION access_open_handovers() RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(id), '{}') FROM crisis_handover);
END $$""",
    "REVOKE ALL ON FUNCTION access_open_handovers() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_open_handovers() TO {STAFF}",
]
