"""Guarded hours: who is on duty, and until when a check-in may last."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from assessments.models import DutyCheckIn
from assessments.queries.calendars import calendar_of_school

#: on the last day before days off the afternoon is closed (4-workflow D9.2)
NOON = time(12, 0)
LONGEST = timedelta(hours=10)


@dataclass(frozen=True)
class Duty:
    """`people`: check-ins that count now; `mine`: the asking person's own one, or None."""

    people: tuple[DutyCheckIn, ...]
    mine: DutyCheckIn | None
    latest: datetime

    @property
    def is_guarded(self) -> bool:
        return bool(self.people)


def is_guarded(school_id: int, at: datetime) -> bool:
    """Whether a named person is on duty at the school. Works for every kind of actor, a sitting included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_is_guarded(%s, %s)", [school_id, at])
        return cursor.fetchone()[0]


def on_duty(school_id: int, at: datetime) -> list[int]:
    """Ids of the people on duty who hold a live post at the school, longest first. For staff and system jobs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_on_duty(%s, %s)", [school_id, at])
        return cursor.fetchone()[0]


def duty_of(school_id: int, user, at: datetime) -> Duty:
    """Who is on duty now, as staff of the school may see it."""
    live = tuple(
        DutyCheckIn.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), school_id=school_id)
        .filter(user__in=on_duty(school_id, at), from_at__lte=at, until_at__gt=at)
        .select_related("user")
        .order_by("until_at")
    )
    mine = next((one for one in live if one.user_id == user.pk), None)
    return Duty(live, mine, latest_end(school_id, at))


def latest_end(school_id: int, at: datetime) -> datetime:
    """Until when somebody who checks in now may stay checked in."""
    local = timezone.localtime(at)
    closing = (
        NOON if calendar_of_school(school_id, local.date()).is_last_day_before_break(local.date()) else time(23, 59)
    )
    return min(at + LONGEST, timezone.make_aware(datetime.combine(local.date(), closing)))
