"""Finding a sitting by its code, with a generous limit against guessing: a whole school sits behind one address."""

import logging

from django.core.cache import cache

from assessments.codes import code_index
from assessments.queries.answering import find_sitting

log = logging.getLogger("xinyu.door")
#: wrong codes per client address in ten minutes; a code has 49 bits, so this leaves a guesser nothing
MOST_WRONG = 600
WINDOW_SECONDS = 600


class CodeUnknown(Exception):
    """No sitting has this code."""


class TooManyWrong(Exception):
    """This address has sent too many wrong codes lately."""


def sitting_with(code: str, client: str) -> int:
    """The id of the sitting with this code. Raises CodeUnknown and TooManyWrong.

    A right code always opens, however many wrong ones came from its address: one pupil who types nonsense must not
    shut a school (or, behind a proxy, a city) out of its screening. 49 bits keep the guesser out.
    """
    found = find_sitting(code_index(code))
    if found:
        return found
    count_wrong(client)
    raise CodeUnknown


def count_wrong(client: str) -> None:
    """One more wrong code from this address. Raises TooManyWrong."""
    counter = f"door-wrong:{client}"
    if (cache.get(counter) or 0) >= MOST_WRONG:
        log.warning("more than %s wrong codes in %s s from one address", MOST_WRONG, WINDOW_SECONDS)
        raise TooManyWrong
    cache.add(counter, 0, WINDOW_SECONDS)
    try:
        cache.incr(counter)
    except ValueError:  # it ran out between the two calls
        cache.set(counter, 1, WINDOW_SECONDS)
