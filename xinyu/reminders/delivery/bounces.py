"""Mail that was accepted and came back hours later: the address counts as refused, as if it had been so at once.

A mail server hands the returned message to `manage.py bounced_mail` (a pipe or a mailbox file). Which of our texts came
back is read from its Message-ID, which is the provider key; nothing else of the message is kept.
"""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser

from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.reminders.delivery.rows import ChannelKind, Delivery, DeliveryState
from xinyu.reminders.delivery.settling import break_channel

SYSTEM = "system:reminders"
#: RFC 3463: 5.x.x is permanent; 4.x.x is only late, and the server tries again by itself
PERMANENT = re.compile(r"^5\.\d{1,3}\.\d{1,3}$")
MESSAGE_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>]+>")
#: the longest message that is read: a report and the headers of ours
LIMIT = 1_000_000


def is_permanent(report: Message) -> bool:
    """Whether a delivery status report (RFC 3464) says that the message will never arrive."""
    if report.get_content_type() != "multipart/report":
        return False
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.walk():
                action, status = (block.get(name, "").strip().lower() for name in ("Action", "Status"))
                if action == "failed" and PERMANENT.match(status):
                    return True
    return False


def keys_in(report: Message) -> Iterator[str]:
    """Message-IDs of the returned text, in its headers or its whole; never of the report itself."""
    for part in report.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inner = part.get_payload()
            headers = inner[0] if isinstance(inner, list) and inner else Parser().parsestr(str(inner), headersonly=True)
            if isinstance(headers, Message) and (found := MESSAGE_ID.search(headers.get("Message-ID", ""))):
                yield found.group(1)


def take_back(report: Message) -> int:
    """How many of our texts the report returns for good; their address becomes somebody's task."""
    if not is_permanent(report):
        return 0
    return sum(_take_back(key) for key in set(keys_in(report)))


def _take_back(key: str) -> bool:
    with acting_as(SYSTEM):
        rows = Delivery.objects.select_for_update().filter(provider_key=key, channel__kind=ChannelKind.MAIL)
        row = rows.exclude(state=DeliveryState.FAILED).first()
        if (
            row is None or row.sent_at is None or row.channel.changed_at > row.sent_at
        ):  # entered anew since: not this one
            return False
        row.state, row.result = DeliveryState.FAILED, "bounced"
        row.save(update_fields=["state", "result"])
        record("reminders.mail_came_back", subject=row)
        break_channel(row)
        return True
