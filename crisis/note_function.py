"""Whose notes one reads, as an array computed once a statement; and which kinds of note a case has, without a word.

`access_kept_cases` runs as the reader: whoever no longer sees the case (a post that ended) reads none of its notes. A
leader who keeps a case for a while because no counselor is there reads none either: the owner's right is a counselor's.
"""

from xinyu.access.sql import OWNER, SERVICE, STAFF

NOTE_SQL = [
    """CREATE OR REPLACE FUNCTION access_kept_cases() RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(crisis_case.id), '{}') FROM crisis_case
    WHERE owner_id = access_user() AND school_id = ANY (access_schools('{counselor}'))
      OR EXISTS (SELECT FROM crisis_notereader
        WHERE case_id = crisis_case.id AND reader_id = access_user() AND named_by_id <> reader_id
          AND ended_at IS NULL));
END $$""",
    "REVOKE ALL ON FUNCTION access_kept_cases() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_kept_cases() TO {STAFF}",
    # A move asks whether the guardian was told and a paper is there, also of somebody who reads no notes. A paper from
    # before the level became what it is says nothing about lowering it.
    """CREATE OR REPLACE FUNCTION access_note_kinds(wanted bigint) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  now_is text := (SELECT level FROM crisis_case WHERE id = wanted);
  other timestamptz := (SELECT max(at) FROM crisis_levelstatement WHERE case_id = wanted AND level <> now_is);
  since timestamptz := coalesce((SELECT min(at) FROM crisis_levelstatement
    WHERE case_id = wanted AND level = now_is AND at > other), '-infinity');
BEGIN
  RETURN (SELECT coalesce(array_agg(DISTINCT kind), '{}') FROM (
      SELECT kind::text, school_id FROM crisis_casenote
        WHERE case_id = wanted AND moved_at IS NULL AND (kind <> 'medical' OR happened_at >= since)
      UNION ALL SELECT 'medical', school_id FROM crisis_advicedocument
        WHERE case_id = wanted AND is_medical AND received_on >= (since AT TIME ZONE 'Asia/Shanghai')::date
    ) AS papers WHERE access_system() IS NOT NULL
      OR school_id = ANY (access_schools('{counselor,moral_head,vice_principal,principal}')));
END $$""",
    f"ALTER FUNCTION access_note_kinds(bigint) OWNER TO {OWNER}",
    "REVOKE ALL ON FUNCTION access_note_kinds(bigint) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_note_kinds(bigint) TO {STAFF}, {SERVICE}",
]
