"""Mail that comes back hours later: a real message through a real SMTP sink, returned as a mail server returns it."""

import io
import mailbox
import sys
from email import message_from_bytes
from email.message import EmailMessage, Message

import pytest
from django.core.management import CommandError, call_command

from tests.reminders.test_delivery import SYSTEM, deliveries, inbox, reach, smtp, tell  # noqa: F401 - a fixture among them
from xinyu.access.actor import acting_as
from xinyu.reminders.delivery import sweeping
from xinyu.reminders.delivery.bounces import take_back
from xinyu.reminders.delivery.rows import Channel, ChannelFault

pytestmark = pytest.mark.django_db


def report(sent: str, *, action="failed", status="5.1.1", whole=True) -> Message:
    """A delivery status report (RFC 3464) about a mail as it was sent."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "MAILER-DAEMON@mx.example", "xinyu@edu.example", "Undelivered Mail"
    mail["Message-ID"] = "<20261125.AA@mx.example>"
    mail.set_content("The mail system could not deliver your message.")
    block = Message()
    block["Final-Recipient"], block["Action"], block["Status"] = "rfc822; a@edu.example", action, status
    parts = Message()
    parts["Content-Type"] = "message/delivery-status"
    parts.set_payload([Message(), block])
    mail.make_mixed()
    mail.attach(parts)
    inner = Message()
    if whole:
        inner["Content-Type"] = "message/rfc822"
        inner.set_payload([message_from_bytes(sent.encode())])
    else:
        inner["Content-Type"] = "text/rfc822-headers"
        inner.set_payload(sent.partition("\r\n\r\n")[0])
    mail.attach(inner)
    mail.replace_header("Content-Type", "multipart/report; report-type=delivery-status")
    mail.set_boundary("report-boundary")
    return message_from_bytes(mail.as_bytes())


@pytest.fixture
def sent(here, smtp):  # noqa: F811
    reach(here.counselor, mail="a@edu.example")
    tell(here.counselor)
    sweeping.sweep_deliveries()
    (mail,) = smtp.mails
    return mail


def faults():
    with acting_as(SYSTEM):
        return list(ChannelFault.objects.all())


@pytest.mark.parametrize("whole", [True, False])
def test_returned_mail_breaks_the_address_and_is_somebodys_task(here, there, sent, whole):
    assert take_back(report(sent, whole=whole)) == 1
    assert [(row.state, row.result) for row in deliveries()] == [("failed", "bounced")]
    with acting_as(SYSTEM):
        assert Channel.objects.get().broken_at
    (fault,) = faults()
    assert fault.school_id == here.school.pk
    assert "本校一个通知渠道发不出去" in inbox(here.vice_principal) and not inbox(there.vice_principal)
    assert take_back(report(sent, whole=whole)) == 0  # the server sends it again: counted once
    assert len(faults()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"action": "delayed", "status": "4.4.1"},  # the server tries on by itself
        {"action": "delivered", "status": "2.0.0"},
        {"action": "failed", "status": "4.7.0"},
    ],
)
def test_a_report_that_is_not_final_changes_nothing(sent, change):
    assert take_back(report(sent, **change)) == 0
    assert not faults()


def test_an_answer_of_a_person_and_somebody_elses_mail_change_nothing(sent):
    answer = message_from_bytes(b"From: a@edu.example\r\nIn-Reply-To: <x@edu.example>\r\n\r\n" + sent.encode())
    foreign = "Message-ID: <6f1ed002-ab5c-4a62-9f0f-0a5f0f1f2f3f@elsewhere.example>\r\n\r\nhello\r\n"
    assert take_back(answer) == take_back(report(foreign)) == 0
    assert not faults()


def test_an_address_entered_since_is_not_blamed_for_the_old_one(here, sent):
    reach(here.counselor, mail="new@edu.example")
    assert take_back(report(sent)) == 0
    with acting_as(SYSTEM):
        assert Channel.objects.get().broken_at is None


def test_the_command_reads_a_pipe_and_a_mailbox(here, sent, tmp_path, monkeypatch):
    box = mailbox.mbox(tmp_path / "box")
    box.add(report(sent))
    box.add(message_from_bytes(b"From: somebody@example\r\n\r\nnot a report"))
    box.flush()
    out = io.StringIO()
    call_command("bounced_mail", mbox=tmp_path / "box", stdout=out)
    assert "读了 2 封，退回 1 条" in out.getvalue()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report(sent).as_bytes())))
    call_command("bounced_mail", stdout=out)
    assert "读了 1 封，退回 0 条" in out.getvalue()
    with pytest.raises(CommandError, match="找不到"):
        call_command("bounced_mail", maildir=tmp_path / "none")
