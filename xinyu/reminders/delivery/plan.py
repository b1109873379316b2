"""Which deliveries are due for whom now. No clock, no database: the same input always gives the same rows.

Urgent at once and through quiet hours; ordinary gathered once a day; above the hourly limit one summary; every message
is told once on every line, by itself or carried by a digest or a summary.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from xinyu.reminders.delivery.texts import DIGEST, GROUP, SINGLE, SUMMARY

HOUR = timedelta(hours=1)
#: single urgent texts on one line within an hour; one summary follows, then silence until there is room again
HOURLY_LIMIT = 6
#: between the key of a message and the id of the deputy who gets it too
COPY = "/for-"


@dataclass(frozen=True)
class Message:
    """An unread message in one inbox. `key` ends with the id of its reader; what stands before it names the cause."""

    id: int
    key: str
    user_id: int
    is_urgent: bool
    created_at: datetime

    @property
    def root(self) -> str:
        return self.key.split(COPY)[0]

    @property
    def cause(self) -> str:
        return self.root.rpartition("/")[0]


@dataclass(frozen=True)
class Habits:
    """When a person wants the ordinary, in local time; 22:00 to 7:00 spans midnight, equal times mean never quiet."""

    digest_at: time = time(7, 30)
    quiet_from: time = time(22, 0)
    quiet_to: time = time(7, 0)

    def is_quiet(self, at: time) -> bool:
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to


@dataclass(frozen=True)
class Line:
    """One channel of one person, or the robot of a school's group (`is_group`), which speaks for several people.

    told        ids of messages that have a row on this line
    recent      when this line was used for urgent texts within the last hour
    digest_on   day of its last digest
    """

    id: int
    user_ids: frozenset[int]
    is_group: bool = False
    habits: Habits = Habits()
    told: frozenset[int] = frozenset()
    recent: tuple[datetime, ...] = ()
    digest_on: date | None = None


@dataclass(frozen=True)
class Outgoing:
    """One text to be. `carries`: messages that it stands for; a single text carries the one it is about."""

    key: str
    line_id: int
    what: str
    count: int
    carries: tuple[Message, ...]

    @property
    def is_urgent(self) -> bool:
        return self.what != DIGEST


@dataclass(frozen=True)
class Cover:
    """`deputy_id` reads for `user_id` from one day to another, both included."""

    user_id: int
    deputy_id: int
    from_on: date
    to_on: date

    def holds(self, on: date) -> bool:
        return self.from_on <= on <= self.to_on


def told_key(message: Message, line: Line) -> str:
    """Notice × person × channel: the same message is told once on a line, whoever plans."""
    return f"notice/{message.id}/{message.user_id}/{line.id}"


def plan(now: datetime, messages: Iterable[Message], lines: Iterable[Line]) -> list[Outgoing]:
    """What is to be sent now (`now` in local time), in the order of the lines, urgent first."""
    unread = sorted(messages, key=lambda message: (message.created_at, message.id))
    found: list[Outgoing] = []
    for line in lines:
        mine = [message for message in unread if message.user_id in line.user_ids and message.id not in line.told]
        urgent = [message for message in mine if message.is_urgent]
        room = HOURLY_LIMIT - sum(now - HOUR < at <= now for at in line.recent)
        if line.is_group:
            found += _group(line, urgent, room)
        else:
            found += _urgent(line, urgent, room)
            found += _digest(now, line, [message for message in mine if not message.is_urgent])
    return found


def _urgent(line: Line, fresh: list[Message], room: int) -> Iterator[Outgoing]:
    """One text each while there is room, then one for the rest; what comes later waits until there is room again."""
    singles = max(room, 0)
    for message in fresh[:singles]:
        yield Outgoing(told_key(message, line), line.id, SINGLE, 1, (message,))
    rest = tuple(fresh[singles:])
    if rest and room >= 0:
        yield Outgoing(f"summary/{line.id}/{rest[0].id}", line.id, SUMMARY, len(rest), rest)


def _group(line: Line, fresh: list[Message], room: int) -> Iterator[Outgoing]:
    """A group hears how many causes there are, never how many people were told."""
    if fresh and room > 0:
        causes = {message.cause for message in fresh}
        yield Outgoing(f"group/{line.id}/{fresh[0].id}", line.id, GROUP, len(causes), tuple(fresh))


def _digest(now: datetime, line: Line, fresh: list[Message]) -> Iterator[Outgoing]:
    """Once a day, from its hour on, outside quiet hours; what comes after that hour waits for the next morning."""
    moment = datetime.combine(now.date(), line.habits.digest_at, now.tzinfo)
    carries = tuple(message for message in fresh if message.created_at < moment)
    is_time = now >= moment and line.digest_on != now.date() and not line.habits.is_quiet(now.time())
    if carries and is_time:
        yield Outgoing(f"digest/{line.id}/{now.date()}", line.id, DIGEST, len(carries), carries)


def copies(
    on: date, messages: Iterable[Message], covers: Iterable[Cover], reserves: Mapping[int, frozenset[int]]
) -> list[tuple[Message, int]]:
    """(message of an absent person, who gets it too): the deputy, else the deputy's deputy, else the reserves.

    `reserves`: per absent person those who stand in where every deputy is away too. Ordinary messages from before the
    absence are not handed over; urgent ones are. Nobody gets what is in the own inbox already.
    """
    away = {cover.user_id: cover for cover in covers if cover.holds(on)}
    unread = list(messages)
    known = {(message.cause, message.user_id) for message in unread}
    found = []
    for message in unread:
        cover = away.get(message.user_id)
        if cover is None or not (message.is_urgent or message.created_at.date() >= cover.from_on):
            continue
        for user_id in sorted(stand_ins(message.user_id, away, reserves)):
            if (message.cause, user_id) not in known:
                known.add((message.cause, user_id))
                found.append((message, user_id))
    return found


def stand_ins(user_id: int, away: Mapping[int, Cover], reserves: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """Who is there instead of somebody who is away."""
    seen, at = set(), user_id
    while at in away and at not in seen:
        seen.add(at)
        at = away[at].deputy_id
    if at not in away:
        return frozenset({at})
    return frozenset(one for one in reserves.get(user_id, frozenset()) if one not in away)
