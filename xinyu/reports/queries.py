"""A person's own reports as the progress component shows them."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from xinyu.ui.frame import Progress
from xinyu.ui.wording import moment

from .models import Report, ReportState

SHOWN = 40
#: how the component sees each state
LOOK = {
    ReportState.WAITING: "running",
    ReportState.RUNNING: "running",
    ReportState.DONE: "done",
    ReportState.EXPIRED: "done",
    ReportState.FAILED: "failed",
    ReportState.CANCELLED: "cancelled",
}


def own_reports() -> QuerySet[Report]:
    """Newest first, of students who are still in sight; never with the content."""
    return Report.objects.select_related("student__klass__grade").defer("content")


def progress_of(report: Report) -> Progress:
    is_there = report.state == ReportState.DONE and report.expires_at and report.expires_at > timezone.now()
    return Progress(
        title=f"{report.student.name} · {report.get_kind_display()}",
        state=LOOK[ReportState(report.state)],
        percent=report.progress if report.state == ReportState.RUNNING else None,
        detail=_detail(report, bool(is_there)),
        poll_url=reverse("reports:progress", args=[report.pk]),
        cancel_url=reverse("reports:cancel", args=[report.pk]),
        result_url=reverse("reports:download", args=[report.pk]) if is_there else "",
        result_label=f"下载 PDF（{report.pages} 页）",
    )


def _detail(report: Report, is_there: bool) -> str:
    klass = report.student.klass.name_on(timezone.localdate())
    words = [klass, f"用途：{report.purpose}", f"{moment(timezone.localtime(report.requested_at))}申请"]
    if is_there and report.expires_at:
        words.append(f"{moment(timezone.localtime(report.expires_at))}前可下载，已下载 {report.downloads} 次")
    elif report.state in (ReportState.DONE, ReportState.EXPIRED):
        words.append("已到期删除，需要时请重新申请")
    elif report.failure:
        words.append(report.failure)
    return " · ".join(words)
