"""Who works at a school, asked by somebody who plans help there: ids and roles of live posts, never a row of posts.

Posts themselves stay sealed; names are read from the accounts. Answers only for schools of the asking person's own.
"""

from xinyu.access.sql import LIVE_POST, SIGHT, STAFF

STAFF_SQL = [
    f"""CREATE OR REPLACE FUNCTION access_school_staff(school bigint) RETURNS TABLE (person bigint, post text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF school = ANY (access_schools('{{counselor,vice_principal,principal}}')) THEN
    RETURN QUERY SELECT user_id, min(role)::text FROM accounts_post
      WHERE school_id = school AND {LIVE_POST} GROUP BY user_id;
  END IF;
END $$""",  # noqa: S608 - constant text
    f"ALTER FUNCTION access_school_staff(bigint) OWNER TO {SIGHT}",
    "REVOKE ALL ON FUNCTION access_school_staff(bigint) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_school_staff(bigint) TO {STAFF}",
]
