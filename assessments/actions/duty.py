"""Check in and out of duty, and the principal's exception."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assessments.models import DutyCheckIn, Screening
from assessments.queries.duty import latest_end
from assessments.queries.screenings import require_school
from assessments.screening_flow import ScreeningRefused
from xinyu.audit.entries import record


@transaction.atomic
def check_in(school_id: int, *, actor, until: datetime) -> DutyCheckIn:
    """From now until `until`, today. Raises ScreeningRefused past what the day allows (4-workflow D9.2)."""
    require_school("assessments.check_in", school_id)
    now = timezone.now()
    latest = latest_end(school_id, now)
    if latest <= now:
        raise ScreeningRefused("今天是放假前的最后一天，下午不开放含关键条目的测评；确有需要请校长说明理由后开放。")
    if not now < until <= latest:
        raise ScreeningRefused(f"值守结束时间应在现在之后、今天 {timezone.localtime(latest):%H:%M} 之前。")
    DutyCheckIn.objects.filter(school_id=school_id, user=actor, ended_at=None, until_at__gt=now).update(ended_at=now)
    duty = DutyCheckIn.objects.create(school_id=school_id, user=actor, from_at=now, until_at=until)
    record("assessments.check_in", subject=duty, detail={"until": until.isoformat()})
    return duty


@transaction.atomic
def check_out(school_id: int, *, actor) -> None:
    """End one's own duty now; nothing happens when there is none."""
    require_school("assessments.check_in", school_id)
    now = timezone.now()
    for duty in DutyCheckIn.objects.select_for_update().filter(
        school_id=school_id, user=actor, ended_at=None, until_at__gt=now
    ):
        duty.ended_at = now
        duty.save(update_fields=["ended_at"])
        record("assessments.check_out", subject=duty)


@transaction.atomic
def allow_unguarded(screening: Screening, *, actor, reason: str) -> None:
    """The principal lets a screening run without a duty person, with a reason and by name."""
    require_school("assessments.allow_unguarded", screening.school_id)
    screening.unguarded_reason, screening.unguarded_by = reason, actor
    screening.save(update_fields=["unguarded_reason", "unguarded_by"])
    record("assessments.allow_unguarded", subject=screening, detail={"has_reason": bool(reason)})
