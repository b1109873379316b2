"""Nouns of the duty clock: who stands where, the clock of a county, a run as a page shows it."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from crisis.chain import Clock, RungState, carried_on, load_clocks, parse_clocks
from crisis.looks import level_fact, level_of
from crisis.models import Case, ChainStep, Guidance, Handover, LevelStatement
from crisis.queries.experts import AccessLine, accesses_of
from xinyu.access.roles import ROLES
from xinyu.audit.entries import subject_name
from xinyu.audit.models import Signature
from xinyu.organisations.models import County
from xinyu.ui.frame import Fact, Moment
from xinyu.vault.fields import reveal

log = logging.getLogger("crisis.chain")


def clock_of(county: County, level: str) -> Clock | None:
    """The county's own clock for a level, else the shipped one. A broken setting never leaves a student alone."""
    return clocks_of(county).get(level_of(level).common_code)


def clocks_of(county: County) -> dict[str, Clock]:
    """Every clock that counts in the county today, red first."""
    own = county.settings.get("chain")
    if own:
        try:
            return load_clocks() | parse_clocks(own)
        except ValueError:
            log.exception("the duty clock of county %s is broken; the shipped one counts", county.pk)
    return load_clocks()


def clock_of_run(county: County, level: str, steps: Sequence[ChainStep]) -> Clock:
    """The clock that the run began with, whatever the county has changed since.

    A run from before clocks were kept goes on under the clock of today, so that no rung is passed in silence.
    """
    colour, newest = level_of(level).common_code, max(steps, key=lambda step: step.rung)
    clock = parse_clocks(newest.clock.rules)[colour] if newest.clock else clock_of(county, level)
    return carried_on(clock or load_clocks()["red"], {step.rung: step.code for step in steps})


def people_over(student_id: int) -> dict[str, list[int]]:
    """Role → ids of the people who hold it over the student today, the class up to the city."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT role, holder FROM access_chain_people(%s)", [student_id])
        found: dict[str, list[int]] = defaultdict(list)
        for role, holder in cursor.fetchall():
            found[role].append(holder)
    return found


def answered(step: ChainStep) -> tuple[datetime | None, datetime | None]:
    """(acknowledged, acted): of a step at the bureau, what its hand-over says."""
    row = step.handover if step.handover is not None else step
    return row.acknowledged_at, row.acted_at


def state_of(steps: Sequence[ChainStep]) -> RungState:
    """A run as the pure clock asks for it. An answer from a lower rung counts when it came after the newest opened."""
    newest = max(steps, key=lambda step: step.rung)
    facts = [(step.rung, *answered(step)) for step in steps if step.is_answering]
    known = any(at and (rung == newest.rung or at >= newest.opens_at) for rung, at, _ in facts)
    acted = any(at for _, _, at in facts)
    return RungState(newest.rung, newest.acknowledge_by, newest.act_by, known or acted, acted)


def overdue(now: datetime) -> QuerySet[ChainStep]:
    """Steps whose rung may have to move up; the pure clock decides."""
    done = ChainStep.objects.filter(statement=OuterRef("statement"), is_answering=True).filter(
        Q(acted_at__isnull=False) | Q(handover__acted_at__isnull=False)
    )
    is_late = Q(acknowledge_by__lte=now, acknowledged_at__isnull=True) | Q(act_by__lte=now, acted_at__isnull=True)
    climbing = {"is_answering": True, "moved_up_at__isnull": True, "cancelled_at__isnull": True}
    return ChainStep.objects.filter(is_late, ~Exists(done.order_by()), **climbing).order_by()


def steps_of(user_id: int) -> QuerySet[ChainStep]:
    """What a person has been told and has not answered with an action, red first."""
    waiting = ChainStep.objects.filter(person_id=user_id, cancelled_at__isnull=True, acted_at__isnull=True)
    return waiting.order_by("-is_urgent", "acknowledged_at", "acknowledge_by")


#: said to whoever stands in class or grade: what to do, never what was found (4-workflow D9.7)
HELP_NOW = "需要您配合。请现在联系心理教师，听清要做什么；在此之前，请不要让这名学生独自一人。"
HELP = "需要您配合。请联系心理教师，听清要做什么，照常和这名学生相处。"
LEAD_NOW = "请现在确认有人陪着这名学生，心理教师和监护人已经联系上，然后按方案安排。"
LEAD = "请了解这份个案，和心理教师确认下一步由谁在什么时候做。"


@dataclass(frozen=True)
class StepLine:
    """One task of a person, with what to do."""

    step: ChainStep
    now: datetime

    @property
    def klass_name(self) -> str:
        return self.step.student.klass.name_on(timezone.localdate(self.now))

    @property
    def is_helper(self) -> bool:
        return self.step.role in ("homeroom", "grade_head")

    @property
    def text(self) -> str:
        if self.is_helper:
            return HELP_NOW if self.step.is_urgent else HELP
        return LEAD_NOW if self.step.is_urgent else LEAD

    @property
    def fact(self) -> Fact:
        if self.step.acknowledged_at:
            return Fact("已知晓", "check", "info")
        if self.step.acknowledge_by <= self.now:
            return Fact("已过时限", "clock", "urgent" if self.step.is_urgent else "notice")
        return Fact("请现在确认", "bell", "urgent") if self.step.is_urgent else Fact("待确认", "bell", "notice")


@dataclass(frozen=True)
class ClockLine:
    """One row of the table of a run: who, at which rung, when told, until when, what came of it."""

    rung: str
    role: str
    who: str
    told_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    acted_at: datetime | None
    moved_up_at: datetime | None
    is_cancelled: bool

    @property
    def fact(self) -> Fact:
        if self.acted_at:
            return Fact("已采取措施", "circle-check", "good")
        if self.is_cancelled:
            return Fact("不再需要", "circle-dashed", "neutral")
        if self.acknowledged_at:
            return Fact("已知晓", "check", "info")
        return Fact("已上移", "stairs", "notice") if self.moved_up_at else Fact("等待确认", "clock", "notice")


def runs_of(case: Case) -> list[tuple[LevelStatement, list[ClockLine]]]:
    """[(statement, lines)] newest statement first. Two queries whatever the number of steps."""
    steps = case.chainsteps.select_related("statement", "person", "handover").order_by("-statement_id", "rung", "id")
    runs: dict[int, tuple[LevelStatement, list[ClockLine]]] = {}
    for step in steps:
        runs.setdefault(step.statement_id, (step.statement, []))[1].append(_line(step))
    return list(runs.values())


RUNG_OF_ROLE = {
    "homeroom": "班级",
    "grade_head": "年级",
    "county_officer": "县区教育局",
    "city_officer": "市教育局",
}


def _line(step: ChainStep) -> ClockLine:
    known, acted = answered(step)
    who = step.person.name if step.person else RUNG_OF_ROLE[step.role]
    rung = RUNG_OF_ROLE.get(step.role, "学校")
    times = (step.told_at, step.acknowledge_by, known, acted, step.moved_up_at, step.cancelled_at is not None)
    return ClockLine(rung, ROLES[step.role].label, who, *times)


@dataclass(frozen=True)
class HandoverLine:
    """A hand-over as the bureau's list shows it: school and colour, no student."""

    row: Handover
    now: datetime

    @property
    def level(self) -> Fact:
        return level_fact(self.row.level)

    @property
    def number(self) -> str:
        return f"移交 {self.row.pk}"

    @property
    def fact(self) -> Fact:
        if self.row.acted_at:
            return Fact("已指导", "circle-check", "good")
        if self.row.acknowledged_at:
            return Fact("已签收", "check", "info")
        if self.row.acknowledge_by and self.row.acknowledge_by <= self.now:
            return Fact("签收已过时限", "clock", "urgent")
        return Fact("等待签收", "bell", "notice")


def handovers() -> QuerySet[Handover]:
    """What is addressed to the acting officer and still open: the database leaves out the rest."""
    return Handover.objects.select_related("school", "county", "handed_by").filter(returned_at__isnull=True)


@dataclass(frozen=True)
class Handed:
    """One hand-over as the school sees it: what happened, what the bureau and its experts have said."""

    row: Handover
    moments: list[Moment]
    guidances: list[tuple[Guidance, str]]
    accesses: list[AccessLine]


def handed(case: Case, now: datetime) -> list[Handed]:
    """Newest first; as many queries for one as for three."""
    rows = list(
        case.handovers.select_related("handed_by", "acknowledged_by", "received_by").prefetch_related("guidances__by")
    )
    experts = accesses_of(rows, now)
    return [
        Handed(row, moments_of(row), [(one, _said(one, row)) for one in row.guidances.all()], experts.get(row.pk, []))
        for row in rows
    ]  # fmt: skip


def signatures_under(rows: Sequence[Handover]) -> list[Signature]:
    """Of the school and of the bureau, oldest first; one query."""
    return list(Signature.objects.filter(subject__in=[subject_name(row) for row in rows]).order_by("at", "id"))


def _said(guidance: Guidance, row: Handover) -> str:
    guidance.handover = row  # whose key it is sealed with
    return reveal(guidance, "body") if row.wrapped is not None else ""


def moments_of(row: Handover) -> list[Moment]:
    """What has happened to a hand-over, oldest first, without names of students."""
    was_formal_at_once = row.handed_at is not None and row.handed_at <= row.at
    events = (
        (None if was_formal_at_once else row.at, "四级联动上移到教育局", None, "stairs"),
        (row.handed_at, "学校正式移交", row.handed_by, "file-text"),
        (row.acknowledged_at, "教育局已签收", row.acknowledged_by, "check"),
        (row.received_at, "教育局签字接收移交", row.received_by, "signature"),
        (row.returned_at, "教育局交回学校", None, "arrow-back-up"),
    )
    known = sorted(((at, title, who, icon) for at, title, who, icon in events if at), key=lambda event: event[0])
    return [Moment(at, title, who=who.name if who else "", icon=icon) for at, title, who, icon in known]
