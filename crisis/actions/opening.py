"""From a talk with the outcome "case" to a case: a named person confirms a level."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from assessments.choices import Outcome
from assessments.models import Interview
from crisis.duty import roles_at
from crisis.levels import Level, LevelChange, may_raise, refuse_end
from crisis.models import Case
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record
from xinyu.organisations.models import School

from .follow_ups import begin_series
from .guardian_dues import owe_level
from .home_question import ask_home
from .levels import state_level, wanted_level, write_statement
from .rows import write_entry, write_note

#: first key of the advisory lock that orders the openings of one school (codes count up without gaps)
OPENING_LOCK = 7301


@transaction.atomic
def open_case(interview: Interview, *, actor, level: str, reason: str, until_on: date) -> Case:
    """Confirm the level that a talk asked for. With a case open for the student, the statement goes to that case.

    Raises CaseRefusedError: the talk did not ask for a case, is answered already, or the level may not be set.
    """
    roles = roles_at(interview.school_id, "crisis.confirm_level")
    _wait_for_turn(interview.school_id)
    _require_waiting(interview)
    standing = Case.objects.filter(student_id=interview.student_id, closed_at__isnull=True).first()
    if standing is not None:
        state_level(standing, actor=actor, level=level, reason=reason, until_on=until_on, interview=interview)
        ask_home(standing)
        return standing
    wanted, scheme = wanted_level(interview.school_id, level)
    refused = may_raise(LevelChange(None, wanted, reason, roles[0])) or refuse_end(
        wanted, until_on, timezone.localdate()
    )
    if refused:
        raise CaseRefusedError(refused)
    return _create(interview, actor, wanted, scheme, reason, until_on)


def _wait_for_turn(school_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", [OPENING_LOCK, school_id])


def _require_waiting(interview: Interview) -> None:
    if interview.outcome != Outcome.CASE and not interview.is_acute:
        raise CaseRefusedError("这次访谈的结果不是“提请定级建案”。")
    waits = Interview.objects.filter(pk=interview.pk, case__isnull=True, level_statement__isnull=True).exists()
    if not waits:
        raise CaseRefusedError("这次访谈已经定级，请在个案页查看。")


def _create(interview: Interview, actor, level: Level, scheme: str, reason: str, until_on: date) -> Case:
    case = Case.objects.create(
        student_id=interview.student_id,
        code=next_code(interview.school_id, timezone.localdate().year),
        level=level.code,
        scheme=scheme,
        level_until=until_on,
        owner=actor,
        interview=interview,
    )
    ask_home(case)
    statement = write_statement(
        case, actor=actor, level=level.code, scheme=scheme, reason=reason, until_on=until_on, interview=interview
    )
    owe_level(case, statement)
    write_note(case, f"建档，定级{level.label}。", actor=actor)
    begin_series(case)
    write_entry(case, "opened", "一人一案：建档", actor=actor)
    record("crisis.open_case", subject=case, detail={"level": level.code, "interview": interview.pk})
    return case


def next_code(school_id: int, year: int) -> str:
    """'0012-2026-001': tail of the school's code, year, number. Cases are never deleted, so counting is enough."""
    prefix = f"{School.objects.get(pk=school_id).code[-4:]}-{year}-"
    return f"{prefix}{Case.objects.filter(school_id=school_id, code__startswith=prefix).count() + 1:03d}"
