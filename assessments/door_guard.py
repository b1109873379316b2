"""Is somebody on duty at the school? Asked at the door by a sitting, which may not read who is on duty."""

GUARD_SQL = (
    """CREATE OR REPLACE FUNCTION door_is_guarded(of_school bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM assessments_dutycheckin WHERE school_id = of_school
    AND from_at <= at AND until_at > at AND (ended_at IS NULL OR ended_at > at));
END $$""",
    "REVOKE ALL ON FUNCTION door_is_guarded(bigint, timestamptz) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION door_is_guarded(bigint, timestamptz) "
    "TO xinyu_staff, xinyu_service, xinyu_door, xinyu_sitting",
)
