"""Finding a sitting by what was typed, with limits against guessing that never shut out a school behind one address.

The code of a slip has 49 bits and always opens. The short way (class, number, six digits) is limited per student, in
the database, and per class.
"""

import logging
import secrets

from django.core.cache import cache
from django.db import connection

from assessments.codes import code_index, short_code
from assessments.queries.answering import find_sitting
from xinyu.access.actor import DOOR, acting_as

log = logging.getLogger("xinyu.door")
#: wrong codes per client address in ten minutes; a code has 49 bits, so this leaves a guesser nothing
MOST_WRONG = 600
WINDOW_SECONDS = 600
#: wrong short codes of one student until a teacher frees the short way again: 10 of a million
MOST_WRONG_OF_ONE = 10
#: wrong tries at one class in ten minutes: 60 children who mistype thrice
MOST_WRONG_OF_KLASS = 180


class CodeUnknown(Exception):
    """No sitting has this code."""


class TooManyWrong(Exception):
    """This address, or this class, has sent too many wrong codes lately."""


class ShortWayLocked(Exception):
    """The short code of this student was typed wrong too often; the code of the slip still opens."""


def sitting_with(code: str, client: str) -> int:
    """The id of the sitting with this code. Raises CodeUnknown and TooManyWrong.

    A right code always opens, however many wrong ones came from its address: one pupil who types nonsense must not
    shut a school (or, behind a proxy, a city) out of its screening. 49 bits keep the guesser out.
    """
    found = find_sitting(code_index(code))
    if found:
        return found
    raise _wrong(f"door-wrong:{client}", MOST_WRONG)


def count_wrong(client: str) -> None:
    """One more wrong code from this address, at whichever door. Raises TooManyWrong."""
    why = _wrong(f"door-wrong:{client}", MOST_WRONG)
    if isinstance(why, TooManyWrong):
        raise why


def _is_full(counter: str, most: int) -> bool:
    return (cache.get(counter) or 0) >= most


def _wrong(counter: str, most: int) -> Exception:
    """Count one more wrong try; what to raise."""
    if _is_full(counter, most):
        log.warning("more than %s wrong codes in %s s at %s", most, WINDOW_SECONDS, counter.partition(":")[0])
        return TooManyWrong()
    cache.add(counter, 0, WINDOW_SECONDS)
    try:
        cache.incr(counter)
    except ValueError:  # it ran out between the two calls
        cache.set(counter, 1, WINDOW_SECONDS)
    return CodeUnknown()


_FIND_IN_KLASS = "SELECT door_klass_sitting(%s, %s)"
_LOOK = "SELECT code_index, wrong_tries, locked_at IS NOT NULL FROM assessments_sitting WHERE id = %s FOR UPDATE"
_COUNT = """UPDATE assessments_sitting SET wrong_tries = %(tries)s,
  locked_at = CASE WHEN %(tries)s >= %(most)s THEN now() END WHERE id = %(sitting)s"""


def sitting_in_klass(klass: str, number: str, short: str, client: str) -> int:
    """The id of the sitting of this student of this class. Raises CodeUnknown (whichever of the three is wrong),
    TooManyWrong, and ShortWayLocked."""
    counter = f"door-klass:{klass}"
    if _is_full(counter, MOST_WRONG_OF_KLASS):
        raise TooManyWrong
    with acting_as(DOOR), connection.cursor() as cursor:
        cursor.execute(_FIND_IN_KLASS, [klass, number])
        found = cursor.fetchone()[0]
    if found < 0:
        raise _wrong(f"door-wrong:{client}", MOST_WRONG)
    if not found or not _is_short_code(found, short):
        raise _wrong(counter, MOST_WRONG_OF_KLASS)
    return found


def _is_short_code(sitting_id: int, short: str) -> bool:
    """Compared and counted as the sitting itself, one try after the other."""
    with acting_as(f"sitting:{sitting_id}"), connection.cursor() as cursor:
        cursor.execute(_LOOK, [sitting_id])
        index, tries, is_locked = cursor.fetchone()
        if is_locked:
            raise ShortWayLocked
        is_right = secrets.compare_digest(short_code(index), short)
        tries = 0 if is_right else tries + 1
        cursor.execute(_COUNT, {"sitting": sitting_id, "tries": tries, "most": MOST_WRONG_OF_ONE})
    return is_right
