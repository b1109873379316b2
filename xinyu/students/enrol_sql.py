"""The statements of an import. Each takes one JSON array of rows; bytes come as PostgreSQL writes them (\\x…).

The id of a student is taken beforehand, because her sealed values are bound to it: they arrive with the row, and
nobody has to write the row twice. The places of keys and guardians are read from the students in the same statement;
the database compares them once for all rows (Seal.bulk). LEFT JOIN, so that a student out of sight is refused there
and not passed over.
"""

IDS_SQL = "SELECT access_student_ids(%s)"
STUDENT_SQL = """INSERT INTO students_student (id, vault_id, klass_id, number, name, pinyin, initials, sex, birth_on,
  is_boarding, enrolled_on, id_number, id_index, national_number, national_index)
SELECT id, vault_id, klass_id, number, name, pinyin, initials, sex, birth_on, is_boarding, enrolled_on, id_number,
  id_index, national_number, national_index
FROM json_to_recordset(%s::json) AS r(id bigint, vault_id uuid, klass_id bigint, number text, name text, pinyin text,
  initials text, sex text, birth_on date, is_boarding boolean, enrolled_on date, id_number bytea, id_index bytea,
  national_number bytea, national_index bytea)"""
KEY_SQL = """INSERT INTO students_studentkey (student_id, school_id, grade_id, klass_id, wrapped)
SELECT r.student_id, s.school_id, s.grade_id, s.klass_id, r.wrapped
FROM json_to_recordset(%s::json) AS r(student_id bigint, wrapped bytea)
LEFT JOIN students_student AS s ON s.id = r.student_id"""
GUARDIAN_SQL = """INSERT INTO students_guardian (vault_id, student_id, school_id, grade_id, klass_id, name, relation,
  "order", phone, phone_index)
SELECT r.vault_id, r.student_id, s.school_id, s.grade_id, s.klass_id, r.name, r.relation, r."order", r.phone,
  r.phone_index
FROM json_to_recordset(%s::json) AS r(vault_id uuid, student_id bigint, name text, relation text, "order" smallint,
  phone bytea, phone_index bytea)
LEFT JOIN students_student AS s ON s.id = r.student_id RETURNING students_guardian.id"""
CHANGE_SQL = """UPDATE students_student AS s SET klass_id = r.klass_id, number = r.number, name = r.name,
  pinyin = r.pinyin, initials = r.initials, sex = r.sex, birth_on = coalesce(r.birth_on, s.birth_on),
  is_boarding = r.is_boarding, left_on = NULL,
  id_number = coalesce(r.id_number, s.id_number), id_index = coalesce(r.id_index, s.id_index),
  national_number = coalesce(r.national_number, s.national_number),
  national_index = coalesce(r.national_index, s.national_index)
FROM json_to_recordset(%s::json) AS r(id bigint, klass_id bigint, number text, name text, pinyin text, initials text,
  sex text, birth_on date, is_boarding boolean, id_number bytea, id_index bytea, national_number bytea,
  national_index bytea)
WHERE s.id = r.id RETURNING s.id"""
PHONE_SQL = """UPDATE students_guardian AS g SET phone = r.phone, phone_index = r.phone_index
FROM json_to_recordset(%s::json) AS r(id bigint, phone bytea, phone_index bytea) WHERE g.id = r.id"""

#: Nobody may read or set a sequence; who may insert students may take numbers from it.
IDS_FUNCTION = [
    """CREATE OR REPLACE FUNCTION access_student_ids(how_many integer) RETURNS SETOF bigint LANGUAGE sql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT nextval(pg_get_serial_sequence('public.students_student', 'id'))
  FROM generate_series(1, least(how_many, 500000)) $$""",
    "REVOKE ALL ON FUNCTION access_student_ids(integer) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION access_student_ids(integer) TO xinyu_staff, xinyu_service",
]
