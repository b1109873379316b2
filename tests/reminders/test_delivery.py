"""Deliveries through a real SMTP sink and a real HTTP sink on loopback: once each, same key on a retry, no names."""

import json
from datetime import time, timedelta
from email import message_from_bytes, policy
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from tests.cast import build, make_user
from tests.reminders.sinks import HttpSink, SmtpSink
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post
from xinyu.audit.models import AuditEntry
from xinyu.reminders.delivery import actions, addresses, signing, sweeping
from xinyu.reminders.delivery.plan import HOURLY_LIMIT
from xinyu.reminders.delivery.rows import Channel, ChannelFault, Delivery
from xinyu.reminders.models import Notice
from xinyu.reminders.notices import Draft, read_notice, write_notices

SYSTEM = "system:reminders"
SECRET = "a secret of sixteen bytes or more"
CANARY = "王小明·初二1班"
#: no quiet hours; the digest of a test is due from midnight on
HOURS = {"digest_at": time(0, 0), "quiet_from": time(0, 0), "quiet_to": time(0, 0)}


@pytest.fixture
def smtp(settings):
    with SmtpSink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
        settings.DEFAULT_FROM_EMAIL = "xinyu@edu.example"
        yield sink


@pytest.fixture
def http():
    with HttpSink() as sink:
        yield sink


def reach(user, *, mail="", phone="", **hours):
    with acting_as(user):
        actions.save_settings(user, mail=mail, phone=phone, **(HOURS | hours))


def tell(user, n=1, *, urgent=True, ago=timedelta(0)):
    drafts = [
        Draft(user.pk, f"flag/{ago}{urgent}{i}/{user.pk}", CANARY, CANARY, CANARY, is_urgent=urgent) for i in range(n)
    ]
    with acting_as(SYSTEM):
        write_notices(drafts)
        Notice.objects.filter(key__in=[d.key for d in drafts]).update(created_at=timezone.now() - ago)


def connect(world, sink, **template):
    body = '{"phone": "{phone}", "text": "{text}", "key": "{key}"}'
    values = {"url": sink.url, "headers": {"Content-Type": "application/json"}, "body": body}
    with acting_as("system:demo"):
        return actions.set_gateway(world.county, values | template, SECRET, by=None)


def deliveries(**where):
    with acting_as(SYSTEM):
        return list(Delivery.objects.filter(**where).order_by("pk"))


def inbox(user):
    with acting_as(user):
        return [notice.title for notice in Notice.objects.all()]


def body_of(mail):
    parsed = message_from_bytes(mail.encode(), policy=policy.default)
    return parsed["Subject"] + parsed.get_content()


def make_due():
    """As if the back-off were over."""
    with acting_as(SYSTEM):
        Delivery.objects.filter(state="waiting").update(due_at=timezone.now(), lease_until=None)


@pytest.mark.django_db
def test_mail_says_how_many_and_never_who(here, there, smtp):
    reach(here.counselor, mail="counselor@edu.example")
    tell(here.counselor)
    tell(there.counselor)
    sweeping.sweep_deliveries()
    sweeping.sweep_deliveries()
    (mail,) = smtp.mails
    assert "有1条紧急待办" in body_of(mail) and "counselor@edu.example" in mail
    assert CANARY not in body_of(mail) and here.school.name not in body_of(mail)
    (row,) = deliveries()
    assert (row.state, row.result, row.tries, row.user_id) == ("sent", "smtp 250", 1, here.counselor.pk)
    assert row.sent_at and f"<{row.provider_key}@edu.example>" in mail
    with acting_as(here.audit_admin):
        assert AuditEntry.objects.filter(verb="reminders.settle_delivery").count() == 1


@pytest.mark.django_db
def test_sms_is_signed_and_tried_again_with_the_same_key(here, http):
    connect(here, http)
    reach(here.counselor, phone="13900000001")
    tell(here.counselor)
    http.answers = [503, 429, 200]
    for state, result in (("waiting", "http 503"), ("waiting", "http 429"), ("sent", "http 200")):
        sweeping.sweep_deliveries()
        (row,) = deliveries()
        assert (row.state, row.result) == (state, result)
        if state == "waiting":
            assert row.due_at > timezone.now()
            sweeping.sweep_deliveries()  # not before its time
            make_due()
    calls = [json.loads(call.body) for call in http.calls]
    assert len(calls) == 3 and {call["key"] for call in calls} == {str(row.provider_key)}
    assert {call["phone"] for call in calls} == {"13900000001"} and CANARY not in calls[0]["text"]
    for call in http.calls:
        at = int(call.headers[signing.MOMENT])
        expected = signing.signature(SECRET.encode(), at, "POST", http.url, call.body)
        assert call.headers[signing.SIGNATURE] == expected


@pytest.mark.django_db
def test_a_sender_that_died_is_followed_by_another_with_the_same_key(here, smtp):
    reach(here.counselor, mail="a@edu.example")
    tell(here.counselor)
    with acting_as(SYSTEM):
        sweeping.plan_deliveries(timezone.localtime())
        dead = sweeping.claim(timezone.now())
        assert sweeping.claim(timezone.now()) is None  # leased
        Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sweeping.send_one() == "sent"
    assert f"<{dead.provider_key}@" in smtp.mails[0] and deliveries()[0].tries == 2


def down(user):
    with acting_as(user):
        return list(Notice.objects.filter(key__startswith="way-down/", read_at__isnull=True))


@pytest.mark.django_db
def test_a_gateway_that_answers_nobody_is_a_task_until_it_answers(here, there, http):
    connect(here, http)
    reach(here.homeroom, phone="13900000001")
    tell(here.homeroom, 2)
    http.answers = [503] * 6
    for tries in (1, 2, 3):
        sweeping.sweep_deliveries()
        assert [len(down(u)) for u in (here.county_officer, here.vice_principal)] == ([1, 1] if tries == 3 else [0, 0])
        make_due()
    (task,) = down(here.county_officer)
    assert task.is_urgent and "http 503" in task.body and CANARY not in task.title + task.body + task.why
    assert not down(here.homeroom) and not down(there.county_officer) and not down(there.vice_principal)
    sweeping.sweep_deliveries()
    assert not down(here.county_officer) and not down(here.vice_principal)
    assert {row.state for row in deliveries(user=here.homeroom)} == {"sent"}


@pytest.mark.django_db
def test_a_mail_server_that_is_gone_is_the_system_administrators_task(here, smtp, settings):
    settings.EMAIL_PORT = 1  # nobody listens there
    reach(here.counselor, mail="counselor@edu.example")
    tell(here.counselor)
    for _ in range(3):
        sweeping.sweep_deliveries()
        make_due()
    assert len(down(here.system_admin)) == 1 and not down(here.counselor) and not down(here.county_officer)


@pytest.mark.django_db
def test_ordinary_is_gathered_into_one_digest(here, smtp):
    reach(here.counselor, mail="a@edu.example")
    tell(here.counselor, 3, urgent=False, ago=timedelta(days=1))
    tell(here.counselor, 2, urgent=False)
    for _ in range(3):
        sweeping.sweep_deliveries()
    (mail,) = smtp.mails
    assert "有3条待办" in body_of(mail)
    assert sorted(row.state for row in deliveries()) == ["carried"] * 3 + ["sent"]
    sweeping.sweep_deliveries(timezone.now() + timedelta(days=1))
    assert [("有3条" in body_of(m), "有2条" in body_of(m)) for m in smtp.mails] == [(True, False), (False, True)]


@pytest.mark.django_db
def test_quiet_hours_hold_the_ordinary_and_let_the_urgent_through(here, smtp):
    now = timezone.localtime()
    quiet = {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_to": (now + timedelta(hours=1)).time()}
    reach(here.counselor, mail="a@edu.example", **quiet)
    tell(here.counselor, urgent=False, ago=timedelta(days=1))
    tell(here.counselor, urgent=True)
    sweeping.sweep_deliveries()
    assert ["紧急" in body_of(mail) for mail in smtp.mails] == [True]


@pytest.mark.django_db
def test_a_flood_is_single_texts_and_one_summary(here, smtp):
    reach(here.counselor, mail="a@edu.example")
    tell(here.counselor, HOURLY_LIMIT + 4)
    sweeping.sweep_deliveries()
    sweeping.sweep_deliveries()
    assert len(smtp.mails) == HOURLY_LIMIT + 1 and sum("另有4条" in body_of(mail) for mail in smtp.mails) == 1
    keys = [row.key for row in deliveries()]
    assert len(keys) == len(set(keys)) == HOURLY_LIMIT + 5


@pytest.mark.django_db
def test_what_was_read_meanwhile_is_not_sent(here, smtp):
    reach(here.counselor, mail="a@edu.example")
    tell(here.counselor)
    with acting_as(SYSTEM):
        sweeping.plan_deliveries(timezone.localtime())
    with acting_as(here.counselor):
        read_notice(Notice.objects.get())
    sweeping.sweep_deliveries()
    assert smtp.mails == [] and [row.state for row in deliveries()] == ["dropped"]


@pytest.mark.django_db
def test_the_deputy_receives_what_the_absent_would_have(here, there, smtp):
    today = timezone.localdate()
    reach(here.principal, mail="principal@edu.example")
    with acting_as(here.counselor):
        absence = actions.add_absence(here.counselor, here.principal.pk, today, today, today=today)
        with pytest.raises(actions.AbsenceRefused):
            actions.add_absence(here.counselor, here.principal.pk, today, today, today=today)
    tell(here.counselor)
    sweeping.sweep_deliveries()
    sweeping.sweep_deliveries()
    assert len(inbox(here.counselor)) == 1 and inbox(here.principal) == [f"代收：{CANARY}"]
    assert len(smtp.mails) == 1 and "principal@edu.example" in smtp.mails[0]
    with acting_as(here.counselor):
        actions.end_absence(absence, actor=here.counselor)
    tell(here.counselor, 2)
    sweeping.sweep_deliveries()
    assert len(inbox(here.principal)) == 1 and inbox(there.principal) == []


@pytest.mark.django_db
def test_without_a_deputy_who_is_there_the_administrators_get_it(here, there):
    today = timezone.localdate()
    with acting_as(here.homeroom):  # a deputy of another school has no post here
        actions.add_absence(here.homeroom, there.counselor.pk, today, today, today=today)
    tell(here.homeroom)
    sweeping.sweep_deliveries()
    assert inbox(here.counselor) and inbox(here.vice_principal) and inbox(there.counselor) == []


@pytest.mark.django_db
def test_a_wrong_number_becomes_a_task_and_a_right_one_solves_it(here, there, http, enter):
    connect(here, http)
    reach(here.homeroom, phone="13900000001")
    tell(here.homeroom, 2)
    http.answers = [422, 200, 200]
    sweeping.sweep_deliveries()
    sweeping.sweep_deliveries()
    assert len(http.calls) == 1 and [row.state for row in deliveries()] == ["failed", "failed"]
    for user in (here.counselor, here.vice_principal):
        assert inbox(user) == ["本校一个通知渠道发不出去"]
    assert "您的通知渠道发不出去" in inbox(here.homeroom) and inbox(there.counselor) == []
    page = enter(here.vice_principal).get("/notices/faults/").content.decode()
    assert "甲homeroom" in page and "http 422" in page and "13900000001" not in page
    assert "甲homeroom" not in enter(there.vice_principal).get("/notices/faults/").content.decode()
    reach(here.homeroom, phone="13900000002")
    with acting_as(here.counselor):
        assert not ChannelFault.objects.filter(solved_at__isnull=True).exists()
    tell(here.homeroom, ago=timedelta(minutes=1))
    sweeping.sweep_deliveries()
    assert json.loads(http.calls[-1].body)["phone"] == "13900000002"


@pytest.mark.django_db
def test_a_refused_recipient_breaks_and_a_busy_server_does_not(here, smtp):
    reach(here.counselor, mail="gone@edu.example")
    reach(here.principal, mail="busy@edu.example")
    tell(here.counselor)
    tell(here.principal)
    smtp.refusals = {"gone@": "550 no such user", "busy@": "451 later"}
    sweeping.sweep_deliveries()
    found = {row.user_id: (row.state, row.result) for row in deliveries()}
    assert found == {here.counselor.pk: ("failed", "smtp 550"), here.principal.pk: ("waiting", "smtp 451")}
    with acting_as(SYSTEM):
        assert [fault.user_id for fault in ChannelFault.objects.all()] == [here.counselor.pk]


@pytest.mark.django_db
def test_a_dead_server_is_tried_again_and_a_redirect_is_not_followed(here, smtp, http, settings):
    settings.EMAIL_PORT = 9
    connect(here, http, url=http.url)
    reach(here.counselor, mail="a@edu.example", phone="13900000001")
    tell(here.counselor)
    http.answers = [302]
    sweeping.sweep_deliveries()
    assert sorted((row.state, row.result) for row in deliveries()) == [
        ("waiting", "ConnectionRefusedError"),
        ("waiting", "http 302"),
    ]
    assert len(http.calls) == 1


@pytest.mark.django_db
def test_a_group_hears_one_number(here, http):
    with acting_as(here.vice_principal):
        actions.save_group(here.school, "wecombot://0123456789abcdef", actor=here.vice_principal)
    with acting_as("system:demo"):  # the same road to a robot of our own
        row = Channel.objects.get(is_group=True)
        addresses.conceal(row, "address", f"json://127.0.0.1:{http.port}/")
        row.save()
    tell(here.counselor)
    tell(here.principal)
    tell(here.teacher, urgent=False, ago=timedelta(days=1))
    sweeping.sweep_deliveries()
    (call,) = http.calls
    assert json.loads(call.body)["message"] == "【心育】有1条紧急待办，请负责老师尽快登录平台查看。"
    for address in ("mailto://a@b.example", "json://127.0.0.1", "13900000001", "wecombot://"):
        with pytest.raises(addresses.AddressRefused):
            addresses.group(address)


@pytest.mark.django_db
def test_a_test_message_tries_a_broken_address_again(here, smtp):
    reach(here.counselor, mail="a@edu.example")
    tell(here.counselor)
    smtp.refusals = {"a@": "552 mailbox full"}
    sweeping.sweep_deliveries()
    smtp.refusals = {}
    with acting_as(here.counselor):
        actions.ask_probe(Channel.objects.get(broken_at__isnull=False), actor=here.counselor)
    sweeping.sweep_deliveries()
    assert "测试消息" in body_of(smtp.mails[-1])
    with acting_as(SYSTEM):
        assert not ChannelFault.objects.filter(solved_at__isnull=True).exists()


@pytest.mark.django_db
def test_addresses_are_not_readable_in_the_database(here, http):
    reach(here.counselor, mail="a@edu.example", phone="13900000001")
    connect(here, http)
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(address, 'escape'), '') FROM reminders_channel")
        (found,) = cursor.fetchone()
        cursor.execute("SELECT string_agg(encode(secret, 'escape'), '') FROM reminders_smsgateway")
        found += cursor.fetchone()[0]
    assert found and "13900000001" not in found and "edu.example" not in found and SECRET not in found


@pytest.mark.django_db
def test_somebody_who_has_left_is_not_written_to(here, smtp):
    other = make_user("left")
    reach(other, mail="left@edu.example")
    tell(other)
    with acting_as("system:demo"):
        Post.objects.filter(user=here.counselor).update(revoked_at=timezone.now(), revoked_by=here.granter)
        other.is_active = False
        other.save()
    sweeping.sweep_deliveries()
    assert smtp.mails == []


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_send_once(smtp):
    here = build("甲")
    reach(here.counselor, mail="a@edu.example")
    tell(here.counselor, 4)
    barrier, failed = Barrier(2), []

    def run():
        try:
            barrier.wait(10)
            for _ in range(3):
                sweeping.sweep_deliveries()
        except Exception as error:  # noqa: BLE001 - reported below, a thread would swallow it
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    assert failed == [] and len(smtp.mails) == 4
    assert [(row.state, row.tries) for row in deliveries()] == [("sent", 1)] * 4
