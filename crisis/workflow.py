"""The life of a case: states, moves between them, who may make a move and what it requires. Pure."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """A state of a case with its looks. `shows_level`: other views still show that the student is under attention."""

    code: str
    label: str
    colour: str
    icon: str
    order: int
    is_open: bool
    shows_level: bool


OPEN = State("open", "已建档", "red", "folder-open", 1, is_open=True, shows_level=True)
PLANNED = State("planned", "干预中", "orange", "clipboard-list", 2, is_open=True, shows_level=True)
FOLLOW_UP = State("follow_up", "随访中", "yellow", "repeat", 3, is_open=True, shows_level=True)
CLOSING = State("closing", "待结案复核", "azure", "user-check", 4, is_open=True, shows_level=True)
DOUBTED = State("doubted", "待未证实复核", "azure", "user-question", 5, is_open=True, shows_level=True)
CLOSED = State("closed", "已结案", "green", "folder-check", 6, is_open=False, shows_level=False)
UNCONFIRMED = State("unconfirmed", "未证实", "secondary", "folder-x", 7, is_open=False, shows_level=False)
STATES = {state.code: state for state in (OPEN, PLANNED, FOLLOW_UP, CLOSING, DOUBTED, CLOSED, UNCONFIRMED)}
OPEN_STATES = frozenset(code for code, state in STATES.items() if state.is_open)

KEEPERS = frozenset({"counselor"})
LEADERS = frozenset({"moral_head", "vice_principal", "principal"})
TEAM = KEEPERS | LEADERS


@dataclass(frozen=True)
class CaseFacts:
    """What is true about the case now.

    plan_complete     every problem of the plan has an action with a person and a due day
    guardian_told     told and answered (or refused with a witness), or the guardian clock is stopped by D9.5
    follow_ups_open   planned follow-ups that are neither held nor called off
    proposed_by       who asked for the closing under review (None when none is)
    signers           person ids who signed for the move under way, with re-authentication
    gravest           the case stands at the gravest level of its scheme (red)
    """

    state: str
    plan_complete: bool = False
    guardian_told: bool = False
    follow_ups_open: int = 0
    proposed_by: int | None = None
    signers: frozenset[int] = frozenset()
    gravest: bool = False
    medical_opinion: bool = False
    principal_signed: bool = False


@dataclass(frozen=True)
class ActorFacts:
    """Who moves. `is_own_school`: the actor's post is at the student's school; `reason`: what was typed."""

    person_id: int
    role: str
    is_own_school: bool = True
    reason: str = ""


Check = Callable[[CaseFacts, ActorFacts], str | None]


@dataclass(frozen=True)
class Move:
    """One line of the table. `checks` run in order; the first refusal is shown."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    roles: frozenset[str]
    checks: tuple[Check, ...]
    order: int


def _reason(case: CaseFacts, actor: ActorFacts) -> str | None:
    return None if actor.reason.strip() else "请填写理由。"


def _plan(case: CaseFacts, actor: ActorFacts) -> str | None:
    return None if case.plan_complete else "干预方案不完整：每个问题都要有措施、负责人和期限。"


def _guardian(case: CaseFacts, actor: ActorFacts) -> str | None:
    return None if case.guardian_told else "尚未登记监护人告知（或拒签见证，或暂不告知的书面决定）。"


def _no_open_follow_up(case: CaseFacts, actor: ActorFacts) -> str | None:
    return f"还有 {case.follow_ups_open} 次随访未完成。" if case.follow_ups_open else None


def _second_person(case: CaseFacts, actor: ActorFacts) -> str | None:
    return "须由提出人以外的第二人复核。" if actor.person_id == case.proposed_by else None


def _two_signatures(case: CaseFacts, actor: ActorFacts) -> str | None:
    return None if len(case.signers) >= 2 else "须有两人签字：提出人的签字不在，请退回后重新提出。"


def _medical_for_gravest(case: CaseFacts, actor: ActorFacts) -> str | None:
    return "最高等级的个案结案须附医疗机构意见。" if case.gravest and not case.medical_opinion else None


def _principal_for_gravest(case: CaseFacts, actor: ActorFacts) -> str | None:
    return "最高等级的个案结案须校长签字。" if case.gravest and not case.principal_signed else None


CLOSING_CHECKS = (_second_person, _two_signatures, _medical_for_gravest, _principal_for_gravest, _no_open_follow_up)
MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("plan", "开始干预", ("open",), "planned", TEAM, (_plan,), 1),
        Move("follow_up", "转入随访", ("planned",), "follow_up", TEAM, (_reason, _plan, _guardian), 2),
        Move("resume", "恢复干预", ("follow_up", "closing"), "planned", TEAM, (_reason,), 3),
        Move("propose_closing", "申请结案", ("follow_up",), "closing", KEEPERS, (_reason, _no_open_follow_up), 4),
        Move("close", "复核结案", ("closing",), "closed", TEAM, CLOSING_CHECKS, 5),
        Move("doubt", "申请按未证实结案", ("open", "planned", "follow_up"), "doubted", TEAM, (_reason,), 6),
        # A false alarm keeps nobody on a list for want of a hospital paper: two signatures, no medical opinion (D9.8).
        Move("dismiss", "确认未证实", ("doubted",), "unconfirmed", TEAM, (_second_person, _two_signatures), 7),
        Move("keep", "退回，继续干预", ("doubted",), "open", TEAM, (_reason,), 8),
        Move("reopen", "重新立案", ("closed", "unconfirmed"), "open", TEAM, (_reason,), 9),
    )
}


def wants_reason(move: str) -> bool:
    """Whether a form for the move must ask for a reason. Raises KeyError for an unknown move."""
    return _reason in MOVES[move].checks


def refusal(case: CaseFacts, move: str, actor: ActorFacts) -> str | None:
    """Why the move is not possible now, in Chinese; None when it is. Raises KeyError for an unknown move."""
    wanted = MOVES[move]
    if case.state not in wanted.sources:
        return f"个案现为“{STATES[case.state].label}”，不能{wanted.label}。"
    if not actor.is_own_school or actor.role not in wanted.roles:
        return f"您的岗位不能{wanted.label}。"
    return next((said for check in wanted.checks if (said := check(case, actor))), None)


def moves_from(state: str) -> list[Move]:
    """Moves that leave a state, in the order in which a page shows them."""
    return sorted((move for move in MOVES.values() if state in move.sources), key=lambda move: move.order)


def diagram() -> str:
    """The table as a mermaid state diagram, for the documentation."""
    names = [f"    {code}: {state.label}" for code, state in STATES.items()]
    arrows = [f"    {source} --> {move.target}: {move.label}" for move in MOVES.values() for source in move.sources]
    ends = [f"    {code} --> [*]" for code, state in STATES.items() if not state.is_open]
    return "\n".join(["stateDiagram-v2", *names, "    [*] --> open", *arrows, *ends]) + "\n"
