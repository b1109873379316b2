"""Doorbell and sweep of reports: no arguments, the rows say what there is to do."""

from celery import shared_task

from . import jobs


@shared_task(name="reports.render_waiting")
def render_waiting() -> int:
    """Render every row that waits; how many were made."""
    made = 0
    while (report := jobs.take_next()) is not None:
        made += jobs.render_report(report)
    return made


@shared_task(name="reports.expire_reports")
def expire_reports() -> int:
    return jobs.expire_reports()
