"""How often one address and one code may leave a word on a day; an urgent word always may. Counted in Redis, and in the
database while Redis is away.

A limit keeps a joker from burying the counselor. It never keeps a child from being heard: whoever says "now" is heard.
"""

from datetime import date

from django.core.cache import cache
from django.db import connection

from assessments.choices import FlagLevel
from xinyu.vault.fields import find_by

#: a phone at home, or a class that shares an address in the computer room
PER_ADDRESS, PER_DOOR = 12, 60
DAY_SECONDS = 24 * 3600


def is_too_much(level: str, client: str, door_id: int, on: date) -> bool:
    """Counts this word and says whether it is one too many for today. Call as the door."""
    knocks = [(knock(f"address:{client}", on), PER_ADDRESS), (knock(f"door:{door_id}", on), PER_DOOR)]
    return level != FlagLevel.IMMEDIATE and any(count > most for count, most in knocks)


def knock(who: str, on: date) -> int:
    """How often today, this time included. Only a keyed hash of the address is kept anywhere."""
    index = find_by("help-knock", f"{on}:{who}")
    name = f"help-knock:{index.hex()}"
    cache.add(name, 0, DAY_SECONDS)
    try:
        count = cache.incr(name)
    except ValueError:  # it ran out between the two calls
        count = 1
    return count if cache.get(name) is not None else _knock_in_database(index, on)


def _knock_in_database(index: bytes, on: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_help_knock(%s, %s)", [index, on])
        return cursor.fetchone()[0]
