"""A county plans a round for its staff, starts it and ends it; a station counselor looks and deals with alerts."""

from collections.abc import Collection, Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.adults import DRAFT, OVER, reasons_against
from assessments.models import ScaleApproval, ScaleVersion, StaffAlert, StaffLook, StaffRound, StaffSitting
from assessments.queries.scales import out_of_force
from assessments.queries.staff_rounds import staff_numbers, state_of, station_is_kept
from assessments.scale_library import definition_of, freeze
from xinyu.access.permissions import roles_for
from xinyu.access.posts import live_posts
from xinyu.audit.entries import record, subject_name
from xinyu.organisations.models import County

PLAN = "assessments.plan_staff_round"
SEE = "assessments.see_staff_results"
NOBODY = "本县区现在没有在岗的辅导站心理教师，没有人接收安全提醒，不能开始。请先授予并批准这个岗位。"


class RoundRefused(Exception):
    """Not now, and why: one Chinese sentence."""


def require_county(verb: str, county_id: int) -> None:
    """Raises PermissionDenied where no live post of the acting person carries the verb in this county."""
    if county_id not in {post.county_id for post in live_posts() if post.role in roles_for(verb)}:
        raise PermissionDenied(verb)


@transaction.atomic
def plan_round(
    county: County,
    *,
    actor,
    title: str,
    words: str,
    station: str,
    versions: Sequence[ScaleVersion],
    school_ids: Collection[int],
    opens_on: date,
    closes_on: date,
) -> StaffRound:
    """A draft; nobody is asked yet. Raises RoundRefused for a scale or a school that cannot be in it."""
    require_county(PLAN, county.pk)
    _refuse_scales(versions, county.pk)
    people = staff_numbers(county.pk)
    if not school_ids or set(school_ids) - set(people):
        raise RoundRefused("只能选本县区有在岗教职工账号的学校。")
    row = StaffRound.objects.create(
        county=county, title=title, words=words, station=station, version_ids=[version.pk for version in versions],
        schools={str(pk): people[pk] for pk in sorted(school_ids)}, opens_on=opens_on, closes_on=closes_on, by=actor,
    )  # fmt: skip
    record("assessments.plan_staff_round", subject=row, detail={"schools": len(row.schools)})
    return row


def _refuse_scales(versions: Sequence[ScaleVersion], county_id: int) -> None:
    approved = set(ScaleApproval.objects.filter(county=county_id).values_list("version_id", flat=True))
    why = [reason for one in versions for reason in reasons_against(definition_of(one), is_approved=one.pk in approved)]
    why += out_of_force(versions, county_id, timezone.localdate())
    if not versions or why:
        raise RoundRefused("".join(why) or "请至少选一个量表。")


@transaction.atomic
def start_round(one: StaffRound, *, actor) -> StaffRound:
    """From its first day on the staff of its schools find it. Raises RoundRefused while nobody keeps the station."""
    require_county(PLAN, one.county_id)
    row = StaffRound.objects.select_for_update().get(pk=one.pk)
    if state_of(row, timezone.localdate()) != DRAFT:
        raise RoundRefused("这一轮已经开始或结束，页面可能已经过时。")
    if row.closes_on < timezone.localdate():
        raise RoundRefused("结束日期已过，请重新安排一轮。")
    if not station_is_kept(row.county_id):
        raise RoundRefused(NOBODY)
    versions = list(ScaleVersion.objects.filter(pk__in=row.version_ids))
    _refuse_scales(versions, row.county_id)
    freeze(versions)
    row.started_at = timezone.now()
    row.save(update_fields=["started_at"])
    record("assessments.start_staff_round", subject=row)
    return row


@transaction.atomic
def end_round(one: StaffRound, *, actor) -> StaffRound:
    """Before its last day, or a draft that will not be used. What was handed in stays. Raises RoundRefused."""
    require_county(PLAN, one.county_id)
    row = StaffRound.objects.select_for_update().get(pk=one.pk)
    if state_of(row, timezone.localdate()) == OVER:
        raise RoundRefused("这一轮已经结束。")
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record("assessments.end_staff_round", subject=row)
    return row


@transaction.atomic
def look_at(sitting: StaffSitting, *, actor) -> StaffLook:
    """Each look at a result leaves a row that its person reads, and a line in the log without her name or school."""
    require_county(SEE, sitting.county_id)
    if not sitting.is_handed_in:
        raise PermissionDenied(SEE)
    row = StaffLook.objects.create(sitting=sitting, whose_id=sitting.user_id, by=actor)
    record("assessments.see_staff_result", subject=subject_name(sitting))
    return row


@transaction.atomic
def handle_alert(alert: StaffAlert, *, actor, outcome: str) -> StaffAlert:
    """A station counselor has reached the person. Raises RoundRefused for her own or one that is dealt with."""
    require_county(SEE, alert.county_id)
    row = StaffAlert.objects.select_for_update().get(pk=alert.pk)
    if row.user_id == actor.pk:
        raise RoundRefused("这条提醒是关于您本人的，请另一位辅导站心理教师处理，或现在就拨打 12356。")
    if row.handled_at is not None:
        raise RoundRefused("这条提醒已经有人处理。")
    row.handled_at, row.handled_by, row.outcome = timezone.now(), actor, outcome
    row.save(update_fields=["handled_at", "handled_by", "outcome"])
    record("assessments.handle_staff_alert", subject=subject_name(row), detail={"outcome": outcome})
    return row
