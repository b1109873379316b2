"""Levels are data of a version that a county chooses; what was stated keeps its words; an ended level is gone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from crisis.actions.cards import end_due_cards, give_card
from crisis.actions.levels import state_level
from crisis.actions.schemes import choose_scheme
from crisis.levels import codes_meaning, level_in, load_scheme, mapping, parse_scheme, shipped_schemes
from crisis.models import ActionCard, Case, LevelStatement
from crisis.queries.schemes import scheme_of_county
from crisis.refusals import CaseRefusedError
from xinyu.access.actor import acting_as

from .cases import REASON, in_days, opened
from .test_acute import enter

COLOURS, CLASSES = load_scheme(), load_scheme("classes")


def test_two_schemes_correspond_and_never_to_something_lighter():
    assert [(one.label, to.label) for one, to in mapping(CLASSES, COLOURS)] == [
        ("重大", "红色（一级）"), ("严重", "橙色（二级）"), ("一般", "黄色（三级）")
    ]  # fmt: skip
    assert [to.code for _, to in mapping(COLOURS, CLASSES)] == ["major", "serious", "general", "general"]
    assert codes_meaning("red") == ["major", "red"]
    assert level_in("major").gravity == level_in("red", "colours/2026.1").gravity == 1
    with pytest.raises(KeyError):
        level_in("red", "classes/2026.1")


def test_a_scheme_whose_levels_do_not_correspond_in_order_is_no_scheme():
    rows = [vars(level) | {"maps_to": "yellow"} for level in CLASSES.levels]
    head = {"version": "x", "valid_from": "2026-09-01", "source": "x"}
    with pytest.raises(ValueError, match="对应"):
        parse_scheme({"code": "x", "title": "x", "levels": rows}, head)
    assert all(scheme.levels[0].gravity == 1 for scheme in shipped_schemes())


def choose(world, key="classes/2026.1", days=0):
    with acting_as(world.county_officer):
        return choose_scheme(
            world.county, actor=world.county_officer, key=key, from_on=in_days(days), today=timezone.localdate()
        )


@pytest.mark.django_db
def test_what_was_stated_keeps_its_words_and_what_is_stated_next_has_the_new_ones(here, client):
    before, kid = opened(here, here.students[1], level="orange"), here.students[2]
    choose(here, days=3)
    assert scheme_of_county(here.county.pk, timezone.localdate()) == COLOURS
    assert scheme_of_county(here.county.pk, in_days(3)) == CLASSES
    choose(here)
    after = opened(here, kid, level="serious")
    listed = enter(client, here.counselor).get(reverse("crisis:case-list")).content.decode()
    assert "橙色（二级）" in listed and ">严重" in listed.replace("\n", "")
    page = client.get(reverse("crisis:case-page", args=[before.pk])).content.decode()
    assert "橙色（二级）" in page
    form = client.get(reverse("crisis:level-change", args=[before.pk])).content.decode()
    assert 'value="serious"' in form and 'value="major"' in form and 'value="orange"' not in form
    with acting_as(here.counselor):
        with pytest.raises(CaseRefusedError, match="没有这个等级"):
            state_level(before, actor=here.counselor, level="red", reason=REASON, until_on=in_days(20))
        renewed = state_level(before, actor=here.counselor, level="serious", reason=REASON, until_on=in_days(20))
        rows = LevelStatement.objects.filter(case=before).order_by("pk")
        assert [(row.level, row.scheme) for row in rows] == [
            ("orange", "colours/2026.1"), ("serious", "classes/2026.1")
        ]  # fmt: skip
        assert Case.objects.get(pk=before.pk).scheme == "classes/2026.1" and renewed.pk
    found = client.get(reverse("crisis:case-list"), {"state": "open", "level": "orange"}).content.decode()
    assert before.code in found and after.code in found


@pytest.mark.django_db
def test_the_county_chooses_on_its_page_with_a_day_and_nobody_else_does(here, there, client):
    page = reverse("crisis:scheme-choice")
    shown = enter(client, here.county_officer).get(page).content.decode()
    assert "红橙黄蓝" in shown and "对应现用方案的" in shown
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    refused = client.post(page, {"key": "classes/2026.1", "from_on": yesterday})
    assert refused.status_code == 422 and "不能早于今天" in refused.content.decode()
    assert client.post(page, {"key": "mine/1", "from_on": in_days(1).isoformat()}).status_code == 422
    assert client.post(page, {"key": "classes/2026.1", "from_on": in_days(0).isoformat()}).status_code == 302
    assert scheme_of_county(here.county.pk, timezone.localdate()) == CLASSES
    assert scheme_of_county(there.county.pk, timezone.localdate()) == COLOURS
    for role in ("counselor", "principal", "city_officer"):
        assert enter(client, here.users[role]).get(page).status_code == 403


@pytest.mark.django_db
def test_a_level_that_has_ended_is_in_no_other_view_nor_in_a_query_of_another_person(here, client):
    case = opened(here, here.students[1], level="orange")
    with acting_as(here.counselor):
        card = give_card(case, actor=here.counselor, watch="看", say="说", call="找", until_on=in_days(20))
    with acting_as("system:demo"):
        ActionCard.objects.filter(pk=card.pk).update(shown_level="orange", shown_until=in_days(9))
        Case.objects.filter(pk=case.pk).update(level_until=in_days(-1))
    assert end_due_cards() == 0, "the card goes on, the colour does not"
    for user, pages in {
        here.principal: [reverse("crisis:case-list"), "/"],
        here.homeroom: ["/", "/students/", reverse("crisis:card-list"), f"/students/{case.student_id}/"],
        here.counselor: [reverse("crisis:case-list"), "/", f"/students/{case.student_id}/"],
    }.items():
        enter(client, user)
        for page in pages:
            shown = re.sub("<option.*?</option>", "", client.get(page).content.decode())  # the filter names all levels
            assert "橙色" not in shown, (user.name, page)
    for user in (here.homeroom, here.grade_head, here.teacher, here.county_officer, here.moral_head):
        with acting_as(user), connection.cursor() as cursor:
            for table in ("crisis_case", "crisis_levelstatement", "crisis_casehistory"):
                cursor.execute(f"SELECT count(*) FROM {table} WHERE level = 'orange'")  # noqa: S608 - constant names
                assert cursor.fetchone()[0] == 0, (user.name, table)
            cursor.execute("SELECT count(*) FROM crisis_actioncard WHERE shown_level <> ''")
            assert cursor.fetchone()[0] == 0
