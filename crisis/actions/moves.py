"""The one door through which a case changes its state: crisis/workflow.py says whether, this says what follows."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from crisis.duty import NOT_YOURS, roles_at
from crisis.models import Case, ClosingKind, ClosingRequest, NoteKind
from crisis.queries.facts import case_facts, has_medical_opinion, request_under_way
from crisis.refusals import CaseRefusedError
from crisis.signed import sign_request
from crisis.workflow import MOVES, STATES, ActorFacts, refusal
from xinyu.audit.entries import record
from xinyu.vault.fields import conceal

from .cards import end_cards
from .chain import end_chain
from .follow_ups import begin_series, call_off
from .guardian_dues import call_off_dues
from .pairs import end_pairs_of
from .plan import call_off_tasks, take_up_tasks
from .rows import lock_case, write_entry, write_note

#: decisions of the second person; every other move is the daily work of whoever keeps the case
REVIEWS = frozenset({"close", "dismiss", "keep", "resume", "reopen"})
ASKS = {"propose_closing": ClosingKind.CLOSED, "doubt": ClosingKind.UNCONFIRMED}
DECIDES = {"close": True, "dismiss": True, "resume": False, "keep": False}
#: moves under which a person signs, having proved again who she is (4-workflow D9.13)
SIGNED = frozenset({*ASKS, *(name for name, accepted in DECIDES.items() if accepted)})
TOLD = {"close": "一人一案：结案", "dismiss": "一人一案：未证实，撤销级别", "reopen": "一人一案：重新立案"}
CORRECTION = "经复核未证实：此前的级别与关注已撤销，其他页面不再显示。"


def verb_of(name: str) -> str:
    return "crisis.review" if name in REVIEWS else "crisis.move"


@transaction.atomic
def move_case(case: Case, name: str, *, actor, reason: str = "", version: int | None = None) -> Case:
    """Make the move `name`. Raises CaseRefusedError with the reason, PermissionDenied when no post here carries it.

    Beside the state: a request to close or a decision on it, a note, for some moves a line in the growth file, an
    audit entry. Raises KeyError for an unknown move.
    """
    locked = lock_case(case, version)
    role = _role_for(locked, name, actor, reason)
    before, move = locked.state, MOVES[name]
    facts = case_facts(locked, actor.pk, role)
    refused = refusal(facts, name, ActorFacts(actor.pk, role, True, reason))
    if refused:
        raise CaseRefusedError(refused)
    _put_state(locked, move.target)
    _ask_or_decide(locked, name, actor, reason, role)
    write_note(locked, "：".join(filter(None, [move.label, reason])), actor=actor)
    if locked.closed_at is not None:
        end_cards(locked)
        call_off(locked)
        call_off_dues(locked)
        end_pairs_of(locked)
        call_off_tasks(locked)
    if name == "reopen":
        begin_series(locked)
        take_up_tasks(locked)
    if name == "dismiss":
        write_note(locked, CORRECTION, actor=actor, kind=NoteKind.CORRECTION)
    if name in TOLD:
        write_entry(locked, f"{name}:{locked.version}", TOLD[name], actor=actor)
    record("crisis.move", subject=locked, detail={"move": name, "from": before, "to": locked.state})
    return locked


def _role_for(case: Case, name: str, actor, reason: str) -> str:
    """Of several posts at the school, the first that may make the move; a red closing wants the principal's."""
    roles = [role for role in roles_at(case.school_id, verb_of(name)) if role in MOVES[name].roles]
    if not roles:
        raise PermissionDenied(NOT_YOURS)
    could = (
        role
        for role in roles
        if not refusal(case_facts(case, actor.pk, role), name, ActorFacts(actor.pk, role, True, reason))
    )
    return next(could, roles[0])


def _put_state(case: Case, state: str) -> None:
    case.state, case.version = state, case.version + 1
    case.closed_at = None if STATES[state].is_open else timezone.now()
    try:
        with transaction.atomic():
            case.save(update_fields=["state", "version", "closed_at"])
    except IntegrityError as error:  # one_open_case_per_student
        raise CaseRefusedError("这名学生已有一份在办的个案，请在那一份上继续。") from error
    if case.closed_at is not None:
        end_chain(case)


def _ask_or_decide(case: Case, name: str, actor, reason: str, role: str) -> None:
    if name in ASKS:
        request = ClosingRequest(
            case=case,
            student_id=case.student_id,
            kind=ASKS[name],
            by=actor,
            has_medical_opinion=has_medical_opinion(case),
        )
        conceal(request, reason=reason)
        request.save()
        sign_request(request, role=role)
    asked = request_under_way(case) if name in DECIDES else None
    if asked is not None:
        if DECIDES[name]:
            sign_request(asked, role=role)
        asked.decided_by = None if asked.by_id == actor.pk else actor  # whoever asked may only withdraw
        asked.decided_at, asked.is_accepted = timezone.now(), DECIDES[name]
        asked.save(update_fields=["decided_by", "decided_at", "is_accepted"])
