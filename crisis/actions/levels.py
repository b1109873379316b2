"""Statements of a level: raising and renewing by one person, lowering by two after the team has met."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from assessments.models import Interview
from crisis.duty import roles_at
from crisis.levels import Level, LevelChange, may_lower, may_raise, refuse_end, scheme_knowing
from crisis.looks import level_of
from crisis.models import Case, LevelStatement, LoweringRequest
from crisis.queries.conferences import conference_for_lowering
from crisis.queries.facts import has_medical_opinion
from crisis.queries.schemes import scheme_at
from crisis.refusals import CaseRefusedError
from crisis.signed import sign_request, signers_of
from xinyu.audit.entries import record
from xinyu.vault.fields import conceal, reveal

from .acute import end_calls
from .chain import start_chain
from .follow_ups import begin_series
from .guardian_dues import owe_level
from .pairs import follow_level
from .rows import lock_case, write_entry, write_note


def write_statement(
    case: Case,
    *,
    actor,
    level: str,
    scheme: str,
    reason: str,
    until_on: date,
    interview: Interview | None = None,
    second_by=None,
) -> LevelStatement:
    """Add the dated statement itself; the caller has checked that it may be made. `scheme`: whose words it uses."""
    statement = LevelStatement(
        case=case,
        student_id=case.student_id,
        level=level,
        scheme=scheme,
        by=actor,
        second_by=second_by,
        until_on=until_on,
        interview=interview,
    )
    conceal(statement, reason=reason)
    statement.save()
    start_chain(case, statement)
    end_calls(case.student_id)
    return statement


def _require_open(case: Case) -> None:
    if case.closed_at is not None:
        raise CaseRefusedError("个案已经结束，请先重新立案。")


def wanted_level(school_id: int, code: str) -> tuple[Level, str]:
    """The level as the school's county says it today, with the key of the scheme. Raises CaseRefusedError."""
    scheme = scheme_at(school_id)
    if code not in {level.code for level in scheme.levels}:
        raise CaseRefusedError(f"本区现在用“{scheme.title}”，没有这个等级，请重新选择。")
    return scheme.level(code), scheme.key


def _put(case: Case, level: str, scheme: str, until_on: date) -> None:
    case.level, case.scheme, case.level_until, case.version = level, scheme, until_on, case.version + 1
    case.save(update_fields=["level", "scheme", "level_until", "version"])
    # a colour that a 研判会 allowed the homeroom teacher to see was that one, not the new one
    case.cards.filter(is_live=True).exclude(shown_level=level).update(shown_level="", shown_until=None)
    begin_series(case)
    follow_level(case)


def _refusal_to_state(current: Level, wanted: Level, reason: str, role: str) -> str | None:
    if wanted.gravity > current.gravity:
        return f"新的等级低于现在的{current.label}：降级须研判会决定并由两人签字，请在个案页提出降级。"
    if wanted.gravity == current.gravity:
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
    current, (wanted, scheme) = level_of(locked.level, locked.scheme), wanted_level(locked.school_id, level)
    refused = _refusal_to_state(current, wanted, reason, role) or refuse_end(wanted, until_on, timezone.localdate())
    if refused:
        raise CaseRefusedError(refused)
    statement = write_statement(
        locked, actor=actor, level=level, scheme=scheme, reason=reason, until_on=until_on, interview=interview
    )
    _put(locked, level, scheme, until_on)
    if wanted.gravity != current.gravity:
        owe_level(locked, statement)
    verb = "续期" if wanted.gravity == current.gravity else "升级"
    write_note(locked, f"{verb}：{current.label} → {wanted.label}，有效至 {until_on:%Y-%m-%d}。", actor=actor)
    if wanted.gravity != current.gravity:
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
    is_medical, (wanted, _) = has_medical_opinion(locked), wanted_level(locked.school_id, level)
    both = frozenset({actor.pk, 0})  # as if a second person had signed: that check is made when one does
    has_met = conference_for_lowering(locked, level, team_met_on) is not None
    change = LevelChange(level_of(locked.level, locked.scheme), wanted, reason, role, both, has_met, is_medical)
    refused = may_lower(change) or refuse_end(wanted, until_on, timezone.localdate())
    if refused:
        raise CaseRefusedError(refused)
    request = LoweringRequest(
        case=locked, student_id=locked.student_id, level=level, until_on=until_on, team_met_on=team_met_on, by=actor
    )
    request.has_medical_opinion = is_medical
    conceal(request, reason=reason)
    request.save()
    sign_request(request, role=role)
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
    if is_accepted:
        sign_request(request, role=role)
        _lower(case, request, reveal(request, "reason"), role, actor)
    request.decided_by, request.decided_at, request.is_accepted = actor, timezone.now(), is_accepted
    request.save(update_fields=["decided_by", "decided_at", "is_accepted"])
    record("crisis.decide_lowering", subject=request, detail={"case": case.pk, "accepted": is_accepted})
    return case


def _lower(case: Case, request: LoweringRequest, reason: str, role: str, actor) -> None:
    _require_open(case)
    # asked before the county changed over: what was signed is what is stated, in its own words
    scheme = scheme_knowing(request.level)
    current, wanted = level_of(case.level, case.scheme), level_of(request.level)
    change = LevelChange(current, wanted, reason, role, signers_of(request), True, request.has_medical_opinion)
    refused = may_lower(change) or refuse_end(wanted, request.until_on, timezone.localdate())
    if refused:
        raise CaseRefusedError(refused)
    write_statement(
        case,
        actor=request.by,
        second_by=actor,
        level=request.level,
        scheme=scheme.key,
        reason=reason,
        until_on=request.until_on,
    )
    _put(case, request.level, scheme.key, request.until_on)
    write_note(case, f"降级：{current.label} → {wanted.label}，两人签字。", actor=actor)
    write_entry(case, f"level:{case.version}", "一人一案：级别变更", actor=actor)
