"""Who stands at the rungs over one student, asked when a level is stated: roles and ids of live posts, never a row.

The people of a class, the grade and the school are in nobody's sight together. Answers only somebody who answers for
cases at the student's school, and the job that moves steps up.
"""

import re

from xinyu.access.sql import LIVE_POST, OWNER, SERVICE, STAFF

OWN_POST = re.sub(r"\b(approved_at|revoked_at|valid_from|valid_to)\b", r"own.\1", LIVE_POST)
CHAIN_SQL = [
    f"""CREATE OR REPLACE FUNCTION access_chain_people(wanted bigint) RETURNS TABLE (role text, holder bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT p.role::text, p.user_id FROM students_student AS s
    JOIN organisations_school AS at ON at.id = s.school_id
    JOIN accounts_post AS p ON p.school_id = s.school_id
        AND (p.klass_id IS NULL OR p.klass_id = s.klass_id) AND (p.grade_id IS NULL OR p.grade_id = s.grade_id)
      OR p.role = 'county_officer' AND p.county_id = at.county_id
      OR p.role = 'city_officer' AND p.city_id = at.city_id
    JOIN accounts_user AS u ON u.id = p.user_id AND u.is_active
    WHERE s.id = wanted AND {LIVE_POST}
      AND (access_system() IN ('triage', 'demo')
        OR EXISTS (SELECT FROM accounts_post AS own WHERE own.user_id = access_user() AND own.school_id = s.school_id
          AND own.role IN ('counselor', 'vice_principal', 'principal') AND {OWN_POST}))
    ORDER BY p.valid_from, p.id;
END $$""",  # noqa: S608 - constant text
    "REVOKE ALL ON FUNCTION access_chain_people(bigint) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_chain_people(bigint) TO {STAFF}, {SERVICE}",
    # When somebody was really told and has read it, of one statement: the inbox itself stays its owner's.
    """CREATE OR REPLACE FUNCTION access_chain_reads(wanted bigint)
RETURNS TABLE (step bigint, person bigint, told timestamptz, read timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT s.id, n.to_id, n.created_at, n.read_at FROM crisis_chainstep AS s
    JOIN reminders_notice AS n ON n.key >= 'chain/' || s.id || '/' AND n.key < 'chain/' || s.id || '0'
    WHERE s.statement_id = wanted
      AND s.school_id = ANY (access_schools('{counselor,vice_principal,principal}'))
    ORDER BY s.id, n.created_at, n.id;
END $$""",
    f"ALTER FUNCTION access_chain_reads(bigint) OWNER TO {OWNER}",
    "REVOKE ALL ON FUNCTION access_chain_reads(bigint) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION access_chain_reads(bigint) TO {STAFF}",
    # Erasing a student destroys one key; what the bureau holds is under another, which goes with it.
    """CREATE OR REPLACE FUNCTION access_forget_handovers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE crisis_handover SET wrapped = NULL, open_until = least(open_until, now()) WHERE student_id = OLD.student_id;
  RETURN NULL;
END $$""",
    f"ALTER FUNCTION access_forget_handovers() OWNER TO {OWNER}",
    "REVOKE ALL ON FUNCTION access_forget_handovers() FROM PUBLIC",
    """DO $$ BEGIN IF to_regclass('students_studentkey') IS NOT NULL THEN
  CREATE OR REPLACE TRIGGER access_forget AFTER UPDATE ON students_studentkey FOR EACH ROW
    WHEN (OLD.wrapped IS NOT NULL AND NEW.wrapped IS NULL) EXECUTE FUNCTION access_forget_handovers();
END IF; END $$""",
]
