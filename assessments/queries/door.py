"""Finding a sitting by what was typed, with limits against guessing that never shut out a school behind one address.

The code of a slip has 49 bits and always opens. The short way (class, number, six digits) is limited per student, in
the database, and per class.
"""

import logging

from django.core.cache import cache

from assessments.codes import code_index
from assessments.queries.answering import find_sitting

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
    raise wrong(f"door-wrong:{client}", MOST_WRONG)


def count_wrong(client: str) -> None:
    """One more wrong code from this address, at whichever door. Raises TooManyWrong."""
    why = wrong(f"door-wrong:{client}", MOST_WRONG)
    if isinstance(why, TooManyWrong):
        raise why


def is_full(counter: str, most: int) -> bool:
    return (cache.get(counter) or 0) >= most


def wrong(counter: str, most: int) -> Exception:
    """Count one more wrong try; what to raise."""
    if is_full(counter, most):
        log.warning("more than %s wrong codes in %s s at %s", most, WINDOW_SECONDS, counter.partition(":")[0])
        return TooManyWrong()
    cache.add(counter, 0, WINDOW_SECONDS)
    try:
        cache.incr(counter)
    except ValueError:  # it ran out between the two calls
        cache.set(counter, 1, WINDOW_SECONDS)
    return CodeUnknown()
