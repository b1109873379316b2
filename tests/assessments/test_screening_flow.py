from datetime import UTC, datetime, timedelta

import pytest

from assessments.choices import ScreeningState
from assessments.management.commands.screening_diagram import PAGE, page
from assessments.screening_flow import LABELS, MOVES, ScreeningFacts, moves_from, refusals

NOW = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)


def facts(**values):
    return ScreeningFacts(**({"state": "draft", "invited": 30, "closes_at": NOW + timedelta(days=2)} | values))


@pytest.mark.parametrize(
    ("state", "names"),
    [("draft", ["open"]), ("open", ["pause", "close"]), ("paused", ["resume", "close"]), ("closed", [])],
)
def test_each_state_offers_its_moves_and_refuses_the_others(state, names):
    assert [move.name for move in moves_from(state)] == names
    for name in MOVES:
        assert (refusals(name, facts(state=state), NOW) == ()) is (name in names)


def test_opening_needs_people_time_and_cleared_scales_and_says_all_at_once():
    against = {"blocked_scales": ("“某量表”还没有经过县区核对。",), "unapproved": ("还没有向县区教育局申请批准。",)}
    reasons = refusals("open", facts(invited=0, closes_at=NOW, **against), NOW)
    assert len(reasons) == 4 and reasons[3] == against["unapproved"][0]
    assert "名单" in reasons[0] and "县区" in reasons[1] and "结束时间" in reasons[2]


def test_closing_is_always_possible_once_it_runs():
    assert refusals("close", facts(state="open", invited=0, blocked_scales=("x",), unapproved=("y",)), NOW) == ()


def test_an_unknown_move_is_an_error_of_the_program():
    with pytest.raises(KeyError):
        refusals("reopen", facts(), NOW)


def test_the_diagram_in_the_docs_is_that_of_the_table():
    assert PAGE.read_text("utf-8") == page(), "run manage.py screening_diagram"
    assert dict(ScreeningState.choices) == LABELS
