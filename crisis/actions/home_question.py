"""A report says that home may be the source: hold every contact at once, ask the counselor, go on by the answer."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assessments.models import ConcernEntry
from crisis.duty import roles_at
from crisis.models import Case, HomeHarm, HomeQuestion
from crisis.refusals import CaseRefusedError
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.students.models import ContactHold
from xinyu.vault.fields import conceal

from .guardian_dues import restart_dues
from .rows import lock_case

RECENT = timedelta(days=90)
TRIAGE = "system:triage"


def open_question(case: Case) -> HomeQuestion | None:
    return HomeQuestion.objects.filter(case=case, answered_at__isnull=True).first()


def _unasked(case: Case) -> ConcernEntry | None:
    """The newest report that names home and came after whatever has been asked or decided about this student."""
    rows = ConcernEntry.objects.filter(student_id=case.student_id, names_home=True)
    rows = rows.filter(told_at__gte=timezone.now() - RECENT)
    asked = HomeQuestion.objects.filter(student_id=case.student_id).order_by("-asked_at").first()
    harm = HomeHarm.objects.filter(student_id=case.student_id).order_by("-at").first()
    for before in filter(None, [asked and asked.asked_at, harm and harm.at]):
        rows = rows.filter(told_at__gt=before)
    return rows.order_by("-told_at").first()


def ask_home(case: Case) -> HomeQuestion | None:
    """Put the question before whoever keeps the case, where a report says so; no guardian is contacted until it is
    answered. In the caller's transaction."""
    if HomeHarm.objects.filter(case=case, ended_at__isnull=True).exists() or open_question(case) is not None:
        return None
    concern = _unasked(case)
    if concern is None:
        return None
    hold = ContactHold.objects.create(student_id=case.student_id, guardian=None, by_id=case.owner_id)
    question = HomeQuestion.objects.create(case=case, student_id=case.student_id, concern=concern, hold=hold)
    record("crisis.ask_home", subject=question, detail={"case": case.pk})
    return question


def settle_question(case: Case, *, actor, is_home: bool, reason: str = "") -> HomeQuestion | None:
    """Write the answer down and let go of the question's own hold; None where nothing was asked."""
    question = open_question(case)
    if question is None:
        return None
    question.answered_at, question.answered_by, question.is_home = timezone.now(), actor, is_home
    conceal(question, reason=reason)
    question.save(update_fields=["answered_at", "answered_by", "is_home", "reason"])
    ContactHold.objects.filter(pk=question.hold_id).update(ended_at=question.answered_at)
    record("crisis.answer_home_question", subject=question, detail={"case": case.pk, "home": is_home})
    return question


@transaction.atomic
def deny_home(case: Case, *, actor, reason: str) -> HomeQuestion:
    """It does not concern home: contacts go on, the guardian clock begins anew. A yes is `suspend_guardian`."""
    roles_at(case.school_id, "crisis.protect")
    locked = lock_case(case)
    if not reason.strip():
        raise CaseRefusedError("请写明依据：怎样核实的，为什么可以联系家里。")
    question = settle_question(locked, actor=actor, is_home=False, reason=reason)
    if question is None:
        raise CaseRefusedError("这个问题已经有人回答了。")
    restart_dues(locked)
    return question


def ask_about_new_concerns() -> int:
    """The sweep: a report that names home reaches a case that is open already. How many questions were put."""
    with acting_as(TRIAGE):
        told = ConcernEntry.objects.filter(names_home=True, told_at__gte=timezone.now() - RECENT)
        students = set(told.values_list("student_id", flat=True))
        ids = list(Case.objects.filter(student__in=students, closed_at__isnull=True).values_list("pk", flat=True))
    count = 0
    for pk in ids:
        with acting_as(TRIAGE), transaction.atomic():
            count += ask_home(lock_case(Case(pk=pk))) is not None
    return count
