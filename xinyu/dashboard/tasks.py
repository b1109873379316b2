"""Counting in the background, as system:statistics."""

from celery import shared_task
from django.utils import timezone

from xinyu.access.actor import acting_as
from xinyu.dashboard.counting import count_dirty, recount_everything
from xinyu.dashboard.publishing import publish_totals
from xinyu.dashboard.screening_reports import publish_reports

STATISTICS = "system:statistics"


@shared_task(name="dashboard.count_coverage")
def count_coverage() -> int:
    """Screenings counted again because something changed."""
    with acting_as(STATISTICS):
        return count_dirty()


@shared_task(name="dashboard.recount_coverage")
def recount_coverage() -> int:
    """Nightly: rows that a count from zero had to put right."""
    with acting_as(STATISTICS):
        return recount_everything().differing


@shared_task(name="dashboard.publish_reports")
def publish_screening_reports() -> int:
    """Nightly: screenings that are over and whose report for the school's leaders was published."""
    with acting_as(STATISTICS):
        return publish_reports(timezone.now())


@shared_task(name="dashboard.publish_totals")
def publish() -> int:
    """Nightly: cities for which a version of the suppressed total was published."""
    with acting_as(STATISTICS):
        return publish_totals(timezone.localdate())
