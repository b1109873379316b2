"""Duties of somebody who is away or has left go to somebody who is there, in the transaction of the cause.

In the database, because the cause may be anybody's: a security administrator who ends a post sees no case. What the
functions change is told in crisis_dutyhandon; both sides hear of it (causes.py). A counselor's duties go to the deputy
whom she named, else to the counselor longest at the school, else, for cases, to a leader: who is no counselor and
therefore reads no note (crisis/note_function.py), and passes the case on.
"""

from xinyu.access.sql import LIVE_POST, SERVICE, STAFF, only_for

_TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
_AWAY = f"""EXISTS (SELECT FROM reminders_absence AS away WHERE away.user_id = {{person}} AND away.ended_at IS NULL
        AND {_TODAY} BETWEEN away.from_on AND away.to_on)"""  # noqa: S608 - constant text
_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
#: who may hold a case
_KEEPERS = "'counselor', 'vice_principal', 'principal'"

HEIR = f"""CREATE OR REPLACE FUNCTION access_duties_heir(leaving bigint, at_school bigint, wanted text[]) RETURNS bigint
LANGUAGE plpgsql STABLE {_DEFINER}
BEGIN
  RETURN (SELECT user_id FROM accounts_post JOIN accounts_user ON accounts_user.id = user_id AND is_active
    WHERE school_id = at_school AND role = ANY (wanted) AND user_id <> leaving AND {LIVE_POST}
      AND NOT {_AWAY.format(person="accounts_post.user_id")}
    ORDER BY array_position(wanted, role::text), valid_from, accounts_post.id LIMIT 1);
END $$"""  # noqa: S608 - constant text

THERE = f"""CREATE OR REPLACE FUNCTION access_duties_is_there(person bigint, at_school bigint, wanted text[])
RETURNS boolean LANGUAGE plpgsql STABLE {_DEFINER}
BEGIN
  RETURN EXISTS (SELECT FROM accounts_post JOIN accounts_user ON accounts_user.id = user_id AND is_active
    WHERE user_id = person AND school_id = at_school AND (wanted IS NULL OR role = ANY (wanted)) AND {LIVE_POST})
    AND NOT {_AWAY.format(person="person")};
END $$"""  # noqa: S608 - constant text

HAND_ON = f"""CREATE OR REPLACE FUNCTION access_duties_hand_on(leaving bigint, at_school bigint, deputy bigint,
  reason text) RETURNS integer LANGUAGE plpgsql {_DEFINER}
DECLARE heir bigint; keeper bigint; moved integer; total integer := 0;
BEGIN
  IF access_user() IS DISTINCT FROM leaving AND access_system() IS NULL AND pg_trigger_depth() = 0 THEN
    RAISE EXCEPTION 'only one''s own duties' USING ERRCODE = 'insufficient_privilege';
  END IF;
  heir := CASE WHEN deputy <> leaving AND access_duties_is_there(deputy, at_school, '{{counselor}}') THEN deputy
    ELSE access_duties_heir(leaving, at_school, '{{counselor}}') END;
  keeper := coalesce(heir, access_duties_heir(leaving, at_school, '{{vice_principal,principal}}'));

  WITH gone AS (UPDATE crisis_case SET owner_id = keeper, version = version + 1
      WHERE school_id = at_school AND owner_id = leaving AND closed_at IS NULL AND keeper IS NOT NULL RETURNING id)
  INSERT INTO crisis_dutyhandon (school_id, kind, subject_id, from_user_id, to_user_id, why, by_id, at)
    SELECT at_school, 'case', id, leaving, keeper, reason, access_user(), now() FROM gone;
  GET DIAGNOSTICS moved = ROW_COUNT; total := total + moved;

  WITH gone AS (UPDATE assessments_flag SET owner_id = heir
      WHERE school_id = at_school AND owner_id = leaving AND handled_at IS NULL RETURNING id)
  INSERT INTO crisis_dutyhandon (school_id, kind, subject_id, from_user_id, to_user_id, why, by_id, at)
    SELECT at_school, 'flag', id, leaving, heir, reason, access_user(), now() FROM gone;
  GET DIAGNOSTICS moved = ROW_COUNT; total := total + moved;

  UPDATE crisis_acutecall AS call SET ended_at = now()
    WHERE school_id = at_school AND person_id = leaving AND ended_at IS NULL AND EXISTS (SELECT
      FROM crisis_acutecall AS other WHERE other.interview_id = call.interview_id AND other.person_id = keeper);
  WITH gone AS (UPDATE crisis_acutecall SET person_id = keeper, seen_at = NULL,
        rung = CASE WHEN heir IS NULL THEN 'vice_principal' ELSE 'deputy' END
      WHERE school_id = at_school AND person_id = leaving AND ended_at IS NULL AND keeper IS NOT NULL RETURNING id)
  INSERT INTO crisis_dutyhandon (school_id, kind, subject_id, from_user_id, to_user_id, why, by_id, at)
    SELECT at_school, 'call', id, leaving, keeper, reason, access_user(), now() FROM gone;
  GET DIAGNOSTICS moved = ROW_COUNT; total := total + moved;

  IF NOT access_duties_is_there(leaving, at_school, NULL) THEN
    WITH gone AS (UPDATE crisis_planitem AS item SET version = item.version + 1,
          person_id = CASE WHEN deputy <> leaving AND access_duties_is_there(deputy, at_school, NULL) THEN deputy
            ELSE held.owner_id END
        FROM crisis_case AS held WHERE held.id = item.case_id AND held.closed_at IS NULL AND held.owner_id <> leaving
          AND item.school_id = at_school AND item.person_id = leaving AND item.done_at IS NULL
        RETURNING item.id, item.person_id)
    INSERT INTO crisis_dutyhandon (school_id, kind, subject_id, from_user_id, to_user_id, why, by_id, at)
      SELECT at_school, 'plan', id, leaving, person_id, reason, access_user(), now() FROM gone;
    GET DIAGNOSTICS moved = ROW_COUNT; total := total + moved;
  END IF;
  RETURN total;
END $$"""  # noqa: S608 - constant text

#: who holds a duty and is not there, for the day on which a leave begins or a post runs out by itself
ABSENT = f"""CREATE OR REPLACE FUNCTION access_duties_of_absent()
RETURNS TABLE (person bigint, at_school bigint, deputy bigint, reason text) LANGUAGE plpgsql STABLE {_DEFINER}
BEGIN
  RETURN QUERY SELECT held.person, held.school, away.deputy_id,
      CASE WHEN away.id IS NULL THEN 'exit' ELSE 'leave' END
    FROM (
      SELECT owner_id AS person, school_id AS school, true AS by_counselors FROM crisis_case WHERE closed_at IS NULL
      UNION SELECT owner_id, school_id, true FROM assessments_flag WHERE handled_at IS NULL AND owner_id IS NOT NULL
      UNION SELECT person_id, school_id, true FROM crisis_acutecall WHERE ended_at IS NULL
      UNION SELECT item.person_id, item.school_id, false FROM crisis_planitem AS item
        JOIN crisis_case AS kept ON kept.id = item.case_id WHERE item.done_at IS NULL AND kept.closed_at IS NULL
    ) AS held
    LEFT JOIN reminders_absence AS away ON away.user_id = held.person AND away.ended_at IS NULL
      AND {_TODAY} BETWEEN away.from_on AND away.to_on
    WHERE NOT access_duties_is_there(held.person, held.school,
      CASE WHEN held.by_counselors THEN ARRAY[{_KEEPERS}] END);
END $$"""  # noqa: S608 - constant text

ENDED = f"""CREATE OR REPLACE FUNCTION access_duties_post_ended() RETURNS trigger LANGUAGE plpgsql {_DEFINER}
BEGIN
  IF NEW.revoked_at IS NOT NULL AND OLD.revoked_at IS NULL AND NEW.school_id IS NOT NULL
      AND NOT access_duties_is_there(NEW.user_id, NEW.school_id, ARRAY[{_KEEPERS}]) THEN
    PERFORM access_duties_hand_on(NEW.user_id, NEW.school_id, NULL, 'exit');
  END IF;
  RETURN NULL;
END $$"""

CLOSED = f"""CREATE OR REPLACE FUNCTION access_duties_account_closed() RETURNS trigger LANGUAGE plpgsql {_DEFINER}
BEGIN
  IF OLD.is_active AND NOT NEW.is_active THEN
    PERFORM access_duties_hand_on(NEW.id, posts.school_id, NULL, 'exit')
      FROM (SELECT DISTINCT school_id FROM accounts_post WHERE user_id = NEW.id AND school_id IS NOT NULL) AS posts;
  END IF;
  RETURN NULL;
END $$"""  # noqa: S608 - constant text


def _trigger(name: str, table: str) -> str:
    """Not before the tables that it writes: while migrating up to some point there are no duties yet."""
    return f"""DO $$ BEGIN
  IF to_regclass('crisis_dutyhandon') IS NOT NULL AND to_regclass('reminders_absence') IS NOT NULL THEN
    CREATE OR REPLACE TRIGGER {name} AFTER UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
  END IF;
END $$"""


# AFTER UPDATE, not OF a column: that would pin it (rows.md, trap 13).
DUTY_SQL = [
    HEIR,
    *only_for("access_duties_heir(bigint, bigint, text[])"),
    THERE,
    *only_for("access_duties_is_there(bigint, bigint, text[])", SERVICE),
    HAND_ON,
    *only_for("access_duties_hand_on(bigint, bigint, bigint, text)", STAFF, SERVICE),
    ABSENT,
    *only_for("access_duties_of_absent()", SERVICE),
    ENDED,
    *only_for("access_duties_post_ended()"),
    _trigger("access_duties_post_ended", "accounts_post"),
    CLOSED,
    *only_for("access_duties_account_closed()"),
    _trigger("access_duties_account_closed", "accounts_user"),
]
