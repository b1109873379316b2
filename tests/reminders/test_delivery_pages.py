"""Settings, absence, feed and log pages: typed values stay, only one's own, nothing leaks into the calendar."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import DutyCheckIn
from tests.cast import add_post, make_user
from xinyu.access.actor import acting_as
from xinyu.reminders.delivery.rows import Absence, Channel, Delivery, DeliveryHabit, FeedToken, SmsGateway
from xinyu.reminders.models import Due

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SETTINGS = reverse("reminders:delivery-settings")
VALUES = {"mail": "a@edu.example", "phone": "", "digest_at": "07:15", "quiet_from": "21:00", "quiet_to": "06:30"}


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def owe(user, n=1, on=TODAY):
    with acting_as("system:demo"):
        county = user.posts.first().county
        for i in range(n):
            Due.objects.create(
                key=f"{user.pk}/{on}/{i}", season="s", obligation="o", title="王小明的工作", user=user,
                role="counselor", county=county, from_on=on, due_on=on,
            )  # fmt: skip


def test_settings_are_saved_and_what_is_wrong_stays_typed(here, enter):
    client = enter(here.homeroom)
    assert "没有姓名和内容" in text(client.get(SETTINGS))
    wrong = text(client.post(SETTINGS, VALUES | {"phone": "12345", "quiet_to": "x"}), 422)
    assert "请填写 11 位手机号码" in wrong and "12345" in wrong and "a@edu.example" in wrong
    assert client.post(SETTINGS, VALUES | {"phone": "+86 139-0000-0001"}).status_code == 302
    page = text(client.get(SETTINGS))
    assert "13900000001" in page and "07:15" in page and "发测试消息" in page
    assert client.post(SETTINGS, VALUES).status_code == 302  # the number is taken off
    with acting_as(here.homeroom):
        assert {row.kind: row.is_on for row in Channel.objects.all()} == {"mail": True, "sms": False}
        assert DeliveryHabit.objects.get().quiet_from.hour == 21
    for other in (here.counselor, here.principal):
        with acting_as(other):
            assert not Channel.objects.exists() and not DeliveryHabit.objects.exists()


def test_a_test_message_is_asked_for_ones_own_channel_only(here, enter):
    enter(here.homeroom).post(SETTINGS, VALUES)
    with acting_as(here.homeroom):
        channel = Channel.objects.get(kind="mail")
    url = reverse("reminders:channel-probe", args=[channel.pk])
    assert enter(here.counselor).post(url).status_code == 404
    assert enter(here.homeroom).post(url).status_code == 302
    with acting_as(here.homeroom):
        assert Channel.objects.get(kind="mail").probe_asked_at


def test_absence_names_a_colleague_and_can_be_ended(here, there, enter):
    client, url = enter(here.counselor), reverse("reminders:absence-add")
    dates = {"from_on": str(TODAY), "to_on": str(TODAY + timedelta(days=2))}
    assert "请选择名单中的同事" in text(client.post(url, dates | {"deputy": there.counselor.pk}), 422)
    backwards = {"from_on": str(TODAY), "to_on": str(TODAY - timedelta(days=1)), "deputy": here.principal.pk}
    assert "结束日期应不早于" in text(client.post(url, backwards), 422)
    assert client.post(url, dates | {"deputy": here.principal.pk}).status_code == 302
    assert "代理人：甲principal" in text(client.get(SETTINGS))
    assert "您是甲counselor的代理人" in text(enter(here.principal).get(SETTINGS))
    with acting_as(here.counselor):
        absence = Absence.objects.get()
    end = reverse("reminders:absence-end", args=[absence.pk])
    assert enter(here.principal).post(end).status_code == 404
    assert enter(here.counselor).post(end).status_code == 302
    assert "代理人：甲principal" not in text(enter(here.counselor).get(SETTINGS))


def test_bureau_people_find_a_deputy_at_the_same_bureau(here, there, enter):
    second = make_user("second-officer", "县里同事")
    with acting_as("system:demo"):
        add_post(second, "county_officer", here.county, granter=here.granter, approver=here.approver)
    page = text(enter(here.county_officer).get(SETTINGS))
    assert "县里同事" in page and "甲homeroom" not in page and "乙county_officer" not in page


def new_feed(client):
    page = text(client.post(reverse("reminders:feed-new")))
    return "/feed/" + page.split("/feed/")[1].split('"')[0]


def test_the_feed_shows_days_and_hours_and_no_words_of_a_file(here, there, enter):
    owe(here.counselor, 2)
    owe(here.counselor, 1, TODAY + timedelta(days=3))
    owe(there.counselor)
    now = timezone.now()
    with acting_as("system:demo"):
        DutyCheckIn.objects.create(
            school=here.school, user=here.counselor, from_at=now, until_at=now + timedelta(hours=2)
        )
    url = new_feed(enter(here.counselor))
    answer = Client().get(url)
    calendar = text(answer)
    assert answer["Content-Type"].startswith("text/calendar") and "no-store" in answer["Cache-Control"]
    assert calendar.count("BEGIN:VEVENT") == 3 and "有2项工作今天到期" in calendar and "值班" in calendar
    assert not [word for word in ("王小明", "甲中学", "counselor", "同学") if word in calendar]
    with acting_as(here.counselor):
        kept = FeedToken.objects.get()
    assert bytes(kept.digest).hex() not in url and url.split("/")[-1].removesuffix(".ics").encode() != bytes(
        kept.digest
    )


def test_a_revoked_or_replaced_feed_and_that_of_somebody_who_left_are_gone(here, enter):
    client = enter(here.counselor)
    first = new_feed(client)
    second = new_feed(client)
    assert Client().get(first).status_code == 404 and Client().get(second).status_code == 200
    client.post(reverse("reminders:feed-revoke"))
    assert Client().get(second).status_code == 404
    third = new_feed(client)
    with acting_as("system:demo"):
        type(here.counselor).objects.filter(pk=here.counselor.pk).update(is_active=False)
    assert Client().get(third).status_code == 404


def send(user, n):
    with acting_as("system:reminders"):
        channel, _ = Channel.objects.get_or_create(user=user, kind="sms", defaults={"address": b"x"})
        for i in range(n):
            Delivery.objects.create(
                key=f"{user.pk}/{i}/{Delivery.objects.count()}", user=user, channel=channel, what="single",
                state="sent", result="http 200", sent_at=timezone.now(),
            )  # fmt: skip


def test_the_log_shows_ones_own_and_its_queries_do_not_grow(here, there, enter):
    url, counts = reverse("reminders:delivery-log"), []
    send(there.counselor, 2)
    assert "还没有发送记录" in text(enter(here.counselor).get(url))
    for n in (1, 2):
        send(here.counselor, n)
        client = enter(here.counselor)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = text(client.get(url))
        counts.append(len(queries))
    assert page.count("http 200") == 3 and counts[0] == counts[1]


def test_the_group_of_a_school_is_set_by_its_own_people(here, there, enter):
    url = reverse("reminders:group-edit", args=[here.school.pk])
    for user, status in ((here.homeroom, 403), (there.counselor, 404), (there.vice_principal, 404)):
        assert enter(user).post(url, {"address": "feishu://abcdefgh-1234"}).status_code == status
    client = enter(here.vice_principal)
    wrong = text(client.post(url, {"address": "mailto://a@b.example"}), 422)
    assert "wecombot://" in wrong and "mailto://a@b.example" in wrong
    assert client.post(url, {"address": "feishu://abcdefgh-1234"}).status_code == 302
    assert "feishu://abcdefgh-1234" in text(enter(here.counselor).get(url))


def test_a_county_officer_registers_a_gateway_and_nobody_else(here, there, tmp_path):
    template, secret = tmp_path / "sms.json", tmp_path / "secret"
    template.write_text(json.dumps({"url": "https://sms.example/{key}", "body": "{phone}{text}"}), encoding="utf-8")
    secret.write_text("sixteen bytes at the least\n", encoding="utf-8")
    where = {"template": template, "secret_file": secret}
    call_command("sms_gateway", here.county_officer.username, stdout=StringIO(), **where)
    with acting_as(here.county_officer):
        row = SmsGateway.objects.get()
        assert (row.county_id, row.school_id, row.by_id) == (here.county.pk, None, here.county_officer.pk)
        assert b"sixteen" not in bytes(row.secret)
    with acting_as(there.county_officer):
        assert not SmsGateway.objects.exists()
    for user in (here.counselor, here.revoked):
        with pytest.raises(CommandError, match="只有县区专干"):
            call_command("sms_gateway", user.username, stdout=StringIO(), **where)
    template.write_text(json.dumps({"url": "http://sms.example/{key}"}), encoding="utf-8")
    with pytest.raises(CommandError, match="https"):
        call_command("sms_gateway", here.county_officer.username, stdout=StringIO(), **where)
