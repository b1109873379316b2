"""Which pairs a helper is in: as long as they last and as long as the post at that school does."""

from xinyu.access.sql import OWNER, STAFF

HELPERS = "{teacher,homeroom,grade_head,counselor,moral_head,vice_principal,principal}"
PAIR_SQL = [
    f"""CREATE OR REPLACE FUNCTION access_helped_pairs() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(id), '{{}}') FROM crisis_pair
    WHERE helper_id = access_user() AND ended_at IS NULL
      AND until_on >= (now() AT TIME ZONE 'Asia/Shanghai')::date
      AND school_id = ANY (access_schools('{HELPERS}')));
END $$""",  # noqa: S608 - constant text
    f"ALTER FUNCTION access_helped_pairs() OWNER TO {OWNER}",
    "REVOKE ALL ON FUNCTION access_helped_pairs() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_helped_pairs() TO {STAFF}",
]
