"""Rendering as a job: take a row under a lease, render as the person who asked, keep it sealed. One row, many steps,
each step its own transaction, so that progress shows and a cancel is heard between them.
"""

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.ui.printing import to_pdf

from . import gather, render
from .case_files import case_file
from .content import seal_pdf
from .models import Report, ReportKind, ReportState
from .shapes import CaseFile, GrowthFile

log = logging.getLogger("xinyu.reports")
REPORTS = "system:reports"
LEASE = timedelta(minutes=3)
KEPT_FOR = timedelta(hours=24)
MOST_ATTEMPTS = 2
NOT_YOURS = "您的岗位已不能查看这名学生，没有生成。"
BROKEN = "生成时出错，已自动重试一次。请稍后重新申请；仍不行请联系系统管理员。"


class Cancelled(Exception):
    """Whoever asked has cancelled meanwhile."""


def take_next() -> Report | None:
    """The oldest row that waits or whose lease ran out, now ours; another worker's rows are skipped."""
    now = timezone.now()
    free = Q(state=ReportState.WAITING) | Q(state=ReportState.RUNNING, lease_until__lt=now)
    with acting_as(REPORTS):
        report = (
            Report.objects.select_for_update(skip_locked=True)
            .filter(free)
            .defer("content")
            .order_by("requested_at", "pk")
            .first()
        )
        if report is None:
            return None
        report.state, report.lease_until, report.progress = ReportState.RUNNING, now + LEASE, 5
        report.attempts += 1
        report.save(update_fields=["state", "lease_until", "progress", "attempts"])
    return report


def render_report(report: Report) -> bool:
    """Whether the report is there now. Never raises for one report's trouble: the row says what happened."""
    if report.attempts > MOST_ATTEMPTS:  # two workers died over it
        return _fail(report, BROKEN)
    try:
        pdf, pages = _render(report)
        _keep(report, pdf, pages)
    except Cancelled:
        return False
    except gather.OutOfSight:
        return _fail(report, NOT_YOURS)
    except Exception as error:  # noqa: BLE001 - the row is the message; the log must not hold a student's words
        log.error("report %s: attempt %s ended with %s", report.pk, report.attempts, type(error).__name__)
        return _fail(report, BROKEN) if report.attempts >= MOST_ATTEMPTS else _give_back(report)
    return True


def _render(report: Report) -> tuple[bytes, int]:
    with acting_as(report.requested_by):
        shape = _gather(report)
    _advance(report, 30)
    html = render.case_file(shape) if isinstance(shape, CaseFile) else render.growth_file(shape)
    _advance(report, 45)
    pdf, pages = to_pdf(html)
    _advance(report, 90)
    return pdf, pages


def _gather(report: Report) -> GrowthFile | CaseFile:
    reader, purpose, at = report.requested_by, report.purpose, timezone.now()
    if report.case_id is None:
        return gather.growth_file(report.student_id, reader=reader, purpose=purpose, at=at)
    is_redacted = report.kind == ReportKind.CASE_COPY
    return case_file(report.case_id, reader=reader, purpose=purpose, at=at, is_redacted=is_redacted)


def _advance(report: Report, progress: int) -> None:
    with acting_as(REPORTS):
        _change(report, progress=progress, lease_until=timezone.now() + LEASE)


def _change(report: Report, **values) -> None:
    """Only while the row is ours and running. Raises Cancelled."""
    ours = Report.objects.filter(pk=report.pk, state=ReportState.RUNNING, attempts=report.attempts)
    if not ours.update(**values):
        raise Cancelled


def _keep(report: Report, pdf: bytes, pages: int) -> None:
    now = timezone.now()
    with acting_as(REPORTS):
        _change(
            report, content=seal_pdf(report, pdf), pages=pages, progress=100, state=ReportState.DONE,
            finished_at=now, expires_at=now + KEPT_FOR, lease_until=None,
        )  # fmt: skip
        record("reports.rendered", subject=report, detail={"pages": pages, "bytes": len(pdf)})


def _end(report: Report, **values) -> None:
    try:
        with acting_as(REPORTS):
            _change(report, lease_until=None, **values)
    except Cancelled:
        log.info("report %s was cancelled meanwhile", report.pk)


def _fail(report: Report, words: str) -> bool:
    _end(report, state=ReportState.FAILED, failure=words, finished_at=timezone.now())
    return False


def _give_back(report: Report) -> bool:
    _end(report, state=ReportState.WAITING, progress=0)
    return False


def expire_reports() -> int:
    """Empty what has been kept long enough; how many."""
    with acting_as(REPORTS):
        over = Report.objects.filter(state=ReportState.DONE, expires_at__lte=timezone.now()).defer("content")
        rows = list(over.select_for_update(skip_locked=True))
        Report.objects.filter(pk__in=[row.pk for row in rows]).update(state=ReportState.EXPIRED, content=None)
        for row in rows:
            record("reports.expired", subject=row)
    return len(rows)
