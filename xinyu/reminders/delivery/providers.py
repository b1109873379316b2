"""The three ways out. Each says what became of a text: sent, try again, or never with this address.

Only a fixed text (texts.py), an address and a key go in. Answers of providers are kept as codes, never as their words.
"""

import smtplib
import time
from dataclasses import dataclass
from email.utils import parseaddr
from urllib import request
from urllib.error import HTTPError

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from xinyu.reminders.delivery import signing

SENT, AGAIN, NEVER = "sent", "again", "never"
TIMEOUT = 8
#: a gateway that answers so has understood the call and refuses this number
REFUSALS = frozenset({400, 404, 410, 422})


@dataclass(frozen=True)
class Outcome:
    verdict: str
    code: str


def has_mail() -> bool:
    """Whether this installation names a mail server."""
    return bool(settings.EMAIL_HOST)


def mail(address: str, subject: str, text: str, key: str) -> Outcome:
    """The key is the Message-ID too: servers and inboxes drop a second copy by it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{key}@{domain}>", "X-Idempotency-Key": key, "Auto-Submitted": "auto-generated"}
    message = EmailMessage(subject, text, to=[address], headers=headers, connection=EmailBackend(timeout=TIMEOUT))
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code = max(code for code, _ in refused.recipients.values())
        return Outcome(NEVER if code >= 500 else AGAIN, f"smtp {code}")
    except smtplib.SMTPDataError as error:
        return Outcome(NEVER if error.smtp_code >= 500 else AGAIN, f"smtp {error.smtp_code}")
    except smtplib.SMTPResponseException as error:  # our own log-in or sender: the address is not to blame
        return Outcome(AGAIN, f"smtp {error.smtp_code}")
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(AGAIN, type(error).__name__)
    return Outcome(SENT, "smtp 250")


class _StayHere(request.HTTPRedirectHandler):
    """A gateway that moves is asked about, not followed: the number would go to somebody else."""

    def redirect_request(self, *args, **kwargs):
        return None


_opener = request.build_opener(_StayHere)


def sms(gateway: signing.Gateway, phone: str, text: str, key: str) -> Outcome:
    call = signing.call(gateway, phone=phone, text=text, key=key, at=int(time.time()))
    asked = request.Request(call.url, data=call.body or None, headers=call.headers, method=call.method)  # noqa: S310 - signing.check
    try:
        with _opener.open(asked, timeout=TIMEOUT) as answer:
            return Outcome(SENT, f"http {answer.status}")
    except HTTPError as error:
        return Outcome(NEVER if error.code in REFUSALS else AGAIN, f"http {error.code}")
    except (OSError, ValueError) as error:
        return Outcome(AGAIN, type(error).__name__)


def group(url: str, text: str) -> Outcome:
    """Robots take no key: a lost answer may say the same number twice."""
    from apprise import Apprise  # slow to import, and only needed here

    robots = Apprise()
    if not robots.add(url):
        return Outcome(NEVER, "address")
    return Outcome(SENT, "apprise") if robots.notify(body=text) else Outcome(AGAIN, "apprise")
