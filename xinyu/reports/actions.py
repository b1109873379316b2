"""What people do with reports: ask, cancel, take away."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assessments.doorbell import ring_after_commit
from crisis.models import Case, EntryMove, MoveSide
from xinyu.access.posts import live_posts, schools_with
from xinyu.audit.entries import record, record_view
from xinyu.students.holds import HELD, goes_home, is_held
from xinyu.students.models import Student

from .case_files import VERB as CASE_VERB
from .content import open_pdf
from .gather import VERB
from .models import Report, ReportKind, ReportState

BELL = "reports.render_waiting"


class ReportGone(Exception):
    """The report is not there to be taken: not ready, cancelled, failed or expired."""


class HeldBack(Exception):
    """Nothing of this student goes home for now (4-workflow D9.5); `str()` is a sentence for the reader."""


@transaction.atomic
def request_growth_file(student: Student, *, actor, purpose: str) -> Report:
    """Leave a waiting row; a worker renders it. Raises PermissionDenied where the verb is not the actor's own."""
    if student.school_id not in schools_with(live_posts(), VERB):
        raise PermissionDenied(VERB)
    if goes_home(purpose) and is_held(student):
        raise HeldBack(HELD)
    report = Report.objects.create(student=student, kind=ReportKind.GROWTH_FILE, requested_by=actor, purpose=purpose)
    record("reports.request_growth_file", subject=report, student_id=student.pk, school_id=student.school_id)
    ring_after_commit(BELL)
    return report


@transaction.atomic
def request_case_file(case: Case, *, actor, purpose: str, is_redacted: bool) -> Report:
    """一人一案 of one case: whole, or a copy for a reader outside. Raises as `request_growth_file`."""
    if case.school_id not in schools_with(live_posts(), CASE_VERB):
        raise PermissionDenied(CASE_VERB)
    if goes_home(purpose) and is_held(case.student):
        raise HeldBack(HELD)
    kind = ReportKind.CASE_COPY if is_redacted else ReportKind.CASE_FILE
    report = Report.objects.create(
        student=case.student, case=case, kind=kind, requested_by=actor, purpose=purpose
    )  # fmt: skip
    record("reports.request_case_file", subject=report, detail={"case": case.pk, "redacted": is_redacted})
    ring_after_commit(BELL)
    return report


def _has_lost_an_entry(report: Report) -> bool:
    """Something in it was written on the wrong student and has been moved away since."""
    left = EntryMove.objects.filter(case=report.case_id, side=MoveSide.OUT, at__gt=report.requested_at)
    return report.case_id is not None and left.exists()


@transaction.atomic
def cancel_report(report: Report, *, actor) -> bool:
    """Stop a report that waits or is being rendered; False when it had ended already."""
    open_states = (ReportState.WAITING, ReportState.RUNNING)
    changed = Report.objects.filter(pk=report.pk, requested_by=actor, state__in=open_states).update(
        state=ReportState.CANCELLED, finished_at=timezone.now(), lease_until=None
    )
    if changed:
        record("reports.cancel_report", subject=report)
    return bool(changed)


@transaction.atomic
def take_pdf(report: Report, *, actor) -> bytes:
    """The PDF in the clear, once more counted and audited. Raises ReportGone; VaultError without the student's key."""
    is_over = report.expires_at is None or report.expires_at <= timezone.now()
    if report.state != ReportState.DONE or report.content is None or is_over:
        raise ReportGone
    verb = CASE_VERB if report.case_id else VERB
    if report.school_id not in schools_with(live_posts(), verb):
        raise PermissionDenied(verb)
    if _has_lost_an_entry(report):
        raise ReportGone
    if goes_home(report.purpose) and is_held(report.student):  # asked for before the hold began
        raise ReportGone
    pdf = open_pdf(report)
    Report.objects.filter(pk=report.pk).update(downloads=F("downloads") + 1)
    record("reports.download", subject=report, detail={"pages": report.pages})
    record_view([report.student], f"{report.get_kind_display()}（PDF）", purpose=report.purpose)
    return pdf
