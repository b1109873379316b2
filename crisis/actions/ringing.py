"""紧急 tapped on an action card or by a helper: into the interview queue in the same transaction."""

from django.db import connection, models
from django.utils import timezone

from assessments.choices import FlagLevel
from assessments.doorbell import ring_after_commit
from assessments.flag_due import flag_due_at
from xinyu.organisations.models import School
from xinyu.organisations.queries import calendar_of


def ring(kind: str, said: models.Model, school_id: int) -> int:
    """An immediate flag that names nobody, because of the row `said` of the acting person ('card' or 'pair')."""
    now = timezone.now()
    school = School.objects.select_related("county").get(pk=school_id)
    due_at = flag_due_at(FlagLevel.IMMEDIATE, now, calendar_of(school.county, on=timezone.localdate(now)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_ring(%s, %s, %s)", [kind, said.pk, due_at])
        flag_id = cursor.fetchone()[0]
    ring_after_commit("reminders.sweep")
    return flag_id
