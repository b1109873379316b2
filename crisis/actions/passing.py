"""A case changes its owner because somebody says so; who is away or has left is seen to by the database."""

from django.db import transaction

from crisis.duty import roles_at
from crisis.models import Case, DutyHandOn, DutyKind, HandReason
from crisis.queries.people import counselors
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record

from .rows import lock_case, write_note

LEADERS = frozenset({"principal", "vice_principal"})


@transaction.atomic
def pass_case(case: Case, *, actor, to_id: int, version: int | None = None) -> Case:
    """Another counselor of the school keeps the case from now on, and reads its notes. Raises CaseRefusedError."""
    roles = set(roles_at(case.school_id, "crisis.pass_case"))
    locked = lock_case(case, version)
    if locked.closed_at is not None:
        raise CaseRefusedError("个案已经结束。")
    if locked.owner_id != actor.pk and not roles & LEADERS:
        raise CaseRefusedError("只有现在的责任人、分管副校长或校长可以移交个案。")
    names = dict(counselors(locked.school_id))
    if to_id == locked.owner_id or to_id not in names:
        raise CaseRefusedError("请选择本校另一位在岗的心理教师。")
    before, locked.owner_id, locked.version = locked.owner_id, to_id, locked.version + 1
    locked.save(update_fields=["owner", "version"])
    DutyHandOn.objects.create(
        school_id=locked.school_id,
        kind=DutyKind.CASE,
        subject_id=locked.pk,
        from_user_id=before,
        to_user_id=to_id,
        why=HandReason.PASSED,
        by=actor,
    )
    write_note(locked, f"责任人改为{names[to_id]}。", actor=actor)
    record("crisis.pass_case", subject=locked, detail={"from": before, "to": to_id})
    return locked
