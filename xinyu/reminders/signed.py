"""The words of a school's report under which its head has signed, and who signed (D9.13)."""

from collections.abc import Iterable

from xinyu.audit.entries import subject_name
from xinyu.audit.models import Signature
from xinyu.reminders.models import SeasonRecord

PURPOSE = "season_report"


def words_of(row: SeasonRecord) -> dict:
    return {
        "school": row.school_id,
        "season": row.season,
        "obligation": row.obligation,
        "counts": row.counts,
        "note": row.note,
    }


def report_words(record_id: int) -> dict | None:
    """As they are stored now; None where the reader may not see them."""
    row = SeasonRecord.objects.filter(pk=record_id, is_report=True).first()
    return words_of(row) if row else None


def signatures_under(rows: Iterable[SeasonRecord]) -> dict[int, Signature]:
    """Record id → its signature, in one question."""
    ids = {subject_name(row): row.pk for row in rows}
    return {ids[s.subject]: s for s in Signature.objects.filter(subject__in=ids, purpose=PURPOSE).order_by("at")}
