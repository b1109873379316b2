"""No row says that a guardian was told who is held back at that moment (4-workflow D9.5), whoever writes it and how.

The page refuses it first and says why; this holds for a script, an import, a second page open since before the hold.
"""

from xinyu.access.sql import OWNER

HELD_SQL = [
    """CREATE OR REPLACE FUNCTION access_guardian_is_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM students_contacthold WHERE student_id = (
        SELECT student_id FROM students_guardian WHERE id = NEW.guardian_id)
      AND ended_at IS NULL AND (guardian_id IS NULL OR guardian_id = NEW.guardian_id)) THEN
    RAISE EXCEPTION 'contact with this guardian is suspended' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$""",
    f"ALTER FUNCTION access_guardian_is_held() OWNER TO {OWNER}",
    "REVOKE ALL ON FUNCTION access_guardian_is_held() FROM PUBLIC",
    """DO $$ BEGIN
  IF to_regclass('crisis_guardiancontact') IS NOT NULL AND to_regclass('students_contacthold') IS NOT NULL THEN
    CREATE OR REPLACE TRIGGER access_guardian_is_held AFTER INSERT ON crisis_guardiancontact
      FOR EACH ROW EXECUTE FUNCTION access_guardian_is_held();
  END IF;
END $$""",
]
