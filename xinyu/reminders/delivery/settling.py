"""What became of a text is written down: sent, tried again later, or a fault that somebody must mend.

A refused address is the fault of one channel. A gateway or mail server that answers nobody is the fault of a way out:
whoever looks after it hears of it within minutes, not when the last try has failed.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from xinyu.audit.entries import record
from xinyu.reminders.delivery import gather, outages
from xinyu.reminders.delivery.providers import AGAIN, NEVER, SENT, Outcome
from xinyu.reminders.delivery.rows import Channel, ChannelFault, Delivery, DeliveryState
from xinyu.reminders.delivery.texts import PROBE
from xinyu.reminders.notices import Draft, url_of, write_notices

#: minutes before the next try; after the last one the row has failed, and the inbox still has the message
BACK_OFF = (0.5, 1, 2, 5, 15, 30, 60, 120, 240, 480)

#: tries after which a way out counts as down: three and a half minutes after the first one
DOWN_AFTER = 3


def settle(delivery_id: int, lease_until: datetime, outcome: Outcome) -> str:
    """The row's new state. A sender whose lease ran out may still say that it was sent, and nothing else."""
    row = Delivery.objects.select_for_update().get(pk=delivery_id)
    is_ours = row.lease_until == lease_until
    if row.state != DeliveryState.WAITING or not (is_ours or outcome.verdict == SENT):
        return row.state
    row.result, row.lease_until = outcome.code[:60], None
    if outcome.verdict == SENT:
        row.state, row.sent_at = DeliveryState.SENT, timezone.now()
    elif outcome.verdict == NEVER or row.tries > len(BACK_OFF):
        row.state = DeliveryState.FAILED
    else:
        row.due_at = timezone.now() + timedelta(minutes=BACK_OFF[row.tries - 1])
    row.save(update_fields=["state", "result", "lease_until", "sent_at", "due_at"])
    record("reminders.settle_delivery", subject=row, detail={"state": row.state, "tries": row.tries})
    if outcome.verdict == SENT and row.tries >= DOWN_AFTER:
        outages.way_is_back(row)
    elif outcome.verdict == AGAIN and row.tries >= DOWN_AFTER:
        outages.tell_way_is_down(row)
    if outcome.verdict == NEVER:
        break_channel(row)
    elif row.state == DeliveryState.SENT and row.what == PROBE:  # the person has tried again, and it works
        ChannelFault.objects.filter(channel=row.channel_id, solved_at__isnull=True).update(solved_at=row.sent_at)
    return row.state if row.state != DeliveryState.WAITING else "again"


def break_channel(row: Delivery) -> None:
    """Nothing more goes to a refused address; the administrators of the school and the person hear of it once."""
    now, today = timezone.now(), timezone.localdate()
    channel = Channel.objects.select_for_update().get(pk=row.channel_id)
    if channel.broken_at is not None:
        return
    channel.broken_at = now
    channel.save(update_fields=["broken_at"])
    waiting = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.FAILED, result="channel broken")
    if ChannelFault.objects.filter(channel=channel, solved_at__isnull=True).exists():
        return
    own = {channel.school_id} if channel.is_group else gather.schools_of(channel.user_id, today)  # type: ignore[arg-type]
    drafts = []
    schools: list[int | None] = [*sorted(one for one in own if one)]
    for school_id in schools or [None]:
        fault = ChannelFault.objects.create(
            channel=channel, user_id=channel.user_id, school_id=school_id, kind=channel.kind, reason=row.result
        )
        record("reminders.find_fault", subject=fault, detail={"kind": channel.kind})
        drafts += _drafts(fault, today)
    write_notices(drafts)


def _drafts(fault: ChannelFault, today) -> list[Draft]:
    keepers = gather.administrators({fault.school_id}, today) if fault.school_id else frozenset()
    drafts = [
        Draft(
            user_id,
            f"channel-fault/{fault.pk}/{user_id}",
            "本校一个通知渠道发不出去",
            "服务商拒收了这个地址（号码有误或邮箱退信），您是本校的管理人员。",
            f"{fault.get_kind_display()}被拒收，请联系本人更正；在此之前只有站内消息。",
            url_of("reminders:fault-list"),
        )
        for user_id in sorted(keepers)
    ]
    if fault.user_id and fault.user_id not in keepers:
        why, url = "服务商拒收了您登记的地址，本校管理人员也已收到。", url_of("reminders:delivery-settings")
        body = f"{fault.get_kind_display()}被拒收，请更正后再使用；在此之前只有站内消息。"
        drafts.append(
            Draft(fault.user_id, f"channel-fault/{fault.pk}/{fault.user_id}", "您的通知渠道发不出去", why, body, url)
        )
    return drafts
