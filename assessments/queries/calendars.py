"""The school calendar of a school: its county's, by the school's id."""

from datetime import date

from django.utils import timezone

from xinyu.organisations.calendar import SchoolCalendar
from xinyu.organisations.models import County
from xinyu.organisations.queries import calendar_of


def calendar_of_school(school_id: int, around: date | None = None) -> SchoolCalendar:
    """Terms and exceptional days of the county; the school years around `around` (default today) are never empty."""
    return calendar_of(County.objects.get(schools=school_id), on=around or timezone.localdate())
