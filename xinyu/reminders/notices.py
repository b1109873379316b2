"""Messages in the inbox: written once each by key, read when opened, put off until a day. No name, no content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from xinyu.audit.entries import record
from xinyu.reminders.models import Notice

#: longer than this, and what was put off is forgotten
SNOOZE_DAYS = 30
INSERT = """INSERT INTO reminders_notice (to_id, key, title, body, url, why, is_urgent, due_id, created_at)
SELECT *, now() FROM unnest(%s::bigint[],
  %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[], %s::bigint[])
ON CONFLICT (key) DO NOTHING"""


class SnoozeRefused(ValueError):
    """A message cannot be put off that way; the text says why."""


@dataclass(frozen=True)
class Draft:
    """A message to be. `key` names the cause and the person: the same cause tells the same person once."""

    to: int
    key: str
    title: str
    why: str
    body: str = ""
    url: str = ""
    is_urgent: bool = False
    due_id: int | None = None

    def values(self) -> tuple:
        return (self.to, self.key, self.title, self.body, self.url, self.why, self.is_urgent, self.due_id)


def write_notices(drafts: Sequence[Draft]) -> int:
    """How many were new. Two writers at once write each key once: the index decides."""
    known = set(Notice.objects.filter(key__in=[draft.key for draft in drafts]).values_list("key", flat=True))
    fresh = {draft.key: draft for draft in drafts if draft.key not in known}
    if not fresh:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [list(column) for column in zip(*(d.values() for d in fresh.values()), strict=True)])
        return cursor.rowcount


def url_of(name: str, *args: object) -> str:
    """The address of a page, '' where the platform has none of that name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@transaction.atomic
def read_notice(notice: Notice) -> None:
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
        record("reminders.read_notice", subject=notice)


@transaction.atomic
def snooze_notice(notice: Notice, until: date, *, today: date) -> None:
    """Unread again from `until` on. Urgent messages are not put off."""
    if notice.is_urgent:
        raise SnoozeRefused("紧急消息不能稍后提醒，请先处理。")
    if not today < until <= today + timedelta(days=SNOOZE_DAYS):
        raise SnoozeRefused(f"请选择明天起 {SNOOZE_DAYS} 天以内的日期。")
    notice.snoozed_until, notice.read_at = until, None
    notice.save(update_fields=["snoozed_until", "read_at"])
    record("reminders.snooze_notice", subject=notice, detail={"until": str(until)})
