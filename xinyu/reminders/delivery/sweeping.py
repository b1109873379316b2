"""The sweep of deliveries: copies for deputies, rows for what is due now, then one by one claimed, sent and settled.

Sending happens between two transactions. Who dies in between leaves a lease that runs out; the next one sends again
with the same provider key.
"""

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.reminders.delivery import addresses, gather, providers, texts
from xinyu.reminders.delivery.handing import hand_over
from xinyu.reminders.delivery.plan import Outgoing, plan, told_key
from xinyu.reminders.delivery.rows import Channel, ChannelKind, Delivery, DeliveryState, SmsGateway
from xinyu.reminders.delivery.settling import settle
from xinyu.reminders.delivery.signing import Gateway

SYSTEM = "system:reminders"
#: transaction-level advisory lock of the one who plans
PLANNING = 6_120_357
#: longer than any provider may take (providers.TIMEOUT)
LEASE = timedelta(minutes=2)
#: seconds that one sweep may spend on sending: the other sweeps come after it in the next round
BUDGET = 20.0


@dataclass(frozen=True)
class Parcel:
    """What one sending needs, read before the transaction ends."""

    delivery_id: int
    lease_until: datetime
    kind: str
    what: str
    count: int
    key: str
    address: str = field(repr=False)
    gateway: Gateway | None = field(default=None, repr=False)


def sweep_deliveries(now: datetime | None = None, budget: float = BUDGET) -> str:
    """`now` says which deliveries are due; back-off and leases run by the real clock."""
    with acting_as(SYSTEM):
        planned = plan_deliveries(timezone.localtime(now or timezone.now()))
    done, end = Counter[str](), time.monotonic() + budget
    while time.monotonic() < end and (state := send_one()):
        done[state] += 1
    return ", ".join([f"{planned} planned", *(f"{count} {state}" for state, count in sorted(done.items()))])


def plan_deliveries(now: datetime) -> int:
    """How many texts became due. Of several planners at once one works, the others leave it to that one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PLANNING])
        if not cursor.fetchone()[0]:
            return 0
    handed, lines = hand_over(now), gather.lines(now)
    unread = gather.messages({user for line in lines for user in line.user_ids}, now)
    outgoing = plan(now, unread, lines)
    written = _write(outgoing, {line.id: line for line in lines}, now) + _write_probes(now)
    if handed or written:
        record("reminders.plan_deliveries", subject="reminders_delivery", detail={"texts": written, "copies": handed})
    return written


def _write(outgoing: list[Outgoing], lines: dict, now: datetime) -> int:
    """One row per text, and one per message that a summary or digest stands for."""
    owners = dict(Channel.objects.filter(pk__in=lines).values_list("pk", "user_id"))
    rows = [
        Delivery(
            key=out.key, user_id=owners[out.line_id], channel_id=out.line_id, what=out.what, count=out.count,
            is_urgent=out.is_urgent, notice_id=out.carries[0].id if out.what == texts.SINGLE else None,
            created_at=now,
        )
        for out in outgoing
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows)
    carried = [
        Delivery(
            key=told_key(message, lines[out.line_id]), user_id=row.user_id, channel_id=out.line_id, carrier=row,
            notice_id=message.id, what=out.what, state=DeliveryState.CARRIED, created_at=now,
        )
        for row, out in zip(rows, outgoing, strict=True) if out.what != texts.SINGLE for message in out.carries
    ]  # fmt: skip
    Delivery.objects.bulk_create(carried)
    return len(rows)


def _write_probes(now: datetime) -> int:
    """Test messages that people asked for."""
    asked = list(Channel.objects.filter(probe_asked_at__isnull=False, is_on=True))
    for channel in asked:
        key = f"probe/{channel.pk}/{channel.probe_asked_at:%Y%m%d%H%M%S}"
        values = {"user_id": channel.user_id, "channel": channel, "what": texts.PROBE, "created_at": now}
        Delivery.objects.get_or_create(key=key, defaults=values)
    Channel.objects.filter(pk__in=[channel.pk for channel in asked]).update(probe_asked_at=None)
    return len(asked)


def send_one() -> str:
    """What became of one waiting row, '' when none waits."""
    with acting_as(SYSTEM):
        row = claim(timezone.now())
        if row is None:
            return ""
        parcel = parcel_of(row)
        if parcel is None:
            Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.DROPPED, lease_until=None)
            return DeliveryState.DROPPED
    outcome = transmit(parcel)
    with acting_as(SYSTEM):
        return settle(parcel.delivery_id, parcel.lease_until, outcome)


def claim(now: datetime) -> Delivery | None:
    """Lease the most pressing waiting row; rows that another sender holds are passed over."""
    free = Delivery.objects.select_for_update(skip_locked=True).filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=now), state=DeliveryState.WAITING, due_at__lte=now
    )
    row = free.order_by("-is_urgent", "due_at", "pk").first()
    if row is not None:
        row.lease_until, row.tries = now + LEASE, row.tries + 1
        row.save(update_fields=["lease_until", "tries"])
    return row


def is_wanted(row: Delivery) -> bool:
    """Something that it is about still lies unread; a test message is always wanted."""
    about = Delivery.objects.filter(Q(pk=row.pk) | Q(carrier=row.pk))
    return row.what == texts.PROBE or about.filter(notice__read_at__isnull=True, notice__isnull=False).exists()


def parcel_of(row: Delivery) -> Parcel | None:
    """Of a claimed row. None when nobody needs it any more: read meanwhile, or the channel was switched off."""
    channel = Channel.objects.get(pk=row.channel_id)
    if row.lease_until is None or not channel.is_on or channel.broken_at is not None or not is_wanted(row):
        return None
    gateway = None
    if channel.kind == ChannelKind.SMS:
        found = gather.gateway_of(channel.user_id, timezone.localdate()) if channel.user_id else None
        if found is None:
            return None
        gateway = open_gateway(found)
    address = addresses.reveal(channel, "address")
    key = str(row.provider_key)
    return Parcel(row.pk, row.lease_until, channel.kind, row.what, row.count, key, address, gateway)


def open_gateway(row: SmsGateway) -> Gateway:
    secret = addresses.reveal(row, "secret").encode()
    return Gateway(row.url, row.method, row.headers, row.body, secret)


def transmit(parcel: Parcel) -> providers.Outcome:
    text = texts.text_of(parcel.what, parcel.count)
    if parcel.kind == ChannelKind.MAIL:
        return providers.mail(parcel.address, texts.SUBJECTS[parcel.what], text, parcel.key)
    if parcel.gateway is not None:
        return providers.sms(parcel.gateway, parcel.address, text, parcel.key)
    return providers.group(parcel.address, text)
