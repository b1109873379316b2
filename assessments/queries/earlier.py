"""Results of earlier platforms as pages show them: with source, date and who imported them."""

from dataclasses import dataclass
from datetime import date

from assessments.models import EarlierBatch, EarlierResult
from xinyu.students.models import Student

from .sealed import texts_of


@dataclass(frozen=True)
class EarlierLine:
    on: date
    scale: str
    score: str
    said: str
    batch: EarlierBatch


def earlier_of(student: Student, since: date | None = None) -> list[EarlierLine]:
    """Imported lines about a student, newest first, without withdrawn files; `since` leaves out earlier days."""
    rows = EarlierResult.objects.filter(student=student, batch__withdrawn_at=None).select_related("batch__by")
    if since is not None:
        rows = rows.filter(on__gte=since)
    found = list(rows)
    texts = texts_of(found, "said", student.pk) if found else {}
    return [EarlierLine(row.on, row.scale, row.score, texts[row.pk], row.batch) for row in found]


def batches() -> list[tuple[str, EarlierBatch]]:
    """[(id of its dialog, batch)], newest first."""
    return [(f"batch-{batch.pk}", batch) for batch in EarlierBatch.objects.select_related("by", "school")[:100]]


def numbers_of(school_id: int) -> dict[str, tuple[int, str]]:
    """Number → (id, name) of every student of a school, those who left included: their results come along."""
    rows = Student.objects.filter(school_id=school_id).order_by("-left_on", "pk")
    return {number: (pk, name) for pk, number, name in rows.values_list("pk", "number", "name")}
