"""What a guardian with a code may ask the database: whether it still counts, what she reads, and to say yes or no once.

The page has no log-in. `door_consent` finds the link; the other two answer only for the link that acts, so that knowing
an id opens nothing. The decision is written by the owner in one step with the use of the code: never twice.
"""

from xinyu.access.sql import only_for

_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
MOST_WRONG = 5

FIND = f"""CREATE OR REPLACE FUNCTION door_consent(wanted bytea) RETURNS bigint {_HEAD}
BEGIN
  RETURN coalesce((SELECT id FROM assessments_consentlink WHERE index = wanted), 0);
END $$"""  # noqa: S608 - constant text

# gone: she has said no in another way since the code went out, out of time, the plan or its notice changed, the
# screening is over, the guardian or the student is no longer there, or nothing goes to this guardian for now
# (4-workflow D9.5) - she does not learn which
STATE = f"""CREATE OR REPLACE FUNCTION door_consent_state() RETURNS text {_HEAD}
DECLARE it record;
BEGIN
  SELECT link.*, screening.state AS running, screening.notice_version AS notice_now, student.left_on,
      student.school_id AS school_now, guardian.student_id AS child INTO it
    FROM assessments_consentlink link
    JOIN assessments_screening screening ON screening.id = link.screening_id
    JOIN students_student student ON student.id = link.student_id
    JOIN students_guardian guardian ON guardian.id = link.guardian_id
    WHERE link.id = access_consent();
  IF NOT FOUND THEN RETURN 'gone'; END IF;
  IF it.used_at IS NOT NULL THEN RETURN 'used'; END IF;
  IF it.expires_at <= clock_timestamp() OR it.running = 'closed' OR it.notice_now <> it.notice_version
    OR it.left_on IS NOT NULL
    OR it.child <> it.student_id OR it.school_now <> it.school_id OR it.wrong_tries >= {MOST_WRONG}
    OR EXISTS (SELECT FROM students_contacthold hold WHERE hold.student_id = it.student_id AND hold.ended_at IS NULL
      AND (hold.guardian_id IS NULL OR hold.guardian_id = it.guardian_id))
    OR EXISTS (SELECT FROM students_guardiandecision word WHERE word.student_id = it.student_id
      AND word.guardian_id = it.guardian_id AND word.purpose = 'screening' AND word.decision <> 'given'
      AND word.recorded_at > it.issued_at)
  THEN RETURN 'gone'; END IF;
  RETURN 'open';
END $$"""  # noqa: S608 - constant text

SAY = f"""CREATE OR REPLACE FUNCTION door_consent_say(said text, phone bytea) RETURNS text {_HEAD}
DECLARE it record; state text;
BEGIN
  SELECT * INTO it FROM assessments_consentlink WHERE id = access_consent() FOR UPDATE;
  state := door_consent_state();
  IF state <> 'open' THEN RETURN state; END IF;
  IF said NOT IN ('given', 'refused') THEN RETURN 'open'; END IF;
  IF it.phone_index IS NOT NULL AND phone IS DISTINCT FROM it.phone_index THEN
    UPDATE assessments_consentlink SET wrong_tries = wrong_tries + 1 WHERE id = it.id;
    RETURN 'wrong';
  END IF;
  INSERT INTO students_guardiandecision (student_id, guardian_id, purpose, decision, channel, is_verified,
      notice_version, notice_hash, decided_at, recorded_at)
    VALUES (it.student_id, it.guardian_id, 'screening', said, it.way, true, it.notice_version, it.notice_hash, now(),
      now());
  UPDATE assessments_consentlink SET used_at = now(), code_sealed = NULL WHERE id = it.id;
  RETURN 'done';
END $$"""  # noqa: S608 - constant text


CONSENT_SQL = [
    FIND,
    *only_for("door_consent(bytea)", "xinyu_door"),
    STATE,
    *only_for("door_consent_state()", "xinyu_consent"),
    SAY,
    *only_for("door_consent_say(text, bytea)", "xinyu_consent"),
]
