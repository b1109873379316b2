"""From a telling to flags: told by anybody, matched by a job or by the counselor, closed when it is answered."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.choices import EntryKind, FlagLevel, FlagSource
from assessments.diagnosis_words import with_source
from assessments.doorbell import ring_after_commit
from assessments.flag_due import flag_due_at
from assessments.models import ConcernEntry, ConcernReport, Flag
from assessments.naming import Known, for_one, only_one
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.organisations.models import Klass, School
from xinyu.organisations.queries import calendar_of
from xinyu.students.models import Student
from xinyu.vault.fields import conceal, new_key, reveal

from .growth import add_entry

TRIAGE = "system:triage"


class ReportDoneError(Exception):
    """Somebody else has just named the student or closed the report (409)."""


def tell_concern(
    school: School,
    *,
    actor: Any,
    level: str,
    text: str,
    names: Sequence[str] = (),
    klass: Klass | None = None,
    student: Student | None = None,
    names_home: bool = False,
    is_from_hospital: bool = False,
    source: str = FlagSource.STAFF,
    happened_on: date | None = None,
) -> ConcernReport:
    """Somebody is worried about students who are named, not shown: a row that a job turns into flags at once.

    The audit entry names no student: who spoke about whom stands in the report alone (4-workflow D9.5).
    """
    now = timezone.now()
    meant = [{"id": student.pk, "name": student.name}] if student else [{"name": name} for name in names]
    words = {"text": with_source(text) if is_from_hospital else text, "meant": meant, "all": [m["name"] for m in meant]}
    with transaction.atomic():
        report = ConcernReport(
            school=school,
            klass=student.klass if student else klass,
            by=actor,
            source=FlagSource(source),
            level=FlagLevel(level),
            names_home=names_home,
            count=max(len(meant), 1),
            happened_on=happened_on,
            due_at=flag_due_at(level, now, calendar_of(school.county, on=timezone.localdate(now))),
        )
        report.wrapped = new_key(report.vault_owner()[0])
        conceal(report, content=json.dumps(words, ensure_ascii=False))
        report.save()
        record("assessments.raise_concern", subject=report, detail={"level": str(level), "students": len(meant)})
        ring_after_commit("reminders.sweep")
    return report


def match_reports() -> int:
    """The sweep: every new report to the students it names; how many are settled. One transaction per report."""
    with acting_as(TRIAGE):
        fresh = ConcernReport.objects.filter(tried_at__isnull=True, matched_at__isnull=True, closed_at__isnull=True)
        ids = list(fresh.order_by("told_at").values_list("pk", flat=True)[:200])
    settled = 0
    for pk in ids:
        with acting_as(TRIAGE):
            settled += _match(pk)
    return settled


def _locked(pk: int) -> ConcernReport:
    """The report if it still waits. Raises ReportDoneError."""
    rows = ConcernReport.objects.select_for_update(of=("self",)).filter(pk=pk, matched_at=None, closed_at=None)
    report = rows.first()
    if report is None:
        raise ReportDoneError("这条反映刚刚已由同事处理。")
    return report


def _match(pk: int) -> bool:
    try:
        report = _locked(pk)
    except ReportDoneError:
        return False
    words = json.loads(reveal(report, "content"))
    left = []
    for one in words["meant"]:
        student = _find(report, one)
        if student is None:
            left.append(one)
        else:
            _attach(report, student, words)
    return _keep(report, words, left)


def _find(report: ConcernReport, one: dict) -> Student | None:
    rows = Student.objects.filter(school_id=report.school_id, left_on=None).select_related("klass__grade", "school")
    if "id" in one:
        return rows.filter(pk=one["id"]).first()
    found = {row.pk: row for row in rows.filter(name=one["name"])}
    roster = [Known(row.pk, row.klass_id, row.name) for row in found.values()]
    pk = only_one(one["name"], report.klass_id, roster)
    return found[pk] if pk is not None else None


def _attach(report: ConcernReport, student: Student, words: dict) -> ConcernEntry:
    """Flag, words and a line of the timeline without its author, for one student."""
    flag = Flag.objects.create(student=student, level=report.level, source=report.source, due_at=report.due_at)
    on = timezone.localdate(report.told_at)
    entry = ConcernEntry(
        student=student,
        report=report,
        flag=flag,
        on=on,
        source=report.source,
        names_home=report.names_home,
        told_at=report.told_at,
    )
    conceal(entry, text=for_one(words["text"], student.name, words["all"]))
    entry.save()
    title = f"收到反映（{report.get_source_display()}）"
    add_entry(student, EntryKind.OBSERVATION, on, title, source=f"assessments_concernentry:{entry.pk}:told")
    record("assessments.attach_report", subject=entry, detail={"flag": flag.pk})
    return entry


def _keep(report: ConcernReport, words: dict, left: list[dict]) -> bool:
    """Save what is still to be found; with nobody left the report's own copy of the words goes."""
    report.tried_at = timezone.now()
    nobody_named = not words["meant"]
    if left or nobody_named:
        conceal(report, content=json.dumps(words | {"meant": left}, ensure_ascii=False))
    else:
        report.matched_at, report.content, report.wrapped = report.tried_at, None, None
    report.save(update_fields=["tried_at", "matched_at", "content", "wrapped"])
    return report.matched_at is not None


@transaction.atomic
def take_report(report: ConcernReport, *, actor: Any) -> None:
    """The counselor has read a report whose student nobody has found yet; it climbs no further."""
    changed = ConcernReport.objects.filter(pk=report.pk, seen_at=None).update(seen_at=timezone.now(), seen_by=actor)
    if changed:
        record("assessments.take_report", subject=report)


@transaction.atomic
def attach_report(report: ConcernReport, student: Student, *, actor: Any) -> ConcernEntry:
    """The counselor says whom a report means. Raises ReportDoneError when it is settled already.

    The first of the names that wait is taken as hers; the report waits on while others are unnamed.
    """
    report = _locked(report.pk)
    words = json.loads(reveal(report, "content"))
    if ConcernEntry.objects.filter(report=report, student=student).exists():
        raise ReportDoneError("这名学生已经在这条反映里了。")
    rest = [one for one in words["meant"] if one["name"] == student.name] or words["meant"]
    left = [one for one in words["meant"] if one is not (rest[0] if rest else None)]
    words["all"] = [*words["all"], student.name]
    entry = _attach(report, student, words)
    _keep(report, words | {"meant": words["meant"] or [{}]}, left)
    ConcernReport.objects.filter(pk=report.pk, seen_at=None).update(seen_at=timezone.now(), seen_by=actor)
    return entry


@transaction.atomic
def close_report(report: ConcernReport, *, actor: Any, reason: str) -> None:
    """Nobody can be found, or it was nothing: closed with a reason that stays sealed with it."""
    report = _locked(report.pk)
    words = json.loads(reveal(report, "content")) | {"closing": reason}
    now = timezone.now()
    conceal(report, content=json.dumps(words, ensure_ascii=False))
    report.closed_at, report.seen_at, report.seen_by = now, report.seen_at or now, report.seen_by or actor
    report.save(update_fields=["content", "closed_at", "seen_at", "seen_by"])
    record("assessments.close_report", subject=report)


def show_seen(student: Student, now: datetime, *, actor: Any) -> None:
    """The reporters of this student's open flags see 处理中 from now on."""
    rows = ConcernReport.objects.filter(entries__student=student, entries__flag__handled_at=None, seen_at=None)
    ConcernReport.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(seen_at=now, seen_by=actor)


def show_closed(flag_ids: Collection[int], now: datetime, *, actor: Any) -> None:
    """Reports all of whose flags are answered are over for their reporters."""
    touched = set(ConcernEntry.objects.filter(flag_id__in=flag_ids).values_list("report_id", flat=True))
    if not touched:
        return
    waiting = Q(flag__handled_at=None) | Q(report__matched_at=None)
    open_still = set(ConcernEntry.objects.filter(waiting, report_id__in=touched).values_list("report_id", flat=True))
    over = ConcernReport.objects.filter(pk__in=touched)
    over.filter(seen_at=None).update(seen_at=now, seen_by=actor)
    over.exclude(pk__in=open_still).update(closed_at=now)
