"""A message to somebody who is away also goes into the inbox of the deputy, and out on the deputy's own channels."""

from datetime import datetime

from django.utils import timezone

from xinyu.reminders.delivery import gather
from xinyu.reminders.delivery.plan import COPY, Cover, copies
from xinyu.reminders.models import Notice
from xinyu.reminders.notices import Draft, url_of, write_notices


def hand_over(now: datetime) -> int:
    """How many copies were written. Call as system:reminders."""
    today = timezone.localdate(now)
    away = gather.covers(today)
    if not away:
        return 0
    reserves = {c.user_id: gather.administrators(gather.schools_of(c.user_id, today), today) for c in away}
    people = {c.user_id for c in away} | {c.deputy_id for c in away} | set().union(*reserves.values())
    planned = copies(today, gather.messages(people, now), away, reserves)
    rows = Notice.objects.in_bulk([message.id for message, _ in planned])
    return write_notices([_draft(rows[m.id], m.root, to, away) for m, to in planned])


def _draft(notice: Notice, root: str, to: int, away: list[Cover]) -> Draft:
    is_named = any(cover.user_id == notice.to_id and cover.deputy_id == to for cover in away)
    role = "您是代理人" if is_named else "代理人也不在岗，您是本校的管理人员"
    return Draft(
        to,
        f"{root}{COPY}{to}",
        f"代收：{notice.title}"[:100],
        f"原收件人请假，{role}，所以也发给您。能打开哪些页面由您自己的岗位决定。",
        notice.body,
        url_of("reminders:seasons") if notice.due_id else notice.url,
        is_urgent=notice.is_urgent,
        due_id=notice.due_id,
    )
