"""The short way in: class, own number, six digits. A wrong try is counted and may lock the short way of one student."""

import secrets

from django.db import connection

from assessments.codes import short_code
from assessments.queries.door import (
    MOST_WRONG,
    MOST_WRONG_OF_KLASS,
    MOST_WRONG_OF_ONE,
    ShortWayLocked,
    TooManyWrong,
    is_full,
    wrong,
)
from xinyu.access.actor import DOOR, acting_as
from xinyu.audit.entries import record

_FIND_IN_KLASS = "SELECT door_klass_sitting(%s, %s)"
_LOOK = """SELECT code_index, wrong_tries, school_id, locked_at IS NOT NULL FROM assessments_sitting
WHERE id = %s FOR UPDATE"""
_COUNT = """UPDATE assessments_sitting SET wrong_tries = %(tries)s,
  locked_at = CASE WHEN %(tries)s >= %(most)s THEN now() END WHERE id = %(sitting)s"""


def sitting_in_klass(klass: str, number: str, short: str, client: str) -> int:
    """The id of the sitting of this student of this class. Raises CodeUnknown (whichever of the three is wrong),
    TooManyWrong, and ShortWayLocked."""
    counter = f"door-klass:{klass}"
    if is_full(counter, MOST_WRONG_OF_KLASS):
        raise TooManyWrong
    with acting_as(DOOR), connection.cursor() as cursor:
        cursor.execute(_FIND_IN_KLASS, [klass, number])
        found = cursor.fetchone()[0]
    if found < 0:
        raise wrong(f"door-wrong:{client}", MOST_WRONG)
    if not found or not _is_short_code(found, short):
        raise wrong(counter, MOST_WRONG_OF_KLASS)
    return found


def _is_short_code(sitting_id: int, short: str) -> bool:
    """Compared and counted as the sitting itself, one try after the other."""
    with acting_as(f"sitting:{sitting_id}"), connection.cursor() as cursor:
        cursor.execute(_LOOK, [sitting_id])
        index, tries, school_id, is_locked = cursor.fetchone()
        if is_locked:
            raise ShortWayLocked
        is_right = secrets.compare_digest(short_code(index), short)
        tries = 0 if is_right else tries + 1
        cursor.execute(_COUNT, {"sitting": sitting_id, "tries": tries, "most": MOST_WRONG_OF_ONE})
        if tries >= MOST_WRONG_OF_ONE:
            record("assessments.lock_short_code", subject=f"assessments_sitting:{sitting_id}", school_id=school_id)
    return is_right
