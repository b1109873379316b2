"""Opening, levels, moves, plan and notes: changed once, audited, refusals change nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments.models import TimelineEntry
from crisis.actions.levels import ask_lowering, decide_lowering, state_level
from crisis.actions.moves import move_case
from crisis.actions.opening import open_case
from crisis.actions.plan import edit_plan_item, finish_plan_item
from crisis.models import Case, CaseNote, ClosingRequest, LevelStatement, LoweringRequest, PlanItem
from crisis.queries.cases import awaiting_level, level_lapsed, levels_in_force
from crisis.queries.facts import has_medical_opinion
from crisis.queries.people import colleagues
from crisis.refusals import CaseRefusedError, StaleVersionError
from xinyu.access.actor import acting_as
from xinyu.vault.fields import reveal

from .cases import REASON, in_days, met, noted, opened, plan_values, planned_item, second_counselor, talk

pytestmark = pytest.mark.django_db


def audited(world, verb):
    with acting_as(world.audit_admin), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditentry WHERE verb = %s", [verb])
        return cursor.fetchone()[0]


def test_a_talk_becomes_a_case_with_a_statement_a_note_an_entry_and_an_audit_entry(here):
    kid = here.students[1]
    case = opened(here, kid)
    with acting_as(here.counselor):
        assert case.code == f"{here.school.code[-4:]}-{timezone.localdate().year}-001"
        statement = case.levelstatements.get()
        assert (statement.level, statement.by, reveal(statement, "reason")) == ("yellow", here.counselor, REASON)
        assert case.casenotes.get().kind == "move"
        assert TimelineEntry.objects.filter(student=kid, kind="case").count() == 1
        assert not awaiting_level().filter(student=kid).exists()
    assert audited(here, "crisis.open_case") == 1


def test_codes_count_up_in_a_school(here):
    first, second = opened(here, here.students[1]), opened(here, here.students[2])
    assert (first.code[-3:], second.code[-3:]) == ("001", "002")


def test_a_second_talk_raises_the_open_case_and_never_makes_another(here):
    kid = here.students[1]
    case = opened(here, kid)
    interview = talk(here, kid)
    with acting_as(here.counselor):
        assert awaiting_level().filter(pk=interview.pk).exists()
        again = open_case(interview, actor=here.counselor, level="red", reason=REASON, until_on=in_days(20))
        assert again.pk == case.pk and Case.objects.filter(student=kid).count() == 1
        case.refresh_from_db()
        assert (case.level, case.version, case.levelstatements.count()) == ("red", 2, 2)
        assert not awaiting_level().filter(pk=interview.pk).exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reason": " "}, "请填写定级理由"),
        ({"days": 0}, "有效期要晚于今天"),
        ({"days": 400}, "最长"),
    ],
)
def test_a_refused_opening_changes_nothing(here, values, said):
    interview = talk(here, here.students[1])
    days, reason = values.get("days", 30), values.get("reason", REASON)
    with acting_as(here.counselor):
        with pytest.raises(CaseRefusedError, match=said):
            open_case(interview, actor=here.counselor, level="blue", reason=reason, until_on=in_days(days))
        assert not Case.objects.filter(student=here.students[1]).exists() and not LevelStatement.objects.exists()
        assert awaiting_level().filter(pk=interview.pk).exists()
    assert audited(here, "crisis.open_case") == 0


def test_a_talk_is_answered_once_and_only_when_it_asked(here):
    case = opened(here, here.students[1])
    plain = talk(here, here.students[2], outcome="watch")
    with acting_as(here.counselor):
        for interview in (case.interview, plain):
            with pytest.raises(CaseRefusedError):
                open_case(interview, actor=here.counselor, level="red", reason=REASON, until_on=in_days(9))
        assert Case.objects.get(pk=case.pk).level == "yellow"


def test_only_the_counselor_of_the_school_confirms(here):
    interview = talk(here, here.students[1])
    with acting_as(here.principal), pytest.raises(PermissionDenied):
        open_case(interview, actor=here.principal, level="red", reason=REASON, until_on=in_days(9))


def test_the_database_holds_one_open_case_per_student(here):
    case = opened(here, here.students[1])
    with acting_as(here.counselor), pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(
            student_id=case.student_id, code="x", level="red", level_until=in_days(3), owner=here.counselor
        )


def test_renewing_keeps_the_level_and_lowering_by_one_person_is_refused(here):
    case = opened(here, here.students[1], level="orange")
    with acting_as(here.counselor):
        state_level(case, actor=here.counselor, level="orange", reason="仍需关注", until_on=in_days(60))
        case.refresh_from_db()
        assert (case.level, case.level_until) == ("orange", in_days(60))
        with pytest.raises(CaseRefusedError, match="两人签字"):
            state_level(case, actor=here.counselor, level="blue", reason="好转", until_on=in_days(60))
        with pytest.raises(StaleVersionError):
            state_level(case, actor=here.counselor, level="red", reason="x", until_on=in_days(60), version=1)


def test_lowering_needs_a_second_person(here):
    case = opened(here, here.students[1], level="orange")
    values = {"level": "yellow", "reason": "研判会一致意见", "until_on": in_days(60), "team_met_on": in_days(0)}
    with acting_as(here.counselor), pytest.raises(CaseRefusedError, match="研判会"):
        ask_lowering(case, actor=here.counselor, **values)
    met(here, case, level="yellow")
    with acting_as(here.counselor):
        asked = ask_lowering(case, actor=here.counselor, **values)
        with pytest.raises(CaseRefusedError, match="等待复核"):
            ask_lowering(case, actor=here.counselor, **values)
        with pytest.raises(CaseRefusedError, match="第二人"):
            decide_lowering(asked, actor=here.counselor, is_accepted=True)
        assert Case.objects.get(pk=case.pk).level == "orange"
    with acting_as(here.principal):
        decide_lowering(LoweringRequest.objects.get(pk=asked.pk), actor=here.principal, is_accepted=True)
    with acting_as(here.counselor):
        statement = LevelStatement.objects.filter(case=case).first()
        assert (statement.level, statement.by, statement.second_by) == ("yellow", here.counselor, here.principal)
        assert Case.objects.get(pk=case.pk).level == "yellow"


def test_red_is_lowered_with_a_medical_opinion_only(here):
    case = opened(here, here.students[1], level="red")
    values = {"level": "orange", "reason": "研判会意见", "until_on": in_days(60), "team_met_on": in_days(0)}
    met(here, case, level="orange")
    with acting_as(here.counselor), pytest.raises(CaseRefusedError, match="医疗机构意见"):
        ask_lowering(case, actor=here.counselor, **values)
    noted(here, case, kind="medical", body="医院书面意见")
    with acting_as(here.counselor):
        assert ask_lowering(case, actor=here.counselor, **values).has_medical_opinion


def test_a_paper_from_before_the_level_says_nothing_about_lowering_it(here):
    case = opened(here, here.students[1], level="orange")
    noted(here, case, kind="medical", body="医院书面意见")
    with acting_as(here.counselor):
        assert has_medical_opinion(case)
        state_level(case, actor=here.counselor, level="red", reason="情况加重，当天有新的危险", until_on=in_days(30))
    with acting_as(here.counselor):
        assert not has_medical_opinion(case)
        noted(here, case, kind="medical", body="复诊书面意见")
        assert has_medical_opinion(case)


def walk_to_follow_up(world, case):
    planned_item(world, case)
    noted(world, case, kind="guardian", body="已电话告知")
    with acting_as(world.counselor):
        move_case(case, "plan", actor=world.counselor)
        move_case(case, "follow_up", actor=world.counselor, reason="稳定")


def test_an_incomplete_plan_stops_the_move_and_says_why(here):
    case = opened(here, here.students[1])
    planned_item(here, case, action="")
    with acting_as(here.counselor):
        with pytest.raises(CaseRefusedError, match="干预方案不完整"):
            move_case(case, "plan", actor=here.counselor)
        case.refresh_from_db()
        assert (case.state, case.version, case.casenotes.count()) == ("open", 1, 1)
    assert audited(here, "crisis.move") == 0


def test_closing_is_asked_by_one_and_decided_by_another(here):
    case = opened(here, here.students[1])
    walk_to_follow_up(here, case)
    with acting_as(here.counselor):
        move_case(case, "propose_closing", actor=here.counselor, reason="目标达到")
        with pytest.raises(CaseRefusedError, match="第二人"):
            move_case(case, "close", actor=here.counselor)
    with acting_as(here.principal):
        move_case(Case.objects.get(pk=case.pk), "close", actor=here.principal)
        request = ClosingRequest.objects.get(case=case)
        assert (request.by, request.decided_by, request.is_accepted) == (here.counselor, here.principal, True)
    with acting_as(here.counselor):
        closed = Case.objects.get(pk=case.pk)
        assert closed.state == "closed" and closed.closed_at is not None
        move_case(closed, "reopen", actor=here.counselor, reason="再次出现")
        assert Case.objects.get(pk=case.pk).closed_at is None and closed.levelstatements.count() == 1
    assert audited(here, "crisis.move") == 5


def test_the_database_refuses_a_decision_by_who_asked(here):
    case = opened(here, here.students[1])
    with acting_as(here.counselor):
        move_case(case, "doubt", actor=here.counselor, reason="误报")
        with pytest.raises(IntegrityError), transaction.atomic():
            ClosingRequest.objects.filter(case=case).update(decided_by=here.counselor)


def test_a_false_alarm_is_closed_as_not_confirmed_without_medical_paper(here):
    case = opened(here, here.students[1], level="red")
    with acting_as(here.counselor):
        move_case(case, "doubt", actor=here.counselor, reason="核实为误报")
    with acting_as(here.vice_principal):
        move_case(Case.objects.get(pk=case.pk), "dismiss", actor=here.vice_principal)
    with acting_as(here.counselor):
        case.refresh_from_db()
        assert case.state == "unconfirmed" and case.closed_at is not None
        assert case.casenotes.filter(kind="correction").count() == 1


def test_red_is_closed_by_the_principal_with_a_medical_paper(here):
    case = opened(here, here.students[1], level="red")
    walk_to_follow_up(here, case)
    noted(here, case, kind="medical", body="医院意见")
    with acting_as(here.counselor):
        move_case(case, "propose_closing", actor=here.counselor, reason="稳定")
    with acting_as(here.vice_principal), pytest.raises(CaseRefusedError, match="校长签字"):
        move_case(case, "close", actor=here.vice_principal)
    with acting_as(here.principal):
        assert move_case(case, "close", actor=here.principal).state == "closed"


def test_who_asked_may_withdraw_and_whoever_reopens_meets_the_one_open_case(here):
    case = opened(here, here.students[1])
    with acting_as(here.counselor):
        move_case(case, "doubt", actor=here.counselor, reason="误报")
        move_case(case, "keep", actor=here.counselor, reason="再观察")
        request = ClosingRequest.objects.get(case=case)
        assert request.decided_by is None and request.decided_at and request.is_accepted is False
        move_case(case, "doubt", actor=here.counselor, reason="误报")
    with acting_as(here.principal):
        move_case(case, "dismiss", actor=here.principal)
    opened(here, here.students[1])
    with acting_as(here.counselor), pytest.raises(CaseRefusedError, match="在办的个案"):
        move_case(case, "reopen", actor=here.counselor, reason="又有情况")


def test_a_principal_does_not_do_the_counselors_moves(here):
    case = opened(here, here.students[1])
    planned_item(here, case)
    with acting_as(here.principal), pytest.raises(PermissionDenied):
        move_case(case, "plan", actor=here.principal)


def test_two_counselors_editing_one_line_never_overwrite(here):
    case, other = opened(here, here.students[1]), second_counselor(here)
    item = planned_item(here, case)
    with acting_as(here.counselor):
        edit_plan_item(item, plan_values(here, goal="先存的"), actor=here.counselor, version=1)
    with acting_as(other), pytest.raises(StaleVersionError):
        edit_plan_item(item, plan_values(here, goal="后存的"), actor=other, version=1)
    with acting_as(here.counselor):
        assert reveal(PlanItem.objects.get(), "goal") == "先存的"
        done = finish_plan_item(item, actor=here.counselor)
        assert finish_plan_item(item, actor=here.counselor).version == done.version == 3
    assert audited(here, "crisis.finish_plan_item") == 1


def test_a_note_is_written_once_and_marked_when_it_is_medical(here):
    case = opened(here, here.students[1])
    note = noted(here, case, kind="medical", body="医院诊断为抑郁症")
    with acting_as(here.counselor):
        from crisis.actions.notes import add_note

        again = add_note(
            case, actor=here.counselor, kind="talk", happened_at=timezone.now(), body="x", key=note.vault_id
        )
        assert again.pk == note.pk and CaseNote.objects.filter(case=case).count() == 2
        assert again.happened_at - note.happened_at < timedelta(seconds=1)


def test_a_level_that_has_ended_is_said_nowhere_else(here):
    case = opened(here, here.students[1], days=5)
    with acting_as(here.counselor):
        assert levels_in_force(in_days(5)).filter(pk=case.pk).exists()
        assert not levels_in_force(in_days(6)).filter(pk=case.pk).exists()
        assert level_lapsed(in_days(6)).filter(pk=case.pk).exists()


def test_people_of_the_own_school_are_named_and_of_no_other(here, there):
    with acting_as(here.counselor):
        assert (here.homeroom.pk, f"{here.homeroom.name}（班主任）") in colleagues(here.school.pk)
        assert here.revoked.pk not in dict(colleagues(here.school.pk)) and colleagues(there.school.pk) == []
    with acting_as(here.homeroom):
        assert colleagues(here.school.pk) == []
