"""Which deliveries are due for whom: urgent, digest, quiet hours, floods, deputies. No database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from xinyu.reminders.delivery import ical, signing, texts
from xinyu.reminders.delivery.plan import HOURLY_LIMIT, Cover, Habits, Line, Message, copies, plan

CHINA = timezone(timedelta(hours=8))
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=CHINA)
LINE = Line(1, frozenset({7}))


def message(n, user_id=7, *, urgent=False, at=MORNING - timedelta(hours=12), cause=""):
    return Message(n, f"{cause or f'flag/{n}'}/{user_id}", user_id, urgent, at)


def told(found):
    return [(out.what, out.count) for out in found]


def test_urgent_goes_out_at_once_and_through_quiet_hours():
    assert told(plan(NIGHT, [message(1, urgent=True, at=NIGHT)], [LINE])) == [("single", 1)]
    assert plan(NIGHT, [message(1, at=NIGHT)], [LINE]) == []


def test_ordinary_waits_for_the_morning_and_is_gathered_once():
    news = [message(1), message(2), message(3, user_id=8)]
    early = MORNING.replace(hour=7, minute=29)
    assert plan(early, news, [LINE]) == []
    (digest,) = plan(MORNING, news, [LINE])
    assert (digest.what, digest.count, digest.key) == ("digest", 2, "digest/1/2026-11-23")
    again = replace(LINE, told=frozenset({1, 2}), digest_on=MORNING.date())
    assert plan(MORNING, [*news, message(4, at=MORNING)], [again]) == []
    tomorrow = MORNING + timedelta(days=1)
    assert told(plan(tomorrow, [*news, message(4, at=MORNING)], [again])) == [("digest", 1)]


def test_a_digest_within_quiet_hours_waits_for_their_end():
    line = replace(LINE, habits=Habits(time(6, 0), time(22, 0), time(8, 0)))
    assert plan(MORNING.replace(hour=7), [message(1, at=MORNING - timedelta(days=1))], [line]) == []
    assert told(plan(MORNING.replace(hour=8), [message(1, at=MORNING - timedelta(days=1))], [line])) == [("digest", 1)]


def test_quiet_hours_span_midnight_and_equal_times_mean_never():
    habits = Habits()
    assert [habits.is_quiet(time(h)) for h in (21, 22, 3, 7)] == [False, True, True, False]
    assert not any(Habits(quiet_from=time(0), quiet_to=time(0)).is_quiet(time(h)) for h in range(24))


def test_a_flood_becomes_single_texts_then_one_summary_then_waits():
    many = [message(n, urgent=True) for n in range(HOURLY_LIMIT + 5)]
    first = plan(MORNING, many, [LINE])
    assert told(first) == [("single", 1)] * HOURLY_LIMIT + [("summary", 5)]
    used = replace(
        LINE, told=frozenset(m.id for m in many), recent=(MORNING - timedelta(minutes=5),) * (HOURLY_LIMIT + 1)
    )
    later = [*many, message(99, urgent=True, at=MORNING)]
    assert plan(MORNING, later, [used]) == []
    assert told(plan(MORNING + timedelta(hours=1), later, [used])) == [("single", 1)]


def test_what_was_told_on_a_line_is_not_told_on_it_again():
    again = replace(LINE, told=frozenset({1}))
    assert [out.line_id for out in plan(MORNING, [message(1, urgent=True)], [again, replace(LINE, id=2)])] == [2]


def test_a_group_hears_causes_not_people_and_nothing_ordinary():
    group = Line(9, frozenset({7, 8}), is_group=True)
    news = [message(1, 7, urgent=True, cause="flag/5"), message(2, 8, urgent=True, cause="flag/5"), message(3, 7)]
    assert told(plan(MORNING, news, [group])) == [("group", 1)]


TODAY = MORNING.date()


def away(user_id, deputy_id, days=3):
    return Cover(user_id, deputy_id, TODAY, TODAY + timedelta(days=days))


def test_a_message_to_somebody_away_also_goes_to_the_deputy():
    urgent, old, fresh = message(1, urgent=True), message(2), message(3, at=MORNING)
    found = copies(TODAY, [urgent, old, fresh], [away(7, 8)], {})
    assert [(m.id, to) for m, to in found] == [(1, 8), (3, 8)]
    assert copies(TODAY + timedelta(days=4), [urgent], [away(7, 8)], {}) == []


def test_deputies_away_pass_on_and_a_circle_ends_at_those_who_are_there():
    urgent = message(1, urgent=True)
    assert [to for _, to in copies(TODAY, [urgent], [away(7, 8), away(8, 9)], {})] == [9]
    circle = [away(7, 8), away(8, 7), away(5, 6)]
    assert [to for _, to in copies(TODAY, [urgent], circle, {7: frozenset({3, 5, 8})})] == [3]


def test_who_has_the_same_cause_already_gets_no_copy():
    both = [message(1, 7, urgent=True, cause="flag/5"), message(2, 8, urgent=True, cause="flag/5")]
    assert copies(TODAY, both, [away(7, 8)], {}) == []


@pytest.mark.parametrize("what", texts.TEXTS)
def test_a_text_holds_its_number_and_nothing_else(what):
    assert texts.text_of(what, 3).count("3") == 1 and texts.SUBJECTS[what]
    for wrong in ("王小明", "3", True, None, 1.5):
        with pytest.raises(TypeError):
            texts.text_of(what, wrong)
    with pytest.raises(KeyError):
        texts.text_of("王小明", 1)


GATEWAY = signing.Gateway(
    "https://sms.example/send?id={key}",
    "POST",
    {"Content-Type": "application/json"},
    '{"to": "{phone}", "text": "{text}"}',
    b"0123456789abcdef",
)


def test_a_gateway_call_is_filled_escaped_and_signed():
    signing.check(GATEWAY)
    call = signing.call(GATEWAY, phone="13900000000", text='有"1"条', key="a/b", at=1)
    assert call.url.endswith("id=a/b") and call.body.decode() == '{"to": "13900000000", "text": "有\\"1\\"条"}'
    assert call.headers[signing.SIGNATURE] == signing.signature(GATEWAY.secret, 1, "POST", call.url, call.body)
    assert call.headers[signing.SIGNATURE] != signing.signature(GATEWAY.secret, 2, "POST", call.url, call.body)
    form = replace(GATEWAY, headers={}, body="to={phone}&text={text}")
    assert b"text=%E6%9C%89%22" in signing.call(form, phone="1", text='有"1"条', key="k", at=1).body


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://sms.example/{key}"},
        {"url": "https://{phone}.example/{key}"},
        {"method": "DELETE"},
        {"body": "{phone}"},
        {"secret": b"short"},
        {"headers": {"X": "a\r\nb"}},
    ],
)
def test_a_gateway_that_leaks_or_lacks_something_is_refused(change):
    with pytest.raises(signing.GatewayRefused):
        signing.check(replace(GATEWAY, **change))


def test_a_calendar_is_folded_escaped_and_names_days_and_hours():
    start = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    entries = [
        ical.Entry("due-1@x", "一, 二; " + "长" * 60, on=date(2026, 12, 31)),
        ical.Entry("duty-1@x", "值班", start=start, end=start + timedelta(hours=2)),
    ]
    text = ical.calendar("心育", entries, start)
    assert text.endswith("END:VCALENDAR\r\n") and all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    plain = text.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101" in plain
    assert "SUMMARY:一\\, 二\\; " + "长" * 60 in plain and "DTSTART:20261123T010000Z" in plain
