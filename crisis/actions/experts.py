"""Experts of a bureau: kept in its directory, given one hand-over until a day, and what they write after a visit."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from crisis.models import Expert, ExpertAccess, Handover, Visit
from crisis.queries.experts import expert_accounts
from crisis.refusals import CaseRefusedError
from xinyu.access.posts import live_posts
from xinyu.audit.entries import record
from xinyu.organisations.models import County
from xinyu.vault.fields import conceal, new_key

from .handover import lock_handover, officer_role

#: by so much the clock of the expert's machine may be ahead
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class ExpertValues:
    speciality: str
    organisation: str
    contact: str
    active_until: date


def own_county() -> County:
    """The county whose directory the acting officer keeps. Raises CaseRefusedError."""
    for post in live_posts():
        if post.role == "county_officer" and post.county_id is not None:
            return County.objects.get(pk=post.county_id)
    raise CaseRefusedError("专家名录由县区教育局专干维护。")


@transaction.atomic
def add_expert(values: ExpertValues, *, actor, user_id: int) -> Expert:
    """An entry for somebody who has an account with the post of an expert of this county."""
    county = own_county()
    if user_id not in dict(expert_accounts(county.pk)):
        raise CaseRefusedError("这个账号在本县没有有效的专家岗位，或者已经在名录里。")
    row = Expert(county=county, user_id=user_id, added_by=actor)
    row.wrapped = new_key(f"expert:{row.vault_id}")
    return _keep(row, values, "crisis.add_expert")


@transaction.atomic
def change_expert(expert: Expert, values: ExpertValues, *, actor) -> Expert:
    """What the directory says from now on. A term that ends earlier ends every assignment with it: sight asks it."""
    own_county()
    locked = Expert.objects.select_for_update().get(pk=expert.pk)
    return _keep(locked, values, "crisis.change_expert")


def _keep(row: Expert, values: ExpertValues, verb: str) -> Expert:
    row.speciality, row.organisation, row.active_until = values.speciality, values.organisation, values.active_until
    conceal(row, contact=values.contact)
    row.save()
    record(verb, subject=row, detail={"user": row.user_id, "until": str(row.active_until)})
    return row


@transaction.atomic
def assign_expert(row: Handover, *, actor, expert: Expert, until_on: date, ask: str) -> ExpertAccess:
    """Let one expert look at this hand-over, and at nothing else, to the end of a day."""
    locked = lock_handover(row)
    officer_role(locked)
    if locked.received_at is None:
        raise CaseRefusedError("学校正式移交、您签收以后，才能派专家。")
    today, now = timezone.localdate(), timezone.now()
    if until_on < today or expert.active_until < until_on:
        raise CaseRefusedError("结束日期不能早于今天，也不能晚于专家的聘期。")
    ExpertAccess.objects.filter(handover=locked, ended_at__isnull=True, open_until__lte=now).update(ended_at=now)
    if ExpertAccess.objects.filter(handover=locked, assignee=expert.user_id, ended_at__isnull=True).exists():
        raise CaseRefusedError("这位专家已经在看这份移交。")
    access = ExpertAccess(handover=locked, expert=expert, assignee_id=expert.user_id, assigned_by=actor)
    access.speciality, access.organisation = expert.speciality, expert.organisation
    access.open_until = min(_end_of(until_on), locked.open_until)
    conceal(access, ask=ask)
    access.save()
    record(
        "crisis.assign_expert", subject=access, student_id=locked.student_id,
        detail={"handover": locked.pk, "user": expert.user_id, "until": access.open_until.isoformat()},
    )  # fmt: skip
    return access


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


@transaction.atomic
def end_access(access: ExpertAccess, *, actor) -> None:
    """From the next request on the expert sees nothing of it. A second click changes nothing."""
    locked = lock_handover(access.handover)
    officer_role(locked)
    if ExpertAccess.objects.filter(pk=access.pk, ended_at__isnull=True).update(ended_at=timezone.now()):
        record("crisis.end_expert", subject=access, student_id=locked.student_id, detail={"user": access.assignee_id})


@transaction.atomic
def write_visit(access: ExpertAccess, *, actor, visited_at: datetime, way: str, body: str, advice: str, key) -> Visit:
    """Only added to. `key`: a second click is the same visit. Row security refuses it once the assignment is over."""
    before = Visit.objects.filter(vault_id=key, by=actor).first()
    if before is not None:
        return before
    is_early = timezone.localdate(visited_at) < timezone.localdate(access.assigned_at)
    if is_early or visited_at > timezone.now() + CLOCKS_DIFFER:
        raise CaseRefusedError("时间不能早于派您的那一天，也不能晚于现在。")
    visit = Visit(handover=access.handover, access=access, by=actor, visited_at=visited_at, way=way, vault_id=key)
    conceal(visit, body=body, advice=advice)
    visit.save()
    record("crisis.write_visit", subject=visit, student_id=access.handover.student_id, detail={"access": access.pk})
    return visit
