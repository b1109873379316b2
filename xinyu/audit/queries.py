"""Who looked, and what was done. The seals decide whose entries these are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from .models import AccessEntry, AuditEntry

#: looks by which somebody who reported about a student would be known (4-workflow D9.5)
BY_REPORTERS = ("concerns",)


def shown_looks() -> QuerySet[AccessEntry]:
    """Looks that a page or a paper may list: a reporter reading how far her own report is stays in the log alone."""
    return AccessEntry.objects.exclude(what__in=BY_REPORTERS)


def looks_at(student_id: int) -> QuerySet[AccessEntry]:
    """Looks at one student, newest first."""
    return shown_looks().filter(student_id=student_id).order_by("-at", "-id")


def looks(schools: set[int], *, student_ids=None, user_ids=None, day: date | None = None) -> QuerySet[AccessEntry]:
    """Looks at students of `schools`, newest first, narrowed by students, people and a day."""
    rows = shown_looks().filter(school_id__in=schools)
    if student_ids is not None:
        rows = rows.filter(student_id__in=student_ids)
    if user_ids is not None:
        rows = rows.filter(user_id__in=user_ids)
    if day is not None:
        rows = rows.filter(at__date=day)
    return rows.order_by("-at", "-id")


def entries(*, verb: str = "", actor: str = "", day: date | None = None) -> QuerySet[AuditEntry]:
    """The log as its reader may see it: codes and ids, newest first."""
    rows = AuditEntry.objects.order_by("-at", "-id")
    if verb:
        rows = rows.filter(verb=verb)
    if actor:
        rows = rows.filter(actor=actor)
    return rows.filter(at__date=day) if day is not None else rows


#: what the pages call the parts of a student's record that the entries name by code
LABELS = {
    "answers": "逐题作答",
    "case": "一人一案",
    "climbed": "上移的提示",
    "concerns": "反映的情况",
    "growth-file": "一生一册",
    "handover": "移交内容",
    "informant-links": "家长／教师问卷",
    "interview": "访谈",
    "interview-text": "访谈要点",
    "ledger": "排查表与台账",
    "queue": "访谈队列",
    "results": "测评结果",
    "run-list": "当日谈话名单",
    "screening_reasons": "没有作答的原因",
    "timeline": "联动经过（PDF）",
}


@dataclass(frozen=True)
class Look:
    """One look as a page shows it; `student` is '' where the reader may not (any longer) see her."""

    at: datetime
    who: str
    what: str
    purpose: str
    student: str
    student_id: int


def named(rows: Iterable[AccessEntry]) -> list[Look]:
    """Looks with names, in two more queries whatever their number. The audit lies below people and students."""
    rows = list(rows)
    people = dict(get_user_model().objects.filter(pk__in={row.user_id for row in rows}).values_list("pk", "name"))
    students = apps.get_model("students", "Student").objects.filter(pk__in={row.student_id for row in rows})
    names = dict(students.values_list("pk", "name"))
    return [
        Look(
            row.at,
            people.get(row.user_id, ""),
            LABELS.get(row.what, row.what),
            row.purpose,
            names.get(row.student_id, ""),
            row.student_id,
        )
        for row in rows
    ]
