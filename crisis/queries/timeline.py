"""One run as its paper shows it: gathered as the reader sees it, with when each message was really read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from crisis.looks import level_of
from crisis.models import ChainStep, LevelStatement, TimelineCopy
from crisis.timeline import Event, Step, as_of, events, without_names, words
from xinyu.access.roles import ROLES

from .chain import RUNG_OF_ROLE, answered


@dataclass(frozen=True)
class Timeline:
    """Complete for a paper. `student` and `klass` are '' in the copy that leaves the school."""

    school: str
    code: str
    student: str
    klass: str
    level: str
    stated_at: datetime
    stated_by: str
    clock: str
    source: str
    as_of: datetime
    steps: list[Step]
    events: list[Event]


def steps_of_run(statement: LevelStatement) -> list[Step]:
    """The run as it stands now. Two queries."""
    rows = list(
        ChainStep.objects.filter(statement=statement).select_related("person", "handover").order_by("rung", "id")
    )
    read = _reads(statement.pk)
    return [_step(row, read.get(row.pk)) for row in rows]


def _reads(statement_id: int) -> dict[int, datetime]:
    """Step → when its first reader opened the message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT step, min(read) FROM access_chain_reads(%s) WHERE read IS NOT NULL GROUP BY step", [statement_id]
        )
        return dict(cursor.fetchall())


def _step(row: ChainStep, read_at: datetime | None) -> Step:
    known, acted = answered(row)
    return Step(
        rung=row.rung,
        place=RUNG_OF_ROLE.get(row.role, "学校"),
        post=ROLES[row.role].label,
        person=row.person_id,
        who=row.person.name if row.person else "",
        is_answering=row.is_answering,
        acknowledge_by=row.acknowledge_by,
        act_by=row.act_by,
        told_at=row.told_at,
        read_at=read_at,
        acknowledged_at=known,
        acted_at=acted,
        moved_up_at=row.moved_up_at,
        cancelled_at=row.cancelled_at,
    )


def _kept(copy: TimelineCopy) -> list[Step]:
    steps = as_of(steps_of_run(copy.statement), copy.as_of)
    return without_names(steps) if copy.is_redacted else steps


def timeline(copy: TimelineCopy) -> Timeline:
    case, statement, at = copy.case, copy.statement, copy.as_of
    steps, student = _kept(copy), copy.student
    clock = ChainStep.objects.filter(statement=statement).select_related("clock").order_by("-id").first()
    is_named = not copy.is_redacted
    return Timeline(
        school=copy.school.name,
        code=case.code,
        student=student.name if is_named else "",
        klass=student.klass.name_on(timezone.localdate(at)) if is_named else "",
        level=level_of(statement.level, statement.scheme).label,
        stated_at=statement.at,
        stated_by=statement.by.name if is_named else "",
        clock=clock.clock_version if clock else "",
        source=clock.clock.rules["source"] if clock and clock.clock else "",
        as_of=at,
        steps=steps,
        events=events(steps),
    )


def timeline_words(copy_id: int) -> dict[str, Any] | None:
    """What was signed under a copy, found again from the rows; None where the run is out of sight."""
    copy = TimelineCopy.objects.select_related("statement").filter(pk=copy_id).first()
    return signed_words(copy) if copy else None


def signed_words(copy: TimelineCopy) -> dict[str, Any]:
    head = {
        "copy": copy.pk, "statement": copy.statement_id, "level": copy.statement.level, "as_of": copy.as_of,
        "purpose": copy.purpose, "named": not copy.is_redacted,
    }  # fmt: skip
    return words(_kept(copy), **head)
