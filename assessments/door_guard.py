"""Who is on duty at the school? Asked at the door by a sitting, which may not read it, and by whoever tells of a flag.

A check-in counts while its person holds a live post at the school with which one may check in: a post that ended takes
its duty with it. Staff learn it of their own schools only.
"""

from xinyu.access.permissions import SCHOOL_STAFF, roles_for
from xinyu.access.sql import DOOR, KEYED_ROLES, LIVE_POST, SERVICE, STAFF, only_for

_HEAD = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
_GUARDS = ",".join(sorted(roles_for("assessments.check_in")))
_STAFF = ",".join(sorted(SCHOOL_STAFF))

ON_DUTY = f"""CREATE OR REPLACE FUNCTION door_on_duty(of_school bigint, at timestamptz) RETURNS bigint[] {_HEAD}
BEGIN
  IF access_user() IS NOT NULL AND of_school <> ALL (access_schools('{{{_STAFF}}}')) THEN RETURN '{{}}'; END IF;
  RETURN (SELECT coalesce(array_agg(user_id ORDER BY since, user_id), '{{}}') FROM (
    SELECT duty.user_id, min(duty.from_at) AS since FROM assessments_dutycheckin AS duty
      WHERE duty.school_id = of_school AND duty.from_at <= at AND duty.until_at > at
        AND (duty.ended_at IS NULL OR duty.ended_at > at)
        AND EXISTS (SELECT FROM accounts_post AS post
          JOIN accounts_user AS holder ON holder.id = post.user_id AND holder.is_active
          WHERE post.user_id = duty.user_id AND post.school_id = of_school
            AND post.role = ANY ('{{{_GUARDS}}}') AND {LIVE_POST})
      GROUP BY duty.user_id) AS people);
END $$"""  # noqa: S608 - constant text

IS_GUARDED = f"""CREATE OR REPLACE FUNCTION door_is_guarded(of_school bigint, at timestamptz) RETURNS boolean {_HEAD}
BEGIN
  RETURN cardinality(door_on_duty(of_school, at)) > 0;
END $$"""

GUARD_SQL = (
    ON_DUTY,
    *only_for("door_on_duty(bigint, timestamptz)", STAFF, SERVICE),
    IS_GUARDED,
    *only_for("door_is_guarded(bigint, timestamptz)", STAFF, SERVICE, DOOR, KEYED_ROLES["sitting"]),
)
