"""What a ledger says of notes and flags that its reader does not see: counts and days per case, no word of them."""

from xinyu.access.sql import OWNER, STAFF

#: kinds of note that are help given (crisis.models.NoteKind)
HELP = "talk,home_visit,contact"
LEDGER_SQL = [
    f"""CREATE OR REPLACE FUNCTION access_case_numbers() RETURNS TABLE (wanted bigint, talks bigint,
  last_at timestamptz, told_at timestamptz, has_medical boolean, sources text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT c.id,
    count(*) FILTER (WHERE n.kind = ANY ('{{{HELP}}}')),
    max(n.happened_at) FILTER (WHERE n.kind <> 'move'),
    min(n.happened_at) FILTER (WHERE n.kind = 'guardian'),
    coalesce(bool_or(n.kind = 'medical'), false)
      OR EXISTS (SELECT FROM crisis_advicedocument AS d WHERE d.case_id = c.id),
    ARRAY(SELECT DISTINCT f.source::text FROM assessments_flag AS f
      WHERE f.interview_id = c.interview_id ORDER BY 1)
  FROM crisis_case AS c LEFT JOIN crisis_casenote AS n ON n.case_id = c.id AND n.moved_at IS NULL
  WHERE c.closed_at IS NULL AND c.school_id = ANY (access_schools('{{counselor,vice_principal,principal}}'))
  GROUP BY c.id;
END $$""",  # noqa: S608 - constant text
    f"ALTER FUNCTION access_case_numbers() OWNER TO {OWNER}",
    "REVOKE ALL ON FUNCTION access_case_numbers() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_case_numbers() TO {STAFF}",
]
