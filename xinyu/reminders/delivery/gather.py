"""ORM → the pure shapes of plan.py: who can be reached how, what lies unread, who is away. Call as system:reminders."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from xinyu.accounts.queries import posts_on
from xinyu.reminders.causes import holders_at
from xinyu.reminders.delivery import providers, texts
from xinyu.reminders.delivery.plan import HOUR, Cover, Habits, Line, Message
from xinyu.reminders.delivery.rows import (
    Absence,
    Channel,
    ChannelKind,
    Delivery,
    DeliveryHabit,
    DeliveryState,
    SmsGateway,
)
from xinyu.reminders.models import Notice

#: older messages are left to the inbox: who connects a channel is not told the whole past
FRESH = timedelta(days=7)
#: the school's administrator, until there is a role of that name
ADMINISTRATORS = ("counselor", "vice_principal")


def messages(users: Iterable[int], now: datetime) -> list[Message]:
    """What lies unread in these inboxes and is not put off."""
    rows = Notice.objects.filter(to__in=set(users), read_at__isnull=True, created_at__gt=now - FRESH)
    rows = rows.exclude(snoozed_until__gt=timezone.localdate(now))
    return [Message(row.pk, row.key, row.to_id, row.is_urgent, timezone.localtime(row.created_at)) for row in rows]


def lines(now: datetime) -> list[Line]:
    """Every channel that works and that this installation can serve."""
    today = timezone.localdate(now)
    channels = list(Channel.objects.filter(is_on=True, broken_at__isnull=True).exclude(user__is_active=False))
    users = {channel.user_id for channel in channels if channel.user_id}
    served = served_by_sms(users, today)
    habits = {row.user_id: row for row in DeliveryHabit.objects.filter(user__in=users)}
    groups = people_at({c.school_id for c in channels if c.is_group and c.school_id}, today)
    told, recent, digests = _history(channels, now)
    return [
        Line(
            channel.pk,
            frozenset({channel.user_id}) if channel.user_id else groups.get(channel.school_id or 0, frozenset()),
            channel.is_group,
            _habits(habits.get(channel.user_id or 0)),
            frozenset(told[channel.pk]),
            tuple(recent[channel.pk]),
            digests.get(channel.pk),
        )
        for channel in channels
        if _is_served(channel, served)
    ]


def _is_served(channel: Channel, served: set[int]) -> bool:
    if channel.kind == ChannelKind.MAIL:
        return providers.has_mail()
    return channel.kind == ChannelKind.GROUP or channel.user_id in served


def _habits(row: DeliveryHabit | None) -> Habits:
    return Habits(row.digest_at, row.quiet_from, row.quiet_to) if row else Habits()


def _history(channels: list[Channel], now: datetime) -> tuple[dict, dict, dict]:
    """Per channel: messages that have a row, moments of urgent texts within the hour, day of the newest digest."""
    told, recent, digests = defaultdict(set), defaultdict(list), {}
    rows = Delivery.objects.filter(channel__in=channels, created_at__gt=now - FRESH - HOUR).order_by("created_at")
    urgent = (texts.SINGLE, texts.SUMMARY, texts.GROUP)
    silent = (DeliveryState.CARRIED, DeliveryState.DROPPED)
    for row in rows.only("channel_id", "notice_id", "what", "state", "created_at"):
        if row.notice_id:
            told[row.channel_id].add(row.notice_id)
        if row.what == texts.DIGEST:
            digests[row.channel_id] = timezone.localdate(row.created_at)
        elif row.what in urgent and row.state not in silent:
            recent[row.channel_id].append(row.created_at)
    return told, recent, digests


def people_at(schools: set[int], today: date) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for school_id, user_id in posts_on(today).filter(school__in=schools).values_list("school_id", "user_id"):
        found[school_id].add(user_id)
    return {school_id: frozenset(people) for school_id, people in found.items()}


def served_by_sms(users: set[int], today: date) -> set[int]:
    """Those for whose school or county a gateway is set."""
    gateways = SmsGateway.objects.filter(is_on=True)
    schools = {row.school_id for row in gateways if row.school_id}
    counties = {row.county_id for row in gateways if not row.school_id}
    posts = posts_on(today).filter(Q(school__in=schools) | Q(county__in=counties), user__in=users)
    return set(posts.values_list("user_id", flat=True))


def gateway_of(user_id: int, today: date) -> SmsGateway | None:
    """The newest of the person's schools, else of the counties."""
    places = list(posts_on(today).filter(user=user_id).values_list("school_id", "county_id"))
    gateways = SmsGateway.objects.filter(is_on=True)
    own = gateways.filter(school__in={school for school, _ in places if school}).first()
    return own or gateways.filter(school__isnull=True, county__in={county for _, county in places if county}).first()


def schools_of(user_id: int, today: date) -> set[int]:
    return set(posts_on(today).filter(user=user_id, school__isnull=False).values_list("school_id", flat=True))


def administrators(schools: set[int], today: date) -> frozenset[int]:
    """Who looks after the accounts of these schools."""
    return frozenset(user for people in holders_at(schools, ADMINISTRATORS, today).values() for user in people)


def covers(today: date) -> list[Cover]:
    """Who is away today and who reads for them. A deputy without a live post at the same place counts as away too."""
    rows = list(Absence.objects.filter(ended_at__isnull=True, from_on__lte=today, to_on__gte=today))
    places = _places_of({row.user_id for row in rows} | {row.deputy_id for row in rows}, today)
    found = []
    for row in rows:
        is_there = bool(places[row.user_id] & places[row.deputy_id])
        found.append(Cover(row.user_id, row.deputy_id if is_there else row.user_id, row.from_on, row.to_on))
    return found


def _places_of(users: set[int], today: date) -> dict[int, set[tuple[int | None, int | None, int]]]:
    """Per person the schools, or counties or cities of posts above schools."""
    found: dict[int, set] = defaultdict(set)
    rows = posts_on(today).filter(user__in=users).values_list("user_id", "school_id", "county_id", "city_id")
    for user_id, school_id, county_id, city_id in rows:
        found[user_id].add((school_id, county_id, city_id))
    return found
