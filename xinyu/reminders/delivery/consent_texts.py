"""Codes for guardians go out: one text to the telephone on the roster, through the gateway of the school or county.

Between claiming and sending, as with every text (sweeping.py): who dies in between leaves a time of the next try.
Nothing goes to a guardian who has answered meanwhile, or to whom nothing goes for now.
"""

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from assessments.codes import LinkOwner, open_code, screening_key
from assessments.models import ConsentLink, ScreeningKey
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.organisations.models import School
from xinyu.reminders.delivery import providers, texts
from xinyu.reminders.delivery.rows import SmsGateway
from xinyu.reminders.delivery.signing import Gateway
from xinyu.reminders.delivery.sweeping import BUDGET, LEASE, SYSTEM, open_gateway
from xinyu.students.holds import held_among
from xinyu.students.models import Guardian, GuardianDecision
from xinyu.vault.fields import reveal

#: minutes before the next try; afterwards the counselor reads that it did not go out, and uses a slip
BACK_OFF = (1, 5, 15, 60)
_KEY = uuid.UUID("6f2a1c36-6f0e-4c3b-9f55-0d7a3f2f2a11")


@dataclass(frozen=True)
class Parcel:
    link_id: int
    text: str = field(repr=False)
    phone: str = field(repr=False)
    key: str = ""
    gateway: Gateway | None = field(default=None, repr=False)


def send_consent_links(budget: float = BUDGET) -> str:
    """One of the sweeps: "n sent, n left"."""
    sent = left = 0
    end = time.monotonic() + budget
    while time.monotonic() < end:
        with acting_as(SYSTEM):
            link = _claim(timezone.now())
            if link is None:
                break
            parcel = _parcel(link)
        outcome = providers.Outcome(providers.NEVER, "no gateway")
        if parcel is not None and parcel.gateway is not None:
            outcome = providers.sms(parcel.gateway, parcel.phone, parcel.text, parcel.key)
        with acting_as(SYSTEM):
            if _settle(link.pk, outcome, is_dropped=parcel is None):
                sent += 1
            else:
                left += 1
    return f"{sent} sent, {left} left"


def _claim(now: datetime) -> ConsentLink | None:
    waiting = ConsentLink.objects.select_for_update(skip_locked=True).filter(
        way="code", sent_at=None, used_at=None, next_try_at__lte=now, expires_at__gt=now
    )
    link = waiting.order_by("next_try_at", "pk").first()
    if link is not None:
        link.tries, link.next_try_at = link.tries + 1, now + LEASE
        link.save(update_fields=["tries", "next_try_at"])
    return link


def _parcel(link: ConsentLink) -> Parcel | None:
    """None when nobody is to be asked any more."""
    guardian = Guardian.objects.get(pk=link.guardian_id)
    said = GuardianDecision.objects.filter(guardian=guardian, purpose="screening", recorded_at__gt=link.issued_at)
    if link.code_sealed is None or said.exists() or held_among([guardian]) or guardian.phone_index is None:
        return None
    key = screening_key(link.screening_id, ScreeningKey.objects.get(screening=link.screening_id).wrapped)
    code = open_code(bytes(link.code_sealed), LinkOwner(link.screening_id, link.guardian_id, key))
    days = max(1, (link.expires_at - timezone.now()).days)
    found = _gateway_of(link.school_id)
    return Parcel(
        link.pk, texts.consent_text(link.address, code, days), reveal(guardian, "phone"),
        str(uuid.uuid5(_KEY, str(link.pk))), open_gateway(found) if found else None,
    )  # fmt: skip


def _gateway_of(school_id: int) -> SmsGateway | None:
    """The school's newest, else its county's."""
    gateways = SmsGateway.objects.filter(is_on=True)
    own = gateways.filter(school=school_id).first()
    return own or gateways.filter(school=None, county=School.objects.get(pk=school_id).county_id).first()


def _settle(link_id: int, outcome: providers.Outcome, *, is_dropped: bool) -> bool:
    link = ConsentLink.objects.select_for_update().get(pk=link_id)
    link.result = "nobody to ask" if is_dropped else outcome.code[:60]
    link.next_try_at = None
    if outcome.verdict == providers.SENT:
        link.sent_at = timezone.now()
    elif outcome.verdict == providers.AGAIN and not is_dropped and link.tries <= len(BACK_OFF):
        link.next_try_at = timezone.now() + timedelta(minutes=BACK_OFF[link.tries - 1])
    elif is_dropped:
        link.expires_at = timezone.now()
    link.save(update_fields=["result", "next_try_at", "sent_at", "expires_at"])
    record("reminders.send_consent_link", subject=link, detail={"result": link.result, "tries": link.tries})
    return link.sent_at is not None
