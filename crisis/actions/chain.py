"""The duty clock in rows: a level statement tells the first rung in its own transaction, a sweep moves up the rest."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from crisis.chain import BUREAU, Clock, Told, kept, moves_up_at, open_rung
from crisis.looks import level_of
from crisis.models import Case, ChainStep, Handover, KeptClock, LevelStatement
from crisis.queries.chain import clock_of, clock_of_run, overdue, people_over, state_of
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.audit.signing import digest_of
from xinyu.organisations.models import County, School
from xinyu.organisations.queries import calendar_of
from xinyu.vault.fields import new_key

TRIAGE = "system:triage"
#: how long the bureau sees a case that has climbed, unless it is handed over or back before
SHOWN_FOR = timedelta(days=30)


def start_chain(case: Case, statement: LevelStatement) -> list[ChainStep]:
    """Tell the first manned rung. A renewal leaves a run alone that is still climbing: it must not win time."""
    before = _open_steps(case)
    if before and _is_climbing(before) and before[0].statement.level == statement.level:
        return []
    end_chain(case)
    county = _county_of(case)
    clock = clock_of(county, statement.level)
    if clock is None:
        return []
    people, at = people_over(case.student_id), timezone.localtime(statement.at)
    told = open_rung(clock, 0, at, people, calendar_of(county, on=at.date()), {statement.by_id})
    steps = _write(case, statement, clock, told)
    record(
        "crisis.start_chain",
        subject=statement,
        detail={"clock": clock.version, "rung": told[0].rung if told else None, "told": len(steps)},
    )
    return steps


def end_chain(case: Case) -> int:
    """Nobody is asked any more; what was answered stays. Called in the transaction that lowers, replaces or closes."""
    return ChainStep.objects.filter(case=case, cancelled_at__isnull=True).update(cancelled_at=timezone.now())


def _open_steps(case: Case) -> list[ChainStep]:
    return list(
        ChainStep.objects.filter(case=case, cancelled_at__isnull=True).select_related("handover", "statement", "clock")
    )  # fmt: skip


def _is_climbing(steps: Sequence[ChainStep]) -> bool:
    return not state_of(steps).is_acted


def _county_of(case: Case) -> County:
    return School.objects.select_related("county").get(pk=case.school_id).county


def _write(case: Case, statement: LevelStatement, clock: Clock, told: Sequence[Told]) -> list[ChainStep]:
    is_urgent, clock_row = level_of(statement.level).gravity == 1, keep_clock(clock)
    rows = []
    for one in told:
        handover = _reach_bureau(case, statement, one) if one.role in BUREAU else None
        row, _ = ChainStep.objects.get_or_create(
            statement=statement,
            rung=one.rung,
            person_id=one.person,
            defaults={
                "case": case,
                "student_id": case.student_id,
                "code": one.code,
                "role": one.role,
                "handover": handover,
                "is_answering": one.is_answering,
                "is_urgent": is_urgent,
                "opens_at": one.opens_at,
                "acknowledge_by": one.acknowledge_by,
                "act_by": one.act_by,
                "clock_version": clock.version,
                "clock": clock_row,
            },
        )
        rows.append(row)
    return rows


def keep_clock(clock: Clock) -> KeptClock:
    """The row of this clock's data; whatever the county changes afterwards, a run that began with it goes by it."""
    rules = kept(clock)
    row, _ = KeptClock.objects.get_or_create(
        digest=digest_of(rules), defaults={"version": clock.version, "rules": rules}
    )
    return row


def _reach_bureau(case: Case, statement: LevelStatement, told: Told) -> Handover:
    """The case's open hand-over, now waiting for this rung of the bureau; without a name when it is new."""
    now, school = timezone.now(), School.objects.select_related("county").get(pk=case.school_id)
    row = Handover.objects.filter(case=case, returned_at__isnull=True).first() or new_handover(case, school)
    is_same_run = row.pk is not None and ChainStep.objects.filter(statement=statement, handover=row).exists()
    if not is_same_run:
        row.acknowledged_at = row.acknowledged_by = row.acted_at = None
    row.level, row.acknowledge_by = statement.level, told.acknowledge_by
    row.open_until = max(row.open_until, now + SHOWN_FOR)
    if told.role == "city_officer":
        row.city_id = school.city_id
    row.save()
    return row


def new_handover(case: Case, school: School) -> Handover:
    row = Handover(case=case, student_id=case.student_id, county_id=school.county_id, level=case.level)
    row.wrapped, row.open_until = new_key(f"handover:{row.vault_id}"), timezone.now() + SHOWN_FOR
    return row


def climb_chains(now: datetime | None = None) -> int:
    """The sweep: rungs whose time is over move up, as often as the clock says; how many opened. One case at a time."""
    now = now or timezone.now()
    with acting_as(TRIAGE):
        waiting = list(overdue(now).values_list("statement_id", flat=True).distinct())
    moved = 0
    for statement_id in waiting:
        with acting_as(TRIAGE):
            moved += _climb(statement_id, now)
    return moved


def _climb(statement_id: int, now: datetime) -> int:
    statement = LevelStatement.objects.get(pk=statement_id)
    case = Case.objects.select_for_update(skip_locked=True).filter(pk=statement.case_id).first()
    if case is None:  # somebody works on it this moment: the next round looks again
        return 0
    steps = [step for step in _open_steps(case) if step.statement_id == statement_id]
    opened = 0
    while steps and _move_up(case, statement, steps, now):
        opened += 1
    return opened


def _move_up(case: Case, statement: LevelStatement, steps: list[ChainStep], now: datetime) -> bool:
    """Open the next rung when the newest is over; False when it is not, or when there is none above."""
    state = state_of(steps)
    at, newest = moves_up_at(state), [step for step in steps if step.rung == state.number]
    if at is None or at > now or newest[0].moved_up_at is not None:
        return False
    county, at = _county_of(case), timezone.localtime(at)
    clock = clock_of_run(county, statement.level, steps)
    people, calendar = people_over(case.student_id), calendar_of(county, on=at.date())
    told = open_rung(clock, state.number + 1, at, people, calendar, {statement.by_id})
    ChainStep.objects.filter(pk__in=[step.pk for step in newest]).update(moved_up_at=now)
    for step in newest:
        step.moved_up_at = now
    if clock and told:
        steps += _write(case, statement, clock, told)
    to = told[0].code if told else "top"
    record("crisis.move_up", subject=statement, detail={"from": newest[0].code, "to": to, "told": len(told)})
    return bool(told)


@transaction.atomic
def answer_step(step: ChainStep, *, actor, has_acted: bool) -> ChainStep:
    """我已知晓, or 已采取措施 (which says both). A second tap changes nothing; nor does a tap on what is over."""
    now = timezone.now()
    mine = ChainStep.objects.filter(pk=step.pk, person=actor, cancelled_at__isnull=True)
    fresh = mine.filter(acted_at__isnull=True) if has_acted else mine.filter(acknowledged_at__isnull=True)
    values = {"acknowledged_at": Coalesce(F("acknowledged_at"), now)}
    if fresh.update(**values, **({"acted_at": now} if has_acted else {})):
        record("crisis.answer_step", subject=step, detail={"acted": has_acted, "rung": step.code})
    step.refresh_from_db()
    return step
