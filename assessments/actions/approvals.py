"""The school asks the county for a screening that needs its approval; somebody else at the county answers."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.actions.screenings import PLAN
from assessments.models import Screening, ScreeningApproval
from assessments.queries.approvals import asked_of, grounds_of
from assessments.queries.people import enrolled
from assessments.queries.screenings import asked_grades, require_school
from assessments.screening_flow import DRAFT, ScreeningRefused
from xinyu.access.permissions import roles_for
from xinyu.access.posts import live_posts
from xinyu.audit.entries import record

APPROVE = "assessments.approve_screening"
LONGEST = timedelta(days=180)


@transaction.atomic
def ask_approval(screening: Screening, *, actor, reason: str) -> ScreeningApproval:
    """Ask for this plan as it stands. Raises ScreeningRefused when none is needed or one is already waiting.

    A plan that has changed meanwhile is asked for anew; the older request can then no longer be answered.
    """
    require_school(PLAN, screening.school_id)
    screening = (
        Screening.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=screening.pk)
    )
    if screening.state != DRAFT:
        raise ScreeningRefused("测评已经开始，不需要再申请。")
    today, asked = timezone.localdate(), asked_of(screening)
    why = grounds_of(screening, today)
    if not why:
        raise ScreeningRefused("这次测评不需要县区批准，可以直接开始。")
    if screening.approvals.filter(decided_at=None, asked=asked).exists():
        raise ScreeningRefused("已经申请过，正在等待县区教育局批准。")
    klasses = screening.chosen.values_list("klass_id", flat=True)
    plan = {
        "grounds": list(why),
        "scales": list(screening.scales.order_by("code").values_list("title", flat=True)),
        "grades": sorted({grade.name for grade in asked_grades(klasses, today)}),
        "students": enrolled(screening).count(),
    }
    values = {
        "asked": asked,
        "title": screening.title,
        "opens_at": screening.opens_at,
        "closes_at": screening.closes_at,
    }
    values |= {"plan": plan, "reason": reason, "asked_by": actor, "county_id": screening.school.county_id}
    row = ScreeningApproval.objects.create(screening=screening, **values)
    record("assessments.ask_approval", subject=row, detail={"grounds": len(why), "asked": asked})
    return row


@transaction.atomic
def decide_approval(
    row: ScreeningApproval, *, actor, is_granted: bool, note: str, until_on: date | None
) -> ScreeningApproval:
    """The county's answer, by somebody else than who asked. Raises ScreeningRefused when it was answered already."""
    own = {post.county_id for post in live_posts() if post.role in roles_for(APPROVE)}
    row = ScreeningApproval.objects.select_for_update().get(pk=row.pk)
    if row.county_id not in own:
        raise PermissionDenied(APPROVE)
    if row.asked_by_id == actor.pk:
        raise ScreeningRefused("这份申请是您自己提出的，须由另一个人答复。")
    if row.decided_at is not None:
        raise ScreeningRefused("这份申请已经有人答复，页面可能已经过时。")
    if ScreeningApproval.objects.filter(screening=row.screening_id, pk__gt=row.pk).exists():
        raise ScreeningRefused("学校已按改动后的内容重新申请，请答复新的申请。")
    row.is_granted, row.note, row.until_on = is_granted, note, until_on if is_granted else None
    row.decided_by, row.decided_at = actor, timezone.now()
    row.save(update_fields=["is_granted", "note", "until_on", "decided_by", "decided_at"])
    record("assessments.decide_approval", subject=row, detail={"granted": is_granted, "asked": row.asked})
    return row
