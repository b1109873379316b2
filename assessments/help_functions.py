"""What the page behind a code on a wall may ask the database: where it hangs, to leave a word, how far a word is.

Nobody there is logged in: definer functions of the owner answer with an id, a text, a number. None reads a student.
"""

from xinyu.access.sql import DOOR, only_for

_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
_WHERE = "door_help(text)"
_LEAVE = "door_help_leave(text, uuid, bytea, bytea, bigint, text, boolean, timestamptz, bytea)"


HELP_SQL = [
    f"""CREATE OR REPLACE FUNCTION door_help(wanted text)
RETURNS TABLE (door bigint, school bigint, hangs_at text, counselor_at text) {_HEAD}
BEGIN
  RETURN QUERY SELECT id, school_id, place::text, room::text FROM assessments_helpdoor
    WHERE code = wanted AND ended_at IS NULL;
END $$""",  # noqa: S608 - constant text
    *only_for(_WHERE, DOOR),
    # The same key again (a double tap, a page sent twice) leaves one word. Nobody is matched: the counselor says who.
    f"""CREATE OR REPLACE FUNCTION door_help_leave(wanted text, key uuid, wrapped_key bytea, words bytea,
  of_klass bigint, how_soon text, home boolean, due timestamptz, follow bytea) RETURNS bigint {_HEAD}
DECLARE at_door record; made bigint;
BEGIN
  SELECT id, school_id INTO at_door FROM assessments_helpdoor WHERE code = wanted AND ended_at IS NULL;
  IF NOT FOUND OR how_soon NOT IN ('immediate', 'same_day', 'talk') THEN RETURN 0; END IF;
  INSERT INTO assessments_concernreport (vault_id, school_id, klass_id, source, level, names_home, count, told_at,
      due_at, wrapped, content, tried_at, door_id, follow_index)
    VALUES (key, at_door.school_id,
      (SELECT id FROM organisations_klass WHERE id = of_klass AND school_id = at_door.school_id),
      'help', how_soon, home, 1, now(), due, wrapped_key, words, now(), at_door.id, follow)
    ON CONFLICT DO NOTHING RETURNING id INTO made;
  RETURN coalesce(made, -1);
END $$""",  # noqa: S608 - constant text
    *only_for(_LEAVE, DOOR),
    f"""CREATE OR REPLACE FUNCTION door_help_state(follow bytea) RETURNS text {_HEAD}
BEGIN
  RETURN coalesce((SELECT CASE WHEN closed_at IS NOT NULL THEN 'closed' WHEN seen_at IS NOT NULL THEN 'in_hand'
    ELSE 'received' END FROM assessments_concernreport WHERE follow_index = follow), '');
END $$""",  # noqa: S608 - constant text
    *only_for("door_help_state(bytea)", DOOR),
    f"""CREATE OR REPLACE FUNCTION door_help_knock(knocker bytea, day date) RETURNS integer {_HEAD}
DECLARE so_far integer;
BEGIN
  DELETE FROM assessments_helpknock WHERE "on" < day - 1;
  INSERT INTO assessments_helpknock (index, "on", count) VALUES (knocker, day, 1)
    ON CONFLICT (index, "on") DO UPDATE SET count = assessments_helpknock.count + 1 RETURNING count INTO so_far;
  RETURN so_far;
END $$""",  # noqa: S608 - constant text
    *only_for("door_help_knock(bytea, date)", DOOR),
    f"""CREATE OR REPLACE FUNCTION door_help_knocks(knocker bytea, day date) RETURNS integer {_HEAD}
BEGIN
  RETURN coalesce((SELECT count FROM assessments_helpknock WHERE index = knocker AND "on" = day), 0);
END $$""",  # noqa: S608 - constant text
    *only_for("door_help_knocks(bytea, date)", DOOR),
]
