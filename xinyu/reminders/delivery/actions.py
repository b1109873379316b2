"""What a person says about being reached: addresses, hours, who stands in, a calendar to subscribe to."""

import hashlib
import secrets
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.doorbell import ring_after_commit
from xinyu.accounts.models import User
from xinyu.audit.entries import record
from xinyu.organisations.models import County, School
from xinyu.reminders.actions.handing_on import hand_on_now
from xinyu.reminders.delivery import addresses, signing
from xinyu.reminders.delivery.rows import (
    Absence,
    Channel,
    ChannelFault,
    ChannelKind,
    DeliveryHabit,
    FeedToken,
    SmsGateway,
)

#: a longer absence is a change of post
ABSENCE_DAYS = 200


class AbsenceRefused(ValueError):
    """These dates or this deputy do not work; the text says why."""


@transaction.atomic
def save_settings(
    actor: User, *, mail: str, phone: str, digest_at: time, quiet_from: time, quiet_to: time
) -> DeliveryHabit:
    """An empty address switches its channel off."""
    for kind, address in ((ChannelKind.MAIL, mail), (ChannelKind.SMS, phone)):
        _save_channel(Channel.objects.filter(user=actor, kind=kind).first() or Channel(user=actor, kind=kind), address)
    values = {"digest_at": digest_at, "quiet_from": quiet_from, "quiet_to": quiet_to}
    habit, _ = DeliveryHabit.objects.update_or_create(user=actor, defaults=values)
    record("reminders.save_delivery_settings", subject=habit, detail={"mail": bool(mail), "sms": bool(phone)})
    return habit


@transaction.atomic
def save_group(school: School, address: str, *, actor: User) -> None:
    """The robot of the school's group; '' switches it off."""
    kind = ChannelKind.GROUP
    row = Channel.objects.filter(school=school, is_group=True).first()
    row = row or Channel(school=school, kind=kind, is_group=True)
    _save_channel(row, address)
    record("reminders.save_group", subject=school, school_id=school.pk, detail={"is_on": bool(address)})


def _save_channel(row: Channel, address: str) -> None:
    """A new address starts afresh: what was wrong with the old one is solved."""
    if row.pk is None and not address:
        return
    if row.pk is None or addresses.reveal(row, "address") != address:
        addresses.conceal(row, "address", address)
        row.broken_at, row.is_on = None, bool(address)
        row.save()
        ChannelFault.objects.filter(channel=row, solved_at__isnull=True).update(solved_at=timezone.now())


@transaction.atomic
def ask_probe(channel: Channel, *, actor: User) -> None:
    """The next sweep sends a test message; after a refusal this is how somebody tries the same address again."""
    channel.probe_asked_at, channel.broken_at = timezone.now(), None
    channel.save(update_fields=["probe_asked_at", "broken_at"])
    record("reminders.ask_probe", subject=channel)
    ring_after_commit("reminders.deliver")


@transaction.atomic
def add_absence(actor: User, deputy_id: int, from_on: date, to_on: date, *, today: date) -> Absence:
    """Raises AbsenceRefused. `deputy_id` comes from the list that the form offers."""
    if deputy_id == actor.pk:
        raise AbsenceRefused("代理人不能是自己。")
    if to_on < from_on or to_on < today or (to_on - from_on).days > ABSENCE_DAYS:
        raise AbsenceRefused(f"结束日期应不早于开始日期和今天，最长 {ABSENCE_DAYS} 天。")
    open_ones = Absence.objects.filter(user=actor, ended_at__isnull=True)
    if open_ones.filter(from_on__lte=to_on, to_on__gte=from_on).exists():
        raise AbsenceRefused("这段日期里已经登记过请假，请先结束原来的登记。")
    row = Absence.objects.create(user=actor, deputy_id=deputy_id, from_on=from_on, to_on=to_on)
    if from_on <= today:
        hand_on_now(row)
    record("reminders.add_absence", subject=row, detail={"deputy": deputy_id, "from": str(from_on), "to": str(to_on)})
    return row


@transaction.atomic
def end_absence(absence: Absence, *, actor: User) -> None:
    if absence.ended_at is None:
        absence.ended_at = timezone.now()
        absence.save(update_fields=["ended_at"])
        record("reminders.end_absence", subject=absence)


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def new_feed(actor: User) -> str:
    """The token, shown once. An earlier one ends: one address per person."""
    revoke_feed(actor)
    token = secrets.token_urlsafe(32)
    record("reminders.new_feed", subject=FeedToken.objects.create(user=actor, digest=digest_of(token)))
    return token


@transaction.atomic
def revoke_feed(actor: User) -> None:
    for row in FeedToken.objects.filter(user=actor, revoked_at__isnull=True):
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        record("reminders.revoke_feed", subject=row)


@transaction.atomic
def set_gateway(county: County, template: dict[str, Any], secret: str, *, by: User | None, school=None) -> SmsGateway:
    """`template`: url, method, headers, body with {phone} {text} {key}. Raises signing.GatewayRefused."""
    values = {"method": "POST", "headers": {}, "body": ""} | template
    if unknown := set(values) - {"url", "method", "headers", "body"}:
        raise signing.GatewayRefused(f"模板中有无法识别的部分：{'、'.join(sorted(unknown))}")
    signing.check(signing.Gateway(values["url"], values["method"], values["headers"], values["body"], secret.encode()))
    row = SmsGateway(county=county, school=school, by=by, **values)
    addresses.conceal(row, "secret", secret)
    row.save()
    record("reminders.set_gateway", subject=row, detail={"county": county.pk, "school": school and school.pk})
    return row
