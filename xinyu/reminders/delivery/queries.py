"""Nouns of the settings page and the log: the person's own channels, deputies to choose from, what was sent."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from assessments.models import DutyCheckIn
from crisis.queries.people import colleagues
from xinyu.access.roles import ROLES
from xinyu.accounts.models import Post, User
from xinyu.reminders.delivery import addresses, ical, texts
from xinyu.reminders.delivery.actions import digest_of
from xinyu.reminders.delivery.plan import Habits
from xinyu.reminders.delivery.rows import (
    Absence,
    Channel,
    ChannelFault,
    ChannelKind,
    Delivery,
    DeliveryHabit,
    DeliveryState,
    FeedToken,
)
from xinyu.reminders.models import Due
from xinyu.reminders.reach import own_schools
from xinyu.ui.frame import Fact

NOTED = Fact("已登记", "circle-check", "good")
BROKEN = Fact("地址被拒收", "alert-circle", "notice")
OFF = Fact("未开通", "circle-dashed", "neutral")
STATES = {
    DeliveryState.WAITING: Fact("待发送", "clock", "info"),
    DeliveryState.SENT: Fact("已发送", "circle-check", "good"),
    DeliveryState.FAILED: Fact("发送失败", "alert-circle", "notice"),
    DeliveryState.CARRIED: Fact("已并入汇总", "circle-check", "neutral"),
    DeliveryState.DROPPED: Fact("已读，未再发送", "circle-check", "neutral"),
}
WHATS = {
    texts.SINGLE: "紧急待办",
    texts.SUMMARY: "紧急待办汇总",
    texts.GROUP: "工作群提醒",
    texts.DIGEST: "每日汇总",
    texts.PROBE: "测试消息",
}
FEED_PAST = timedelta(days=30)


@dataclass(frozen=True)
class ChannelLine:
    """One kind of channel of the person; `id` is None until an address was entered."""

    id: int | None
    title: str
    fact: Fact


@dataclass(frozen=True)
class DeliveryLine:
    """One row of the log; the address is not shown, only which kind it is."""

    what: str
    kind: str
    count: int
    at: datetime
    sent_at: datetime | None
    tries: int
    result: str
    fact: Fact


def own_channels(user: User) -> dict[str, Channel]:
    return {row.kind: row for row in Channel.objects.filter(user=user)}


def channel_lines(user: User) -> list[ChannelLine]:
    own = own_channels(user)
    return [_line(kind, own.get(kind)) for kind in (ChannelKind.MAIL, ChannelKind.SMS)]


def _line(kind: ChannelKind, row: Channel | None) -> ChannelLine:
    if row is None or not row.is_on:
        return ChannelLine(None, str(kind.label), OFF)
    return ChannelLine(row.pk, str(kind.label), BROKEN if row.broken_at else NOTED)


def settings_of(user: User) -> dict:
    """What the settings form shows first."""
    habit = DeliveryHabit.objects.filter(user=user).first() or Habits()
    own = own_channels(user)
    texts_of = {kind: addresses.reveal(row, "address") for kind, row in own.items()}
    return {
        "mail": texts_of.get(ChannelKind.MAIL, ""),
        "phone": texts_of.get(ChannelKind.SMS, ""),
        "digest_at": habit.digest_at,
        "quiet_from": habit.quiet_from,
        "quiet_to": habit.quiet_to,
    }


def deputies_for(request: HttpRequest) -> list[tuple[int, str]]:
    """[(user id, '姓名（岗位）')]: colleagues at the person's schools, or at the same bureau."""
    found = {user_id: label for school in own_schools(request) for user_id, label in colleagues(school)}
    above = {post.county_id or post.city_id for post in request.posts if not post.school_id}  # type: ignore[attr-defined]
    if above:
        posts = Post.objects.filter(school__isnull=True, place_id__in=above, user__is_active=True, revoked_at=None)
        own = {post.role for post in request.posts}  # type: ignore[attr-defined]
        for post in posts.filter(role__in=own, approved_at__isnull=False).select_related("user"):
            found[post.user_id] = f"{post.user.name}（{ROLES[post.role].label}）"
    found.pop(request.user.pk or 0, None)
    return sorted(found.items(), key=lambda pair: pair[1])


def absences(user: User) -> QuerySet[Absence]:
    """Those that are not over, own ones only."""
    rows = Absence.objects.filter(user=user, ended_at__isnull=True, to_on__gte=timezone.localdate())
    return rows.select_related("deputy")


def stands_in(user: User) -> QuerySet[Absence]:
    """Absences for which the person is the deputy."""
    rows = Absence.objects.filter(deputy=user, ended_at__isnull=True, to_on__gte=timezone.localdate())
    return rows.select_related("user")


def log(user: User) -> QuerySet[Delivery]:
    """Everything that was to go to the person, newest first; what a summary stands for is not listed again."""
    rows = Delivery.objects.filter(user=user).exclude(state=DeliveryState.CARRIED)
    return rows.select_related("channel").order_by("-created_at", "-pk")


def log_line(row: Delivery) -> DeliveryLine:
    kind, fact = row.channel.get_kind_display(), STATES[DeliveryState(row.state)]
    return DeliveryLine(WHATS[row.what], kind, row.count, row.created_at, row.sent_at, row.tries, row.result, fact)


def open_faults(schools: list[int]) -> QuerySet[ChannelFault]:
    rows = ChannelFault.objects.filter(school__in=schools, solved_at__isnull=True)
    return rows.select_related("user", "school")


def feed_owner(token: str) -> User | None:
    """Whose calendar the token opens; None for an unknown or revoked one, or somebody who has left."""
    rows = FeedToken.objects.filter(digest=digest_of(token), revoked_at__isnull=True, user__is_active=True)
    row = rows.select_related("user").first()
    return row.user if row else None


def feed(user: User, now: datetime) -> str:
    """Days with how much is due, and hours of duty. Titles stay inside: a county writes them, a phone shows them."""
    since = timezone.localdate(now) - FEED_PAST
    dues = Due.objects.open().filter(user=user, due_on__gte=since)
    days = Counter(dues.values_list("due_on", flat=True))
    entries = [ical.Entry(f"due-{on}-{user.pk}@xinyu", texts.dues_line(n), on=on) for on, n in sorted(days.items())]
    for row in DutyCheckIn.objects.filter(user=user, from_at__gt=now - FEED_PAST).order_by("from_at"):
        end = row.ended_at or row.until_at
        entries.append(ical.Entry(f"duty-{row.pk}@xinyu", texts.FEED_DUTY, start=row.from_at, end=end))
    return ical.calendar(texts.FEED_NAME, entries, now)
