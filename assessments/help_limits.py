"""How many words one address and one code may leave on a day; an urgent word always may, and is not counted. Counted in
Redis, and in the database while Redis is away.

A limit keeps a joker from burying the counselor. It never keeps a child from being heard: whoever says "now" is heard.
"""

from datetime import date

from django.core.cache import cache
from django.db import connection

from assessments.choices import FlagLevel
from xinyu.vault.fields import find_by

#: far more than a whole school says on its worst day: it may have one address; the code on one wall is the real limit
PER_ADDRESS, PER_DOOR = 1000, 60
DAY_SECONDS = 24 * 3600


def is_too_much(level: str, client: str, door_id: int, on: date) -> bool:
    """Whether one more word would be too many for today. Counts nothing. Call as the door."""
    if level == FlagLevel.IMMEDIATE:
        return False
    return any(so_far(who, on) >= most for who, most in _limits(client, door_id))


def count_word(level: str, client: str, door_id: int, on: date) -> None:
    """A word was accepted. Call as the door."""
    if level != FlagLevel.IMMEDIATE:
        for who, _ in _limits(client, door_id):
            knock(who, on)


def _limits(client: str, door_id: int) -> tuple[tuple[str, int], ...]:
    return (f"address:{client}", PER_ADDRESS), (f"door:{door_id}", PER_DOOR)


def so_far(who: str, on: date) -> int:
    """How often today."""
    index, name = _index(who, on)
    count = cache.get(name)
    return count if count is not None else _in_database("door_help_knocks", index, on)


def knock(who: str, on: date) -> None:
    """Once more. Only a keyed hash of the address is kept anywhere."""
    index, name = _index(who, on)
    cache.add(name, 0, DAY_SECONDS)
    try:
        cache.incr(name)
    except ValueError:  # it ran out between the two calls
        cache.set(name, 1, DAY_SECONDS)
    if cache.get(name) is None:
        _in_database("door_help_knock", index, on)


def _index(who: str, on: date) -> tuple[bytes, str]:
    index = find_by("help-knock", f"{on}:{who}")
    return index, f"help-knock:{index.hex()}"


def _in_database(function: str, index: bytes, on: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [index, on])
        return cursor.fetchone()[0]
