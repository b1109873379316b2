"""Asking a colleague to watch a class in the computer room; freeing a code there."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from assessments.actions.screenings import PLAN
from assessments.models import RoomWatch, Screening
from assessments.queries.screenings import require_school
from assessments.queries.watch import colleagues
from assessments.screening_flow import CLOSED, ScreeningRefused
from xinyu.audit.entries import record


@transaction.atomic
def ask_to_watch(screening: Screening, klass_id: int, *, actor, watcher_id: int, until: datetime) -> RoomWatch:
    """Until a time of today. Raises ScreeningRefused for a screening that is over or somebody who is no colleague."""
    require_school(PLAN, screening.school_id)
    if screening.state == CLOSED:
        raise ScreeningRefused("测评已经结束。")
    if not screening.chosen.filter(klass_id=klass_id).exists():
        raise ScreeningRefused("这个班级不在测评里。")
    if watcher_id not in dict(colleagues(screening.school_id)):
        raise ScreeningRefused("只能请本校在岗的老师看机房。")
    if not timezone.now() < until or timezone.localdate(until) != timezone.localdate():
        raise ScreeningRefused("时间应在现在之后、今天之内。")
    row = RoomWatch.objects.create(
        screening=screening, klass_id=klass_id, watcher_id=watcher_id, until_at=until, by=actor
    )
    record("assessments.ask_to_watch", subject=row, detail={"klass": klass_id, "until": until.isoformat()})
    return row


@transaction.atomic
def free_watched(sitting_id: int, *, actor) -> bool:
    """Whether the code was of a room that this person watches now; then it may be tried again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_free_watched(%s)", [sitting_id])
        is_freed = cursor.fetchone()[0]
    if is_freed:
        record("assessments.free_sitting", subject=f"assessments_sitting:{sitting_id}")
    return is_freed
