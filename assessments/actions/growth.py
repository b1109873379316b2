"""Opening growth files and writing into their timelines."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.choices import EntryKind
from assessments.diagnosis_words import with_source
from assessments.models import GrowthFile, TimelineEntry
from xinyu.audit.entries import record
from xinyu.students.models import Student
from xinyu.vault.fields import conceal

CHUNK = 500


def open_growth_file(student: Student, *, on: date | None = None) -> bool:
    """Open the file of one student as the current actor; False when it is open already."""
    return bool(open_growth_files([student.pk], on=on))


@transaction.atomic
def open_growth_files(student_ids: Iterable[int], *, on: date | None = None) -> int:
    """Open the missing files of these students (as far as the actor sees them); how many were opened.

    Dated `on`, else the day of enrolment, else today. Set-based: a roster of thousands is a handful of statements.
    The timeline begins with this day by itself; no entry is written.
    """
    students = list(
        Student.objects.filter(pk__in=list(student_ids), growth_file__isnull=True).only(
            "id", "school_id", "enrolled_on"
        )
    )
    today = timezone.localdate()
    days = {student.pk: on or student.enrolled_on or today for student in students}
    files = [GrowthFile(student_id=pk, opened_on=day) for pk, day in days.items()]
    GrowthFile.objects.bulk_create(files, batch_size=CHUNK, ignore_conflicts=True)
    for school_id in {student.school_id for student in students}:
        count = sum(student.school_id == school_id for student in students)
        only = students[0].pk if len(students) == 1 else None
        record(
            "assessments.open_growth_files",
            subject="assessments_growthfile",
            student_id=only,
            school_id=school_id,
            detail={"count": count},
        )
    return len(students)


def open_missing_growth_files(limit: int = 2000) -> int:
    """Files for enrolled students who have none yet: the sweep behind imports and single entries."""
    missing = Student.objects.filter(growth_file__isnull=True, left_on__isnull=True).values_list("pk", flat=True)
    return open_growth_files(missing[:limit])


def add_entry(
    student: Student,
    kind: EntryKind | str,
    on: date,
    title: str,
    body: str = "",
    *,
    source: str,
    is_shared: bool = False,
    author: Any = None,
) -> TimelineEntry | None:
    """Write one entry into a student's timeline; the same `source` ('table:id:event') is written once.

    Returns the entry, also when it stood there before; None when it stands there out of the actor's sight. The caller
    records the change that it tells of. An actor who may not read what it writes (a homeroom teacher, not shared) must
    be the author.
    """
    before = TimelineEntry.objects.filter(student_id=student.pk, source=source).first()
    if before is not None:
        return before
    entry = TimelineEntry(
        student_id=student.pk, on=on, kind=kind, title=title[:80], is_shared=is_shared, author=author, source=source
    )
    if body:
        conceal(entry, body=body)
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError:  # written by somebody else a moment ago
        return TimelineEntry.objects.filter(student_id=student.pk, source=source).first()
    return entry


@transaction.atomic
def write_observation(
    student: Student, *, actor, on: date, text: str, is_shared: bool, key: UUID, is_from_hospital: bool = False
) -> TimelineEntry | None:
    """An everyday observation by homeroom teacher or counselor; `key` makes a second click the same observation."""
    body = with_source(text) if is_from_hospital else text
    entry = add_entry(
        student,
        EntryKind.OBSERVATION,
        on,
        "日常观察",
        body,
        source=f"observation:{key}",
        is_shared=is_shared,
        author=actor,
    )
    if entry is not None:
        record("assessments.write_observation", subject=entry, detail={"shared": is_shared})
    return entry
