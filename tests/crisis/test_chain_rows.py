"""The duty clock in rows: told with the statement, moved up by the sweep, seen by whom it was addressed to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from crisis.actions.chain import answer_step, climb_chains
from crisis.actions.handover import acknowledge, guide, hand_back, hand_over
from crisis.actions.levels import state_level
from crisis.chain import unanswered
from crisis.models import Case, ChainStep, Handover
from crisis.queries.chain import clock_of, people_over
from crisis.refusals import CaseRefusedError
from tests.crisis.cases import REASON, in_days, opened
from xinyu.access.actor import acting_as
from xinyu.organisations.queries import calendar_of
from xinyu.reminders.causes import drafts
from xinyu.students.sight import eyes_on
from xinyu.vault.fields import reveal


@pytest.fixture
def red(here, there):
    return opened(here, here.students[1], level="red")


def steps(case, **which):
    with acting_as("system:triage"):
        return list(ChainStep.objects.filter(case=case, **which).select_related("person").order_by("rung", "pk"))


def names(case, **which):
    return sorted(step.role for step in steps(case, **which))


def later(minutes):
    return timezone.now() + timedelta(minutes=minutes)


def open_handover(case):
    with acting_as("system:triage"):
        return Handover.objects.get(case=case)


def rows_of(user, sql):
    with acting_as(user), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_a_red_statement_tells_several_people_in_its_own_transaction(red):
    # the counselor who stated it is not asked: somebody else must know
    assert names(red) == ["grade_head", "homeroom", "vice_principal"]


def test_the_step_table_equals_the_pure_plan_after_a_stopped_day(here, red):
    first, now = steps(red)[0], later(60 * 24)
    with acting_as("system:triage"):
        clock, people = clock_of(here.county, "red"), people_over(red.student_id)
        at = timezone.localtime(first.opens_at)
        plan = unanswered(clock, at, people, calendar_of(here.county, on=at.date()), now, {here.counselor.pk})
    assert climb_chains(now) == 3
    assert climb_chains(now) == 0
    found = [(s.rung, s.role, s.person_id, s.opens_at, s.acknowledge_by, s.act_by) for s in steps(red)]
    assert sorted(found, key=str) == sorted(
        [(p.rung, p.role, p.person, p.opens_at, p.acknowledge_by, p.act_by) for p in plan], key=str
    )


def test_the_sweep_is_what_moves_it_up(red):
    assert names(red, rung__gt=0) == []
    assert climb_chains(later(14)) == 0
    assert climb_chains(later(16)) == 1
    assert names(red, rung=1) == ["principal"]


def test_a_homeroom_teachers_answer_helps_and_does_not_hold_red(here, red):
    step = steps(red, role="homeroom")[0]
    with acting_as(here.homeroom):
        answer_step(step, actor=here.homeroom, has_acted=True)
    assert climb_chains(later(16)) == 1


def test_an_acknowledgement_stops_the_climb_until_the_time_to_act(here, red):
    step = steps(red, role="vice_principal")[0]
    with acting_as(here.vice_principal):
        answer_step(step, actor=here.vice_principal, has_acted=False)
    assert climb_chains(later(60)) == 0
    assert climb_chains(later(121)) == 1
    with acting_as(here.vice_principal):
        answer_step(step, actor=here.vice_principal, has_acted=True)
    assert climb_chains(later(60 * 48)) == 0


def test_a_renewal_wins_no_time_and_a_raise_starts_anew(here):
    case = opened(here, here.students[1], level="orange")
    with acting_as(here.counselor):
        state_level(case, actor=here.counselor, level="orange", reason=REASON, until_on=in_days(20))
    assert len({step.statement_id for step in steps(case)}) == 1
    with acting_as(here.counselor):
        state_level(case, actor=here.counselor, level="red", reason=REASON, until_on=in_days(20))
    assert names(case, cancelled_at__isnull=False) == ["homeroom"]
    assert names(case, cancelled_at__isnull=True) == ["grade_head", "homeroom", "vice_principal"]


def test_a_broken_county_clock_leaves_nobody_alone(here):
    with acting_as("system:demo"):
        here.county.settings = {"chain": {"clocks": "nonsense"}}
        here.county.save(update_fields=["settings"])
    assert names(opened(here, here.students[1], level="red")) == ["grade_head", "homeroom", "vice_principal"]


def test_whoever_is_told_sees_the_own_row_and_no_case(here, there, red):
    assert len(rows_of(here.homeroom, "SELECT id FROM crisis_chainstep")) == 1
    assert rows_of(here.homeroom, "SELECT id FROM crisis_case") == []
    assert rows_of(there.counselor, "SELECT id FROM crisis_chainstep") == []
    assert rows_of(here.county_officer, "SELECT id FROM crisis_chainstep") == []


def test_nobody_outside_learns_who_stands_over_a_student(here, there, red):
    asked = f"SELECT * FROM access_chain_people({red.student_id})"
    assert len(rows_of(here.counselor, asked)) >= 5
    for outsider in (there.counselor, here.county_officer, here.homeroom):
        assert rows_of(outsider, asked) == []


def test_the_county_sees_a_colour_and_no_student_until_the_school_hands_over(here, there, red):
    climb_chains(later(31))
    row = open_handover(red)
    assert (row.identity, row.reason, row.city_id) == (None, None, None)
    assert len(rows_of(here.county_officer, "SELECT id FROM crisis_handover")) == 1
    assert rows_of(there.county_officer, "SELECT id FROM crisis_handover") == []
    assert rows_of(here.city_officer, "SELECT id FROM crisis_handover") == []
    for table in ("crisis_case", "crisis_levelstatement", "students_student", "crisis_casenote"):
        assert rows_of(here.county_officer, f"SELECT id FROM {table}") == []
    with acting_as(here.principal):
        hand_over(Case.objects.get(pk=red.pk), actor=here.principal, reason="请派专家")
    with acting_as(here.county_officer):
        row = Handover.objects.get()
        assert here.students[1].name in reveal(row, "identity")
        assert reveal(row, "reason") == "请派专家"


def test_below_red_a_formal_hand_over_carries_no_name(here, there):
    case = opened(here, here.students[1], level="orange")
    with acting_as(here.vice_principal):
        row = hand_over(Case.objects.get(pk=case.pk), actor=here.vice_principal, reason="请指导")
    assert row.identity is None
    with acting_as(here.counselor), pytest.raises(Exception, match="岗位"):
        hand_over(Case.objects.get(pk=case.pk), actor=here.counselor, reason="请指导")


def test_the_bureaus_answer_stops_the_clock_and_its_sight_ends_when_handed_back(here, there, red):
    climb_chains(later(31))
    with acting_as(here.county_officer):
        row = Handover.objects.get()
        acknowledge(row, actor=here.county_officer)
        guide(row, actor=here.county_officer, body="请先联系监护人")
    assert climb_chains(later(60 * 48)) == 0
    with acting_as(here.county_officer):
        hand_back(row, actor=here.county_officer)
        with pytest.raises(CaseRefusedError):
            guide(row, actor=here.county_officer, body="再说一句")
    with acting_as("system:triage"):  # before this transaction began
        Handover.objects.filter(pk=row.pk).update(open_until=timezone.now() - timedelta(hours=1))
    assert rows_of(here.county_officer, "SELECT id FROM crisis_handover") == []
    with acting_as(here.principal):
        assert reveal(Handover.objects.get().guidances.get(), "body") == "请先联系监护人"


def test_an_unanswered_county_goes_to_the_city(here, red):
    climb_chains(later(60 * 3))
    assert len(rows_of(here.city_officer, "SELECT id FROM crisis_handover")) == 1


def test_everybody_told_gets_one_message_and_both_sides_hear_of_a_climb(here, red):
    climb_chains(later(31))
    with acting_as("system:reminders"):
        found = [draft for draft in drafts(timezone.localdate()) if draft.key.startswith("chain")]
    to = {draft.to for draft in found if not draft.key.startswith("chain-up")}
    assert to == {
        u.pk for u in (here.homeroom, here.grade_head, here.vice_principal, here.principal, here.county_officer)
    }
    assert {d.to for d in found if d.key.startswith("chain-up")} == to - {here.county_officer.pk}
    assert all(draft.is_urgent for draft in found)
    assert not any(here.students[1].name in draft.title + draft.body + draft.why for draft in found)


def test_the_access_list_names_the_bureau_while_it_holds_something(here, there, red):
    climb_chains(later(31))
    with acting_as(here.principal):
        eye = eyes_on(here.students[1])[-1]
        assert (eye.name, eye.parts) == ("甲县教育局", ("移交内容（没有学生身份）",))
        hand_over(Case.objects.get(pk=red.pk), actor=here.principal, reason="请派专家")
        assert eyes_on(here.students[1])[-1].parts == ("移交内容（含姓名、班级）",)
    with acting_as(there.counselor):
        assert eyes_on(here.students[1]) == []
