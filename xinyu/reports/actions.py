"""What people do with reports: ask, cancel, take away."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assessments.doorbell import ring_after_commit
from xinyu.access.posts import live_posts, schools_with
from xinyu.audit.entries import record, record_view
from xinyu.students.holds import HELD, goes_home, is_held
from xinyu.students.models import Student

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
    if report.school_id not in schools_with(live_posts(), VERB):
        raise PermissionDenied(VERB)
    if goes_home(report.purpose) and is_held(report.student):  # asked for before the hold began
        raise ReportGone
    pdf = open_pdf(report)
    Report.objects.filter(pk=report.pk).update(downloads=F("downloads") + 1)
    record("reports.download", subject=report, detail={"pages": report.pages})
    record_view([report.student], "一生一册（PDF）", purpose=report.purpose)
    return pdf
