"""Sweeps of this app: they look for rows and call one action."""

from celery import shared_task
from django.utils import timezone

from assessments.actions.climbing import TRIAGE, climb_flags
from assessments.actions.closing import close_overdue_sittings, flag_idle_sittings
from assessments.actions.concerns import match_reports
from assessments.actions.growth import open_missing_growth_files
from xinyu.access.actor import acting_as


@shared_task(name="assessments.climb_flags")
def climb_flags_task() -> int:
    """Unread and overdue flags move up inside the school."""
    return climb_flags()


@shared_task(name="assessments.match_reports")
def match_reports_task() -> int:
    """What was told about students by name, to those students."""
    return match_reports()


@shared_task(name="assessments.open_growth_files")
def open_growth_files_task() -> int:
    """Growth files for students who came in by an import or one by one."""
    with acting_as(TRIAGE):
        return open_missing_growth_files()


@shared_task(name="assessments.close_overdue_sittings")
def close_overdue_sittings_task() -> int:
    """Begun sittings of ended screenings are scored as incomplete; those left open are checked for what cannot wait."""
    now = timezone.now()
    return close_overdue_sittings(now) + flag_idle_sittings(now)
