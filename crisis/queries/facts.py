"""What is true about a case now, as the pure workflow asks for it. Computed from rows, never stored."""

from django.db import connection
from django.utils import timezone

from crisis.looks import level_of
from crisis.models import Case, Cause, ClosingRequest, FollowUp, NoteKind
from crisis.plan_check import PlanFacts, is_complete
from crisis.signed import signers_of
from crisis.workflow import CaseFacts
from xinyu.students.models import ContactHold

from .people import staff_of


def kinds_of_notes(case: Case) -> set[str]:
    """Which kinds of note the case has, also for whoever may not read one of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_note_kinds(%s)", [case.pk])
        return set(cursor.fetchone()[0])


def has_medical_opinion(case: Case) -> bool:
    """A paper of a medical institution is on the file, no older than the level that stands."""
    return NoteKind.MEDICAL in kinds_of_notes(case)


def is_guardian_told(case: Case) -> bool:
    """Told, or the guardian clock is stopped because home is named as the source of harm (D9.5)."""
    if ContactHold.objects.filter(student=case.student_id, ended_at__isnull=True).exists():
        return True
    return NoteKind.GUARDIAN in kinds_of_notes(case)


def is_plan_complete(case: Case) -> bool:
    return is_complete(plan_facts(case))


def plan_facts(case: Case) -> list[PlanFacts]:
    """The lines of the plan as the pure rule reads them; nothing is opened for it."""
    items = list(case.planitems.all())
    staff = staff_of(case.school_id) if items else set()
    return [
        PlanFacts(
            Cause(item.cause).label,
            item.goal is not None,
            item.action is not None,
            item.person_id in staff,
            item.due_on is not None,
            item.done_at is not None,
        )
        for item in items
    ]


def overdue_follow_ups(case: Case) -> int:
    """Follow-ups that were due and not held; one that is due later is called off by the closing itself."""
    waiting = FollowUp.objects.filter(case=case, held_at=None, called_off_at=None)
    return waiting.filter(due_on__lte=timezone.localdate()).count()


def request_under_way(case: Case) -> ClosingRequest | None:
    return case.closingrequests.filter(decided_at__isnull=True).select_related("by").first()


def case_facts(case: Case, actor_id: int, role: str) -> CaseFacts:
    """`actor_id` and `role`: who is about to sign, beside whoever asked for the closing."""
    asked = request_under_way(case)
    return CaseFacts(
        state=case.state,
        plan_complete=is_plan_complete(case),
        guardian_told=is_guardian_told(case),
        follow_ups_open=overdue_follow_ups(case),
        proposed_by=asked.by_id if asked else None,
        signers=(signers_of(asked) if asked else frozenset()) | {actor_id},
        gravest=level_of(case.level, case.scheme).gravity == 1,
        medical_opinion=bool(asked and asked.has_medical_opinion),
        principal_signed=role == "principal",
    )
