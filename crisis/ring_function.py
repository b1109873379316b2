"""An urgent tap of a helper puts the student into the interview queue at once, though the helper sees no queue.

The row that he has just written is the proof; the flag names nobody, so that no leader to whom it climbs learns who
spoke, and whoever tapped holds no flag that he could change.
"""

from xinyu.access.sql import OWNER, STAFF

RING_SQL = [
    """CREATE OR REPLACE FUNCTION access_ring(kind text, said bigint, due timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE wanted bigint; made bigint;
BEGIN
  IF kind = 'card' THEN
    SELECT student_id INTO wanted FROM crisis_cardfeedback
      WHERE id = said AND by_id = access_user() AND answer = 'urgent' AND at > now() - interval '1 minute';
  ELSIF kind = 'pair' THEN
    SELECT student_id INTO wanted FROM crisis_paircontact
      WHERE id = said AND by_id = access_user() AND answer = 'urgent' AND added_at > now() - interval '1 minute';
  END IF;
  IF wanted IS NULL THEN
    RAISE EXCEPTION 'nothing urgent of yours' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO assessments_flag (student_id, level, source, scale, raised_at, due_at)
    VALUES (wanted, 'immediate', 'staff', '', now(), due) RETURNING id INTO made;
  RETURN made;
END $$""",
    f"ALTER FUNCTION access_ring(text, bigint, timestamptz) OWNER TO {OWNER}",
    "REVOKE ALL ON FUNCTION access_ring(text, bigint, timestamptz) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_ring(text, bigint, timestamptz) TO {STAFF}",
]
