"""Results of earlier platforms come in as one batch and go out as one; they never become results of ours."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from assessments.earlier_rows import EarlierRow
from assessments.models import EarlierBatch, EarlierResult
from assessments.queries.screenings import require_school
from xinyu.audit.entries import record
from xinyu.organisations.models import School
from xinyu.students.models import StudentKey, owner_of
from xinyu.vault.fields import open_key, seal_value

VERB = "assessments.import_results"
CHUNK = 500


@transaction.atomic
def import_earlier(school: School, rows: Sequence[EarlierRow], *, actor, platform: str, document: str) -> EarlierBatch:
    """Keep a file that was read without a mistake. No flag, no result, no timeline entry follows from it."""
    require_school(VERB, school.pk)
    batch = EarlierBatch.objects.create(
        school=school, platform=platform, document=document[:120], rows=len(rows), by=actor
    )
    wrapped = dict(
        StudentKey.objects.filter(student_id__in={row.student_id for row in rows}).values_list("student_id", "wrapped")
    )
    keys = {pk: open_key(owner_of(pk), key) for pk, key in wrapped.items()}
    EarlierResult.objects.bulk_create([_made(batch, row, keys[row.student_id]) for row in rows], batch_size=CHUNK)
    record("assessments.import_earlier", subject=batch, detail={"rows": len(rows), "platform": platform})
    return batch


def _made(batch: EarlierBatch, row: EarlierRow, key: bytes) -> EarlierResult:
    name = uuid.uuid4()
    made = EarlierResult(
        vault_id=name, batch=batch, student_id=row.student_id, on=row.on, scale=row.scale, score=row.score
    )
    if row.said:
        made.said = seal_value(
            row.said, key=key, owner=owner_of(row.student_id), table=made._meta.db_table, field="said", vault_id=name
        )
    return made


@transaction.atomic
def withdraw_earlier(batch: EarlierBatch, *, actor) -> bool:
    """The wrong file: no page shows its lines any more. False when it was withdrawn before."""
    require_school(VERB, batch.school_id)
    changed = EarlierBatch.objects.filter(pk=batch.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
    if changed:
        record("assessments.withdraw_earlier", subject=batch, detail={"rows": batch.rows})
    return bool(changed)
