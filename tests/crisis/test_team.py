"""Cards, follow-ups, 研判会 and 未证实: who sees what, and what disappears when."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Flag
from crisis.actions.cards import answer_card, end_due_cards, give_card
from crisis.actions.conferences import convene, sign_minutes, write_minutes
from crisis.actions.follow_ups import hold_follow_up
from crisis.actions.levels import state_level
from crisis.actions.moves import move_case
from crisis.card_templates import card_templates
from crisis.follow_ups import due_day, load_series
from crisis.models import ActionCard, CardFeedback, Case, FollowUp, MinutesCopy, Seat
from crisis.refusals import CaseRefusedError
from tests.cast import make_student
from tests.house.every_url import pages
from xinyu.access.actor import acting_as
from xinyu.audit.signing import Verdict, signatures_of, verify_signature
from xinyu.reminders.causes import changes_seen, missed_follow_ups, unsigned_minutes

from .cases import in_days, met, noted, opened, planned_item, second_counselor

pytestmark = pytest.mark.django_db
CANARY = "canary-of-the-minutes"
WATCH = "课间是否一个人待着"


def url(name, *args):
    return reverse(f"crisis:{name}", args=args)


def given(world, case, days=20):
    with acting_as(world.counselor):
        return give_card(
            case, actor=world.counselor, watch=WATCH, say="先听", call="找心理教师", until_on=in_days(days)
        )


@pytest.fixture
def case(here):
    return opened(here, here.students[1], level="orange")


def held(world, row, body="情况平稳"):
    now = timezone.now()
    with acting_as(world.counselor):
        return hold_follow_up(row, actor=world.counselor, kind="talk", happened_at=now, body=body, key=uuid4())


# --- pure


def test_the_series_goes_on_after_its_last_step_and_never_piles_up():
    series, began = load_series(), date(2026, 9, 1)
    assert due_day(series, "orange", began, 1, began) == date(2026, 9, 8)
    assert due_day(series, "orange", began, 2, began) == date(2026, 9, 15)
    assert due_day(series, "orange", began, 7, began) == began + timedelta(days=270)
    assert due_day(series, "red", began, 2, date(2026, 10, 1)) == date(2026, 10, 2)


def test_a_template_names_behaviour_and_no_level():
    for row in card_templates():
        text = row.title + row.watch + row.say + row.call
        assert row.watch and row.say and row.call
        assert not any(word in text for word in ("红色", "橙色", "高危", "抑郁", "分数"))


# --- follow-ups


def test_each_held_follow_up_makes_the_next_one_and_a_second_click_none(here, case):
    with acting_as(here.counselor):
        first = case.followups.get()
    assert first.due_on == in_days(7)
    second = held(here, first)
    assert (second.step, second.due_on) == (2, in_days(14))
    with pytest.raises(CaseRefusedError, match="已经登记"):
        held(here, first)
    with acting_as(here.counselor):
        assert case.followups.count() == 2 and case.casenotes.filter(kind="talk").count() == 1


def test_a_raised_level_begins_its_own_series(here, case):
    with acting_as(here.counselor):
        state_level(case, actor=here.counselor, level="red", reason="有计划", until_on=in_days(30))
        assert case.followups.get(called_off_at=None).due_on == in_days(1)


def test_a_missed_follow_up_is_told_to_the_owner_and_blocks_the_closing(here, case):
    planned_item(here, case)
    noted(here, case, kind="guardian")
    with acting_as(here.counselor):
        for name in ("plan", "follow_up"):
            case = move_case(case, name, actor=here.counselor, reason="平稳")
        FollowUp.objects.filter(case=case).update(due_on=in_days(-8))
        with pytest.raises(CaseRefusedError, match="1 次随访"):
            move_case(case, "propose_closing", actor=here.counselor, reason="平稳")
    with acting_as("system:reminders"):
        drafts = [row for row in missed_follow_ups(timezone.localdate()) if row.to == here.counselor.pk]
    assert len(drafts) == 1 and "/1/" in drafts[0].key and "同学" not in drafts[0].title + drafts[0].why


# --- action cards


def test_the_homeroom_teacher_answers_on_her_page_and_urgent_rings(here, enter, case):
    card = given(here, case)
    client = enter(here.homeroom)
    shown = client.get(url("card-list")).content.decode()
    assert WATCH in shown and "橙色" not in shown
    post = {"answer": "urgent", "words": "canary-seen-crying", "key": str(uuid4())}
    for _ in range(2):
        assert client.post(url("card-answer", card.pk), post).status_code == 302
    with acting_as(here.counselor):
        assert CardFeedback.objects.get(card=card).answer == "urgent"
        assert Flag.objects.filter(student=case.student, level="immediate", source="staff").count() == 1
    client = enter(here.counselor)
    shown = client.get(url("case-team", case.pk)).content.decode()
    assert "canary-seen-crying" in shown and "紧急" in shown
    shown = enter(here.principal).get(url("case-team", case.pk)).content.decode()
    assert WATCH in shown and "canary-seen-crying" not in shown


def test_a_change_is_told_to_the_owner(here, case):
    card = given(here, case)
    with acting_as(here.homeroom):
        answer_card(card, actor=here.homeroom, answer="changed", words="没交作业", key=uuid4())
    with acting_as("system:reminders"):
        assert [row.to for row in changes_seen(timezone.localdate())] == [here.counselor.pk]


@pytest.mark.parametrize("who", ["grade_head", "teacher", "moral_head", "county_officer", "system_admin"])
def test_nobody_else_has_a_card(here, enter, case, who):
    card = given(here, case)
    client = enter(here.users[who])
    assert client.get(url("card-list")).status_code == 403
    assert client.post(url("card-answer", card.pk), {"answer": "usual", "key": str(uuid4())}).status_code == 403
    with acting_as(here.users[who]):
        assert not ActionCard.objects.exists()


def test_the_outsider_sees_nothing(here, there, enter, case):
    card = given(here, case)
    meeting = met(here, case, level="orange", body=CANARY)
    client = enter(there.counselor)
    with acting_as(here.counselor):
        row = case.followups.first()
    paths = [
        url("case-team", case.pk),
        url("follow-up-hold", case.pk, row.pk),
        url("card-give", case.pk),
        url("conference-new", case.pk),
        url("minutes-new", case.pk, meeting.pk),
        url("minutes", meeting.pk),
    ]
    assert {client.get(path).status_code for path in paths} == {404}
    assert client.post(url("card-end", case.pk, card.pk)).status_code == 404
    client = enter(there.homeroom)
    assert WATCH not in client.get(url("card-list")).content.decode()
    assert client.post(url("card-answer", card.pk), {"answer": "usual", "key": str(uuid4())}).status_code == 404


def test_a_card_ends_by_itself_on_the_page_at_once_and_in_the_database_with_the_sweep(here, enter, case):
    card = given(here, case)
    with acting_as(here.counselor):
        ActionCard.objects.filter(pk=card.pk).update(until_on=in_days(-1))
    client = enter(here.homeroom)
    assert WATCH not in client.get(url("card-list")).content.decode()
    with acting_as(here.homeroom):
        assert ActionCard.objects.filter(pk=card.pk).exists()
        with pytest.raises(CaseRefusedError, match="已经结束"):
            answer_card(ActionCard.objects.get(pk=card.pk), actor=here.homeroom, answer="usual", words="", key=uuid4())
    assert end_due_cards() == 1
    with acting_as(here.homeroom):
        assert not ActionCard.objects.filter(pk=card.pk).exists()


def test_the_colour_is_shown_only_when_the_team_ticked_it_and_goes_with_a_new_level(here, enter, case):
    given(here, case)
    client = enter(here.homeroom)
    assert "橙色" not in client.get(url("card-list")).content.decode()
    met(here, case, level="orange", colour_until=in_days(10))
    assert "橙色" in client.get(url("card-list")).content.decode()
    with acting_as(here.counselor):
        ActionCard.objects.filter(case=case).update(shown_until=in_days(-1))
    assert "橙色" not in client.get(url("card-list")).content.decode()
    with acting_as(here.counselor):
        ActionCard.objects.filter(case=case).update(shown_until=in_days(9))
        state_level(case, actor=here.counselor, level="red", reason="有计划", until_on=in_days(30))
    shown = client.get(url("card-list")).content.decode()
    assert WATCH in shown and "橙色" not in shown and "红色" not in shown


def test_two_cards_cost_one_look_and_one_key_more(here, enter, case):
    given(here, case)
    client = enter(here.homeroom)
    client.get(url("card-list"))
    with CaptureQueriesContext(connection) as one:
        client.get(url("card-list"))
    with acting_as(here.counselor):
        another = make_student(here.klass, "c1", "新同学")
    given(here, opened(here, another))
    with CaptureQueriesContext(connection) as two:
        assert client.get(url("card-list")).content.decode().count(WATCH) == 2
    assert len(two) <= len(one) + 2


# --- 研判会


def bodies_seen(user):
    with acting_as(user), connection.cursor() as cursor:
        cursor.execute("SELECT count(body) FROM crisis_minutescopy")
        return cursor.fetchone()[0]


def test_minutes_are_read_by_whoever_was_there_and_by_no_rank(here, enter, case):
    meeting = met(here, case, level="orange", body=CANARY, present=[here.homeroom])
    outside = [here.principal, here.system_admin, here.moral_head, second_counselor(here), here.grade_head]
    assert [bodies_seen(user) for user in outside] == [0] * len(outside)
    assert (bodies_seen(here.vice_principal), bodies_seen(here.homeroom)) == (1, 1)
    with acting_as(here.principal), connection.cursor() as cursor:
        cursor.execute("SELECT count(body) FROM crisis_casenote")
        assert cursor.fetchone()[0] == 0
    assert CANARY in enter(here.homeroom).get(url("minutes", meeting.pk)).content.decode()
    client = enter(here.principal)
    assert client.get(url("minutes", meeting.pk)).status_code == 404
    shown = client.get(url("case-team", case.pk)).content.decode()
    assert CANARY not in shown and "纪要只有到会人员" in shown


def test_minutes_are_only_added_to(here, case):
    met(here, case, level="orange", body=CANARY)
    with acting_as(here.counselor), pytest.raises(DatabaseError), transaction.atomic():
        MinutesCopy.objects.update(body=None)


def test_those_who_were_there_sign_once_and_are_asked_to(here, case):
    meeting = met(here, case, level="orange", body=CANARY, present=[here.homeroom])
    with acting_as("system:reminders"):
        asked = {row.to for row in unsigned_minutes()}
    assert {here.counselor.pk, here.vice_principal.pk, here.homeroom.pk} <= asked
    with acting_as(here.homeroom):
        copy = MinutesCopy.objects.get(conference=meeting, reader=here.homeroom)
        seat = sign_minutes(copy, actor=here.homeroom, text=CANARY)
        again = sign_minutes(copy, actor=here.homeroom, text=CANARY)
        signature = signatures_of(meeting, "minutes").get()
        assert verify_signature(signature) == Verdict(is_genuine=True, is_unchanged=True)
    assert seat.signed_at == again.signed_at and seat.signed_digest == signature.digest
    with acting_as(here.vice_principal):
        assert Seat.objects.get(conference=meeting, person=here.homeroom).signed_at == seat.signed_at


def test_a_signature_asks_again_who_it_is(here, case):
    meeting = met(here, case, level="orange", present=[here.homeroom])
    here.homeroom.set_password("quiet-river-42")
    here.homeroom.save(update_fields=["password"])
    client = Client()
    client.post("/account/login/", {"login": here.homeroom.username, "password": "quiet-river-42"})
    answer = client.post(url("minutes-sign", meeting.pk))
    assert answer.status_code == 302 and answer.url.startswith("/account/reauthenticate/")
    with acting_as(here.homeroom):
        assert Seat.objects.get(conference=meeting, person=here.homeroom).signed_at is None


@pytest.mark.parametrize(("change", "said"), [("alone", "至少两人"), ("early", "还没有开"), ("twice", "不能修改")])
def test_refused_minutes_change_nothing(here, case, change, said):
    at = timezone.now() + timedelta(hours=2 if change == "early" else -1)
    there = [here.counselor.pk, here.vice_principal.pk]
    values = {"actor": here.counselor, "body": "依据", "level": "orange"}
    with acting_as(here.counselor):
        meeting = convene(case, actor=here.counselor, meets_at=at, place="会议室", people=there)
        if change == "twice":
            write_minutes(meeting, present=there, **values)
        before = MinutesCopy.objects.count()
        with pytest.raises(CaseRefusedError, match=said):
            write_minutes(meeting, present=there[:1] if change == "alone" else there, **values)
        assert MinutesCopy.objects.count() == before


def test_only_colleagues_are_invited(here, there, case):
    with acting_as(here.counselor), pytest.raises(CaseRefusedError, match="本校"):
        convene(case, actor=here.counselor, meets_at=timezone.now(), place="x", people=[there.counselor.pk])


def test_the_pages_of_a_meeting_from_convening_to_minutes(here, enter, case):
    client = enter(here.counselor)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    post = {"meets_at": now, "place": "会议室", "people": [here.vice_principal.pk]}
    assert client.post(url("conference-new", case.pk), post | {"place": ""}).status_code == 422
    assert client.post(url("conference-new", case.pk), post).url == url("case-team", case.pk)
    with acting_as(here.counselor):
        meeting = case.conferences.get()
    page = url("minutes-new", case.pk, meeting.pk)
    assert here.vice_principal.name in client.get(page).content.decode()
    minutes = {"present": [here.counselor.pk, here.vice_principal.pk], "level": "orange", "body": CANARY}
    assert client.post(page, minutes).status_code == 302
    assert CANARY in client.get(url("case-team", case.pk)).content.decode()


# --- 未证实 and the end of a level


def dismissed(world, case):
    with acting_as(world.counselor):
        move_case(case, "doubt", actor=world.counselor, reason="误会")
    with acting_as(world.vice_principal):
        return move_case(case, "dismiss", actor=world.vice_principal, reason="同意")


def pages_of(world, client):
    """Every page of the platform that this person can open, as text; pages of one's own log-in are left out."""
    shown = {}
    for page in pages():
        if page.declares is None or page.declares.startswith(("anyone", "keyed")):
            continue
        answer = client.get(page.url(world))
        if answer.status_code == 200 and not answer.streaming:
            shown[page.name] = answer.content.decode(errors="ignore")
    return shown


@pytest.mark.parametrize("who", ["homeroom", "grade_head", "principal"])
def test_a_false_alarm_leaves_no_trace_of_the_level(here, enter, who):
    kid = here.students[1]
    case = opened(here, kid, level="orange", reason="canary-reason")
    here.things["case"], here.students = case, [kid]
    given(here, case)
    met(here, case, level="orange", body=CANARY, colour_until=in_days(10))
    client = enter(here.users[who])
    before = pages_of(here, client)
    if who != "grade_head":  # what could leak is there
        assert any("橙色" in text for text in before.values())
    dismissed(here, case)
    after = pages_of(here, client)
    assert len(after) >= len(before) - 6
    choices = ("crisis:case-list",)  # its filter offers every level to whoever looks for one
    for name, text in after.items():
        if name in choices:
            text = text.split('id="cases"')[1]
        if name == "crisis:ledgers":  # counts under the name of each level of the scheme, none of them above zero
            text = text.replace("橙色（二级）", "")
        assert not any(word in text for word in ("橙色", "canary-reason", CANARY, WATCH)), name


def test_a_level_that_has_ended_is_not_in_the_list_any_more_and_the_case_is(here, enter, case):
    client = enter(here.principal)
    assert "橙色" in client.get(url("case-list")).content.decode().split('id="cases"')[1]
    with acting_as(here.counselor):
        Case.objects.filter(pk=case.pk).update(level_until=in_days(-1))
    shown = client.get(url("case-list")).content.decode().split('id="cases"')[1]
    assert case.code in shown and "橙色" not in shown and "无有效级别" in shown
    assert case.code not in client.get(url("case-list"), {"state": "open", "level": "orange"}).content.decode()


def test_the_end_of_a_case_ends_its_card_and_its_follow_ups(here, case):
    given(here, case)
    dismissed(here, case)
    with acting_as(here.homeroom):
        assert not ActionCard.objects.exists()
    with acting_as(here.counselor):
        assert not case.followups.filter(held_at=None, called_off_at=None).exists()
        move_case(case, "reopen", actor=here.counselor, reason="又有担心")
        assert case.followups.filter(held_at=None, called_off_at=None).count() == 1
