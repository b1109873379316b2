"""How many of a school's staff took part in a round that is over: one number, or none where it would tell who."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection

from xinyu.dashboard.suppression import suppress_counts
from xinyu.organisations.models import School

TOOK_PART, DID_NOT = "参加", "没有参加"


@dataclass(frozen=True)
class StaffCount:
    """`answered` None: hidden, because few took part or few did not."""

    title: str
    school: str
    opens_on: date
    closes_on: date
    answered: int | None


def shown_count(asked: int, answered: int, threshold: int) -> int | None:
    """The number as its school's leaders may read it. They know their staff: nobody and everybody are hidden, too."""
    rest = max(asked - answered, 0)
    shown, _ = suppress_counts({TOOK_PART: answered, DID_NOT: rest}, threshold)
    return shown[TOOK_PART] if answered and rest else None


def staff_counts() -> list[StaffCount]:
    """Rounds that are over at the schools the acting person leads, newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT school, title, opens, closes, asked, answered FROM access_staff_counts()")
        rows = cursor.fetchall()
    names = dict(School.objects.filter(pk__in={row[0] for row in rows}).values_list("pk", "name"))
    return [
        StaffCount(title, names[school], opens, closes, shown_count(asked, answered, settings.SMALL_CELL))
        for school, title, opens, closes, asked, answered in rows
    ]
