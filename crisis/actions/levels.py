"""Statements of a level: raising and renewing by one person, lowering by two after the team has met."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from assessments.models import Interview
from crisis.duty import roles_at
from crisis.levels import Level, LevelChange, may_lower, may_raise, refuse_end
from crisis.looks import level_of
from crisis.models import Case, LevelStatement, LoweringRequest
from crisis.queries.conferences import conference_for_lowering
from crisis.queries.facts import has_medical_opinion
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record
from xinyu.vault.fields import conceal, reveal

from .chain import start_chain
from .follow_ups import begin_series
from .guardian_dues import owe_level
from .pairs import follow_level
from .rows import lock_case, write_entry, write_note


def write_statement(
    case: Case, *, actor, level: str, reason: str, until_on: date, interview: Interview | None = None, second_by=None
) -> LevelStatement:
    """Add the dated statement itself; the caller has checked that it may be made."""
    statement = LevelStatement(
        case=case,
        student_id=case.student_id,
        level=level,
        by=actor,
        second_by=second_by,
        until_on=until_on,
        interview=interview,
    )
    conceal(statement, reason=reason)
    statement.save()
    start_chain(case, statement)
    return statement


def _require_open(case: Case) -> None:
    if case.closed_at is not None:
        raise CaseRefusedError("个案已经结束，请先重新立案。")


def _put(case: Case, level: str, until_on: date) -> None:
    case.level, case.level_until, case.version = level, until_on, case.version + 1
    case.save(update_fields=["level", "level_until", "version"])
    # a colour that a 研判会 allowed the homeroom teacher to see was that one, not the new one
    case.cards.filter(is_live=True).exclude(shown_level=level).update(shown_level="", shown_until=None)
    begin_series(case)
    follow_level(case)


def _refusal_to_state(current: Level, wanted: Level, reason: str, role: str) -> str | None:
    if wanted.order > current.order:
        return f"新的等级低于现在的{current.label}：降级须研判会决定并由两人签字，请在个案页提出降级。"
    if wanted.order == current.order:
        return None if reason.strip() else "请填写续期理由。"
    return may_raise(LevelChange(current, wanted, reason, role))


@transaction.atomic
def state_level(
    case: Case,
    *,
    actor,
    level: str,
    reason: str,
    until_on: date,
    version: int | None = None,
    interview: Interview | None = None,
) -> LevelStatement:
    """Raise the level, or renew it. Raises CaseRefusedError, and StaleVersionError for an old `version`."""
    role = roles_at(case.school_id, "crisis.confirm_level")[0]
    locked = lock_case(case, version)
    _require_open(locked)
    current, wanted = level_of(locked.level), level_of(level)
    refused = _refusal_to_state(current, wanted, reason, role) or refuse_end(wanted, until_on, timezone.localdate())
    if refused:
        raise CaseRefusedError(refused)
    statement = write_statement(locked, actor=actor, level=level, reason=reason, until_on=until_on, interview=interview)
    _put(locked, level, until_on)
    if wanted.order != current.order:
        owe_level(locked, statement)
    verb = "续期" if wanted.order == current.order else "升级"
    write_note(locked, f"{verb}：{current.label} → {wanted.label}，有效至 {until_on:%Y-%m-%d}。", actor=actor)
    if wanted.order != current.order:
        write_entry(locked, f"level:{locked.version}", "一人一案：级别变更", actor=actor)
    record("crisis.state_level", subject=statement, detail={"case": case.pk, "from": current.code, "to": level})
    return statement


@transaction.atomic
def ask_lowering(
    case: Case, *, actor, level: str, reason: str, until_on: date, team_met_on: date, version: int | None = None
) -> LoweringRequest:
    """The first signature under a lower level that the team decided; everything but the second one is checked here."""
    role = roles_at(case.school_id, "crisis.confirm_level")[0]
    locked = lock_case(case, version)
    _require_open(locked)
    if locked.loweringrequests.filter(decided_at__isnull=True).exists():
        raise CaseRefusedError("已有一份降级申请在等待复核。")
    is_medical, wanted = has_medical_opinion(locked), level_of(level)
    both = frozenset({actor.pk, 0})  # as if a second person had signed: that check is made when one does
    has_met = conference_for_lowering(locked, level, team_met_on) is not None
    change = LevelChange(level_of(locked.level), wanted, reason, role, both, has_met, is_medical)
    refused = may_lower(change) or refuse_end(wanted, until_on, timezone.localdate())
    if refused:
        raise CaseRefusedError(refused)
    request = LoweringRequest(
        case=locked, student_id=locked.student_id, level=level, until_on=until_on, team_met_on=team_met_on, by=actor
    )
    request.has_medical_opinion = is_medical
    conceal(request, reason=reason)
    request.save()
    record("crisis.ask_lowering", subject=request, detail={"case": case.pk, "to": level})
    return request


@transaction.atomic
def decide_lowering(request: LoweringRequest, *, actor, is_accepted: bool) -> Case:
    """The second signature, or a no. Raises CaseRefusedError for who asked, and when it is decided already."""
    role = roles_at(request.school_id, "crisis.review")[0]
    case = lock_case(request.case)
    request = LoweringRequest.objects.select_for_update().get(pk=request.pk)
    if request.decided_at is not None:
        raise CaseRefusedError("这份降级申请已经处理。")
    if request.by_id == actor.pk:
        raise CaseRefusedError("须由提出人以外的第二人复核。")
    reason = reveal(request, "reason")
    if is_accepted:
        _lower(case, request, reason, role, actor)
    request.decided_by, request.decided_at, request.is_accepted = actor, timezone.now(), is_accepted
    request.save(update_fields=["decided_by", "decided_at", "is_accepted"])
    record("crisis.decide_lowering", subject=request, detail={"case": case.pk, "accepted": is_accepted})
    return case


def _lower(case: Case, request: LoweringRequest, reason: str, role: str, actor) -> None:
    _require_open(case)
    current, wanted = level_of(case.level), level_of(request.level)
    signers = frozenset({request.by_id, actor.pk})
    change = LevelChange(current, wanted, reason, role, signers, True, request.has_medical_opinion)
    refused = may_lower(change) or refuse_end(wanted, request.until_on, timezone.localdate())
    if refused:
        raise CaseRefusedError(refused)
    write_statement(
        case, actor=request.by, second_by=actor, level=request.level, reason=reason, until_on=request.until_on
    )
    _put(case, request.level, request.until_on)
    write_note(case, f"降级：{current.label} → {wanted.label}，两人签字。", actor=actor)
    write_entry(case, f"level:{case.version}", "一人一案：级别变更", actor=actor)
