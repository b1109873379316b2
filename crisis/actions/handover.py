"""What passes between school and bureau about one case: handed over, acknowledged, guided, handed back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from crisis.duty import roles_at
from crisis.looks import level_of
from crisis.models import Case, ExpertAccess, Guidance, Handover
from crisis.queries.signed import handover_words
from crisis.refusals import CaseRefusedError
from xinyu.access.posts import live_posts
from xinyu.audit.entries import record
from xinyu.audit.signing import sign
from xinyu.organisations.models import School
from xinyu.vault.fields import conceal

from .chain import SHOWN_FOR, new_handover
from .rows import lock_case, write_note

#: the row must still be in the officer's sight when the change is checked; a second later it is not
LET_GO = timedelta(seconds=1)
OVER = "这份移交已经交回学校。"


@transaction.atomic
def hand_over(case: Case, *, actor, reason: str) -> Handover:
    """The school hands the case over formally and signs: the reason, and for the gravest level the student's name.

    Below the gravest level the bureau helps without knowing who it is (4-workflow D8). The view has asked who it is.
    """
    role = roles_at(case.school_id, "crisis.hand_over")[0]
    locked = lock_case(case)
    if locked.closed_at is not None:
        raise CaseRefusedError("个案已经结束，不能移交。")
    if not reason.strip():
        raise CaseRefusedError("请填写移交事由。")
    school = School.objects.select_related("county").get(pk=locked.school_id)
    row = Handover.objects.filter(case=locked, returned_at__isnull=True).first() or new_handover(locked, school)
    is_named, student = level_of(locked.level).gravity == 1, locked.student
    name = f"{student.name}，{student.klass.name_on(timezone.localdate())}" if is_named else ""
    conceal(row, reason=reason, identity=name)
    row.level, row.handed_by, row.handed_at = locked.level, actor, timezone.now()
    row.open_until, row.received_at, row.received_by = row.handed_at + SHOWN_FOR, None, None
    row.save()
    _sign(row, "handover", "移交教育局", role)
    write_note(locked, f"移交教育局：{'含学生身份' if is_named else '不含学生身份'}。", actor=actor)
    record("crisis.hand_over", subject=row, detail={"level": locked.level, "named": is_named})
    return row


def _sign(row: Handover, purpose: str, title: str, role: str) -> None:
    words = handover_words(row.pk)
    if words is None:
        raise CaseRefusedError(OVER)
    sign(row, purpose=purpose, title=title, content=words, role=role, for_bureau=True)


def officer_role(row: Handover) -> str:
    """As which officer the acting person answers. Raises CaseRefusedError when it is not addressed to her."""
    for post in live_posts():
        is_county = post.role == "county_officer" and post.county_id == row.county_id
        if is_county or (post.role == "city_officer" and post.city_id == row.city_id):
            return post.role
    raise CaseRefusedError("这份移交不是交给您的。")


def lock_handover(row: Handover) -> Handover:
    locked = Handover.objects.select_for_update().filter(pk=row.pk).first()
    if locked is None or locked.returned_at is not None:
        raise CaseRefusedError(OVER)
    return locked


def _know(locked: Handover, actor) -> None:
    if locked.acknowledged_at is None:
        locked.acknowledged_at, locked.acknowledged_by = timezone.now(), actor
        locked.save(update_fields=["acknowledged_at", "acknowledged_by"])
        record("crisis.acknowledge_handover", subject=locked)


@transaction.atomic
def acknowledge(row: Handover, *, actor) -> Handover:
    """The bureau has seen it; the clock of the step at the bureau stops. A second tap changes nothing.

    What the school handed over formally is signed for; only then a name is shown. The view has asked again who it is.
    """
    locked = lock_handover(row)
    _know(locked, actor)
    if locked.handed_at is not None and locked.received_at is None:
        locked.received_at, locked.received_by = timezone.now(), actor
        locked.save(update_fields=["received_at", "received_by"])
        _sign(locked, "handover_receipt", "签收移交", officer_role(locked))
        record("crisis.receive_handover", subject=locked, detail={"named": locked.identity is not None})
    return locked


@transaction.atomic
def guide(row: Handover, *, actor, body: str) -> Guidance:
    """A text to the school. The first one is the bureau's action of the duty clock."""
    locked = lock_handover(row)
    _know(locked, actor)
    guidance = Guidance(handover=locked, by=actor)
    conceal(guidance, body=body)
    guidance.save()
    if locked.acted_at is None:
        locked.acted_at = timezone.now()
        locked.save(update_fields=["acted_at"])
    record("crisis.guide", subject=guidance, school_id=locked.school_id, detail={"handover": locked.pk})
    return guidance


@transaction.atomic
def hand_back(row: Handover, *, actor) -> Handover:
    """The bureau's sight of the case ends, and its experts'; what they wrote stays with the school."""
    locked = lock_handover(row)
    locked.returned_at = timezone.now()
    ended = ExpertAccess.objects.filter(handover=locked, ended_at__isnull=True).update(ended_at=locked.returned_at)
    locked.open_until = locked.returned_at + LET_GO
    locked.save(update_fields=["returned_at", "open_until"])
    record("crisis.hand_back", subject=locked, detail={"experts": ended})
    return locked
