"""What somebody with an informant's code may ask the database: what is to be answered, and to leave the answers once.

She is not logged in and holds no row: definer functions of the owner answer with ids, a masked name and a word.
"""

from xinyu.access.sql import DOOR, only_for

_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
MOST_WRONG = 5

STATE = f"""CREATE OR REPLACE FUNCTION door_informant_state(wanted bytea) RETURNS text {_HEAD}
DECLARE it record;
BEGIN
  SELECT link.*, student.left_on, student.school_id AS school_now, guardian.student_id AS child INTO it
    FROM assessments_informantlink AS link JOIN students_student AS student ON student.id = link.student_id
      LEFT JOIN students_guardian AS guardian ON guardian.id = link.guardian_id
    WHERE link.index = wanted;
  IF NOT FOUND THEN RETURN ''; END IF;
  IF it.used_at IS NOT NULL THEN RETURN 'used'; END IF;
  IF it.expires_at <= clock_timestamp() OR it.left_on IS NOT NULL OR it.school_now <> it.school_id
    OR it.wrong_tries >= {MOST_WRONG} OR it.child <> it.student_id
    OR it.guardian_id IS NOT NULL AND EXISTS (SELECT FROM students_contacthold AS hold
      WHERE hold.student_id = it.student_id AND hold.ended_at IS NULL
        AND (hold.guardian_id IS NULL OR hold.guardian_id = it.guardian_id))
  THEN RETURN 'gone'; END IF;
  RETURN 'open';
END $$"""  # noqa: S608 - constant text

ASK = f"""CREATE OR REPLACE FUNCTION door_informant(wanted bytea) RETURNS TABLE (state text, vault uuid, version bigint,
  about text, school bigint, asks_phone boolean) {_HEAD}
BEGIN
  RETURN QUERY SELECT door_informant_state(wanted), link.vault_id, link.version_id, link.label::text, link.school_id,
      link.phone_index IS NOT NULL
    FROM assessments_informantlink AS link WHERE link.index = wanted;
END $$"""  # noqa: S608 - constant text

LEAVE = f"""CREATE OR REPLACE FUNCTION door_informant_leave(wanted bytea, phone bytea, wrapped_key bytea, sealed bytea)
RETURNS text {_HEAD}
DECLARE it record; state text;
BEGIN
  SELECT * INTO it FROM assessments_informantlink AS link WHERE link.index = wanted FOR UPDATE;
  state := door_informant_state(wanted);
  IF state <> 'open' THEN RETURN state; END IF;
  IF it.phone_index IS NOT NULL AND phone IS DISTINCT FROM it.phone_index THEN
    UPDATE assessments_informantlink SET wrong_tries = wrong_tries + 1 WHERE id = it.id;
    RETURN 'wrong';
  END IF;
  UPDATE assessments_informantlink SET used_at = now(), wrapped = wrapped_key, answers = sealed WHERE id = it.id;
  RETURN 'done';
END $$"""  # noqa: S608 - constant text


INFORMANT_SQL = [
    STATE,
    *only_for("door_informant_state(bytea)"),
    ASK,
    *only_for("door_informant(bytea)", DOOR),
    LEAVE,
    *only_for("door_informant_leave(bytea, bytea, bytea, bytea)", DOOR),
]
