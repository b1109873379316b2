"""The one way a student's row is ever deleted: undoing an import after which nothing has happened.

No role holds DELETE on students. A definer function of the owner deletes what one import made, once it has proved
that the person is a counselor of the school and that no other table refers to any of the students.
"""

from xinyu.access.sql import LIVE_POST, STAFF

#: tables whose rows the import made itself; apps above add what they open by themselves, see `opened_with_student`
MADE_BY_IMPORT = ("students_guardian", "students_studentkey")


def undo_function(also: tuple[str, ...]) -> list[str]:
    """SQL of access_undo_import(import id) → '' or the name of the table that refers to one of its students."""
    carried = (*also, *MADE_BY_IMPORT)
    deletes = "\n  ".join(f"DELETE FROM {table} WHERE student_id = ANY (the.new_ids);" for table in carried)  # noqa: S608 - constant names
    return [
        f"""CREATE OR REPLACE FUNCTION access_undo_import(wanted bigint) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE the record; link record; has_followed boolean;
BEGIN
  SELECT * INTO the FROM students_rosterimport WHERE id = wanted AND undone_at IS NULL;
  IF NOT EXISTS (SELECT FROM accounts_post WHERE user_id = access_user() AND role = 'counselor'
      AND school_id = the.school_id AND {LIVE_POST})
    OR EXISTS (SELECT FROM students_student WHERE id = ANY (the.new_ids) AND school_id <> the.school_id) THEN
    RAISE EXCEPTION 'import % is out of sight', wanted USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR link IN SELECT conrelid::regclass::text AS relation, attname AS col FROM pg_constraint
      JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
      WHERE contype = 'f' AND confrelid = 'students_student'::regclass
        AND conrelid::regclass::text <> ALL ('{{{",".join(carried)}}}'::text[]) LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %I = ANY ($1))', link.relation, link.col)
      INTO has_followed USING the.new_ids;
    IF has_followed THEN RETURN link.relation; END IF;
  END LOOP;
  {deletes}
  DELETE FROM students_student WHERE id = ANY (the.new_ids);
  RETURN '';
END $$""",  # noqa: S608 - constant names
        "REVOKE ALL ON FUNCTION access_undo_import(bigint) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION access_undo_import(bigint) TO {STAFF}",
    ]
