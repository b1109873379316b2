"""Entries that stand in the wrong student's case leave it whole: the text goes, the place where it stood stays.

Tables of notes and sections are only added to; these two functions are the one exception, and they let go of nothing
but the text. They answer only to the author or the owner of the case, while she is a counselor of the school.
"""

from xinyu.access.sql import OWNER, STAFF

#: `entry` is the row, `held` the case in which it stands
MAY = """NOT (entry.moved_at IS NULL AND entry.school_id = ANY (access_schools('{counselor}'))
      AND (entry.by_id = access_user() OR held.owner_id = access_user()))"""


def _owned(name: str) -> list[str]:
    return [
        f"ALTER FUNCTION {name} OWNER TO {OWNER}",
        f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {name} TO {STAFF}",
    ]


MOVE_SQL = [
    # The note keeps its author, kind and times; its text comes sealed anew under the right student's key.
    f"""CREATE OR REPLACE FUNCTION access_move_note(wanted bigint, to_case bigint, name uuid, words bytea)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE entry crisis_casenote; held crisis_case; goal crisis_case; made bigint;
BEGIN
  SELECT * INTO entry FROM crisis_casenote WHERE id = wanted FOR UPDATE;
  SELECT * INTO held FROM crisis_case WHERE id = entry.case_id;
  SELECT * INTO goal FROM crisis_case WHERE id = to_case;
  IF entry.id IS NULL OR {MAY} OR entry.kind = 'move' OR words IS NULL
    OR goal.school_id IS DISTINCT FROM held.school_id OR goal.student_id = held.student_id THEN
    RAISE EXCEPTION 'note % stays where it is', wanted USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE crisis_casenote SET body = NULL, moved_at = now() WHERE id = wanted;
  INSERT INTO crisis_casenote (case_id, kind, happened_at, by_id, added_at, vault_id, body)
    VALUES (goal.id, entry.kind, entry.happened_at, entry.by_id, entry.added_at, name, words) RETURNING id INTO made;
  RETURN made;
END $$""",  # noqa: S608 - constant text
    *_owned("access_move_note(bigint, bigint, uuid, bytea)"),
    f"""CREATE OR REPLACE FUNCTION access_empty_section(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE entry crisis_sectiontext; held crisis_case;
BEGIN
  SELECT * INTO entry FROM crisis_sectiontext WHERE id = wanted FOR UPDATE;
  SELECT * INTO held FROM crisis_case WHERE id = entry.case_id;
  IF entry.id IS NULL OR {MAY} THEN
    RAISE EXCEPTION 'section % stays where it is', wanted USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE crisis_sectiontext SET body = NULL, moved_at = now() WHERE id = wanted;
END $$""",  # noqa: S608 - constant text
    *_owned("access_empty_section(bigint)"),
]
