"""The rooms that this person watches now, and who may be asked to watch one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from assessments.choices import SittingState
from assessments.models import RoomWatch, Screening
from xinyu.accounts.models import User
from xinyu.organisations.models import Klass


@dataclass(frozen=True)
class Seat:
    sitting: int
    label: str
    state: str
    is_locked: bool

    @property
    def state_label(self) -> str:
        return SittingState(self.state).label


@dataclass
class Room:
    """One class in the computer room. `begin_by`: nobody may begin later; `ends_at`: whoever has begun may finish."""

    title: str
    klass: str
    until_at: datetime
    ends_at: datetime
    minutes: int
    seats: list[Seat] = field(default_factory=list)

    @property
    def begin_by(self) -> datetime:
        return self.ends_at - timedelta(minutes=self.minutes)

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [(state.label, sum(seat.state == state for seat in self.seats)) for state in SittingState]


def watched_rooms() -> list[Room]:
    """Two statements whatever the number of rooms and seats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_watched_room()")
        rows = cursor.fetchall()
    names = Klass.objects.select_related("grade").in_bulk({row[0] for row in rows})
    today, rooms = timezone.localdate(), dict[tuple, Room]()
    for klass, title, until_at, ends_at, minutes, sitting, label, state, is_locked in rows:
        room = rooms.setdefault((klass, title), Room(title, names[klass].name_on(today), until_at, ends_at, minutes))
        room.seats.append(Seat(sitting, label or "—", state, is_locked))
    return list(rooms.values())


def colleagues(school_id: int) -> list[tuple[int, str]]:
    """[(user id, name)] of people with a live post at the school; empty for somebody else's school."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person FROM access_school_staff(%s)", [school_id])
        found = [row[0] for row in cursor.fetchall()]
    return list(User.objects.filter(pk__in=found, is_active=True).order_by("name", "pk").values_list("pk", "name"))


def watches_of(screening: Screening, klass_id: int) -> list[RoomWatch]:
    """Who watches this class now."""
    live = RoomWatch.objects.filter(screening=screening, klass=klass_id, ended_at=None, until_at__gt=timezone.now())
    return list(live.select_related("watcher"))
