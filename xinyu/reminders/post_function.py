"""Who holds which post at a school and from when to when, asked by somebody who plans its seasonal work.

Posts themselves stay sealed for a counselor: who granted them and who approved them is not her business. Answers only
for schools of the asking person's own.
"""

from xinyu.access.sql import SIGHT, STAFF

POST_SQL = [
    """CREATE OR REPLACE FUNCTION access_season_posts(school bigint)
RETURNS TABLE (person bigint, post text, place bigint, starts date, ends date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF school = ANY (access_schools('{counselor,principal}')) THEN
    RETURN QUERY SELECT user_id, role::text, place_id, valid_from, valid_to FROM accounts_post
      WHERE school_id = school AND approved_at IS NOT NULL AND revoked_at IS NULL
        AND EXISTS (SELECT FROM accounts_user WHERE accounts_user.id = user_id AND is_active);
  END IF;
END $$""",  # noqa: S608 - constant text
    f"ALTER FUNCTION access_season_posts(bigint) OWNER TO {SIGHT}",
    "REVOKE ALL ON FUNCTION access_season_posts(bigint) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_season_posts(bigint) TO {STAFF}",
]
