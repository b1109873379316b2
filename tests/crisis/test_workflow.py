from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.levels import LevelChange, load_scheme, may_lower, may_raise, parse_scheme
from crisis.workflow import MOVES, OPEN_STATES, STATES, TEAM, ActorFacts, CaseFacts, diagram, moves_from, refusal
from xinyu.access.roles import ROLES

COUNSELOR = ActorFacts(1, "counselor", reason="稳定一个月")
HEAD = ActorFacts(2, "vice_principal", reason="同意")
READY = CaseFacts("closing", plan_complete=True, guardian_told=True, proposed_by=1, signers=frozenset({1, 2}))
RED, ORANGE, YELLOW, BLUE = load_scheme().levels


def test_the_ordinary_way_through():
    case = CaseFacts("open", plan_complete=True, guardian_told=True)
    for name, actor in [("plan", COUNSELOR), ("follow_up", COUNSELOR), ("propose_closing", COUNSELOR)]:
        assert refusal(case, name, actor) is None
        case = replace(case, state=MOVES[name].target)
    assert case.state == "closing"
    assert refusal(READY, "close", HEAD) is None


@pytest.mark.parametrize(
    ("case", "move", "actor", "said"),
    [
        (CaseFacts("open"), "plan", COUNSELOR, "每个问题"),
        (CaseFacts("planned", plan_complete=True), "follow_up", COUNSELOR, "监护人"),
        (CaseFacts("follow_up", follow_ups_open=2), "propose_closing", COUNSELOR, "2 次随访"),
        (CaseFacts("follow_up"), "propose_closing", replace(COUNSELOR, reason="  "), "理由"),
        (CaseFacts("follow_up"), "propose_closing", HEAD, "岗位"),
        (READY, "close", COUNSELOR, "第二人"),
        (replace(READY, signers=frozenset({2})), "close", HEAD, "两人签字"),
        (replace(READY, gravest=True), "close", HEAD, "医疗机构意见"),
        (replace(READY, gravest=True, medical_opinion=True), "close", HEAD, "校长签字"),
        (CaseFacts("open"), "close", HEAD, "已建档"),
        (CaseFacts("closed"), "plan", COUNSELOR, "已结案"),
        (READY, "close", replace(HEAD, role="homeroom"), "岗位"),
        (READY, "close", replace(HEAD, is_own_school=False), "岗位"),
        (CaseFacts("closed"), "reopen", replace(HEAD, reason=""), "理由"),
    ],
)
def test_refusals_say_what_is_missing(case, move, actor, said):
    assert said in refusal(case, move, actor)


def test_a_false_alarm_needs_two_signatures_but_no_hospital_paper():
    red = CaseFacts("doubted", proposed_by=1, signers=frozenset({1, 2}), gravest=True)
    assert refusal(red, "dismiss", HEAD) is None
    assert "第二人" in refusal(red, "dismiss", COUNSELOR)
    assert "两人" in refusal(replace(red, signers=frozenset({1})), "dismiss", HEAD)
    assert not STATES["unconfirmed"].shows_level and not STATES["unconfirmed"].is_open


def test_reopening_keeps_the_way_open_from_both_ends():
    for state in ("closed", "unconfirmed"):
        assert [move.name for move in moves_from(state)] == ["reopen"]
        assert refusal(CaseFacts(state), "reopen", HEAD) is None


def test_every_state_is_reached_and_no_open_state_is_a_dead_end():
    reached = {"open"}
    for _ in STATES:
        reached |= {move.target for move in MOVES.values() if set(move.sources) & reached}
    assert reached == set(STATES)
    assert all(moves_from(state) for state in OPEN_STATES)
    assert set(ROLES) >= TEAM
    assert all({*move.sources, move.target} <= set(STATES) for move in MOVES.values())


CASES = st.builds(
    CaseFacts,
    st.sampled_from(sorted(OPEN_STATES)),
    plan_complete=st.booleans(),
    guardian_told=st.booleans(),
    follow_ups_open=st.integers(0, 3),
    proposed_by=st.integers(1, 3),
    signers=st.frozensets(st.integers(1, 3)),
    gravest=st.booleans(),
    medical_opinion=st.booleans(),
    principal_signed=st.booleans(),
)


@given(CASES, st.integers(1, 3), st.sampled_from(sorted(ROLES)))
def test_nobody_ends_a_case_alone(case, person, role):
    for move in moves_from(case.state):
        if not STATES[move.target].is_open and refusal(case, move.name, ActorFacts(person, role, reason="x")) is None:
            assert person != case.proposed_by
            assert len(case.signers) >= 2


def test_an_unknown_move_is_an_error():
    with pytest.raises(KeyError):
        refusal(CaseFacts("open"), "vanish", COUNSELOR)


def test_the_diagram_holds_every_move():
    text = diagram()
    assert text.startswith("stateDiagram-v2\n")
    assert text.count("-->") == 1 + 2 + sum(len(move.sources) for move in MOVES.values())
    assert all(state.label in text for state in STATES.values())


def test_a_first_level_is_confirmed_by_a_named_person_with_a_reason():
    assert may_raise(LevelChange(None, RED, "访谈确认", "counselor")) is None
    assert "心理教师" in may_raise(LevelChange(None, RED, "担心", "homeroom"))
    assert "理由" in may_raise(LevelChange(None, RED, " ", "counselor"))
    assert "岗位" in may_raise(LevelChange(None, RED, "x", "system_admin"))


def test_anyone_at_the_school_may_raise_but_not_sideways():
    assert may_raise(LevelChange(YELLOW, RED, "看到伤口", "homeroom")) is None
    assert "没有高于" in may_raise(LevelChange(RED, RED, "x", "counselor"))
    assert "没有高于" in may_raise(LevelChange(RED, BLUE, "x", "counselor"))


def test_lowering_red_needs_team_two_signatures_and_a_medical_opinion():
    change = LevelChange(RED, ORANGE, "好转", "counselor")
    assert "研判会" in may_lower(change)
    change = replace(change, team_decision=True, signers=frozenset({1}))
    assert "两人" in may_lower(change)
    change = replace(change, signers=frozenset({1, 2}))
    assert "医疗机构" in may_lower(change)
    assert may_lower(replace(change, medical_opinion=True)) is None
    assert may_lower(replace(change, current=ORANGE, wanted=YELLOW)) is None
    assert "没有低于" in may_lower(replace(change, current=YELLOW, wanted=ORANGE))
    assert "岗位" in may_lower(replace(change, role="homeroom"))
    assert "理由" in may_lower(replace(change, reason=""))


def test_both_schemes_are_versioned_ordered_and_mapped():
    colours, classes = load_scheme(), load_scheme("classes")
    assert "本区设定" in colours.source and colours.version == "2026.1"
    assert [level.label for level in classes.levels] == ["重大", "严重", "一般"]
    assert {level.common_code for level in classes.levels} < {level.code for level in colours.levels}
    assert (RED.respond_minutes, RED.report_hours, ORANGE.interview_hours, YELLOW.interview_hours) == (10, 2, 24, 168)
    assert [level.clock for level in colours.levels] == ["real", "real", "on_site", "on_site"]
    with pytest.raises(KeyError):
        classes.level("red")


def test_a_scheme_out_of_order_is_refused():
    row = {"code": "x", "title": "试", "levels": [vars(RED) | {"order": 2}]}
    with pytest.raises(ValueError, match="顺序"):
        parse_scheme(row, {"valid_from": "2026-09-01", "version": "1", "source": ""})
