"""A gateway, a mail server or a robot's service that answers nobody: a task for whoever looks after it.

The tries go on by themselves; the message stands in the inbox once a day until a text gets through again.
"""

from datetime import date

from django.utils import timezone

from xinyu.accounts.queries import posts_on
from xinyu.reminders.delivery import gather
from xinyu.reminders.delivery.rows import ChannelKind, Delivery
from xinyu.reminders.models import Notice
from xinyu.reminders.notices import Draft, url_of, write_notices

WHY = {
    ChannelKind.MAIL: "您是系统管理员，平台的邮件服务器由您维护。",
    ChannelKind.SMS: "短信网关由县区专干登记，学校由心理教师和分管副校长管理，您是其中之一。",
    ChannelKind.GROUP: "您是本校的管理人员，工作群机器人由您设置。",
}


def way_of(row: Delivery, today: date) -> str:
    """Names the way out that the text takes: one for all mail, one per gateway, one per robot."""
    if row.channel.kind == ChannelKind.SMS:
        gateway = gather.gateway_of(row.user_id or 0, today)
        return f"sms-{gateway.pk if gateway else 0}"
    return row.channel.kind if row.channel.kind == ChannelKind.MAIL else f"group-{row.channel_id}"


def keepers(row: Delivery, today: date) -> set[int]:
    """Who can mend it: of mail the system administrators, of a gateway the county's officer, and the school's own."""
    posts = posts_on(today)
    if row.channel.kind == ChannelKind.MAIL:
        return set(posts.filter(role="system_admin").values_list("user_id", flat=True))
    if row.channel.kind == ChannelKind.GROUP:
        return set(gather.administrators({row.channel.school_id or 0}, today))
    gateway = gather.gateway_of(row.user_id or 0, today)
    found = set(gather.administrators(gather.schools_of(row.user_id or 0, today), today))
    if gateway is not None:
        found |= set(posts.filter(role="county_officer", county=gateway.county_id).values_list("user_id", flat=True))
    return found


def tell_way_is_down(row: Delivery) -> int:
    """How many people heard of it; each of them once a day for each way out."""
    today = timezone.localdate()
    kind, way = ChannelKind(row.channel.kind), way_of(row, today)
    return write_notices(
        [
            Draft(
                user_id,
                f"way-down/{way}/{today}/{user_id}",
                f"{kind.label}发不出去，请检查",
                WHY[kind],
                f"{kind.label}服务连续没有应答（{row.result}），平台会继续重试；在此之前大家只有站内消息。",
                url_of("reminders:delivery-settings"),
                is_urgent=True,
            )
            for user_id in sorted(keepers(row, today))
        ]
    )


def way_is_back(row: Delivery) -> int:
    """A text got through: nobody need look any more. How many messages that answers."""
    waiting = Notice.objects.filter(key__startswith=f"way-down/{way_of(row, timezone.localdate())}/", read_at=None)
    return waiting.update(read_at=timezone.now())
