"""A screening in waves: which classes from which day, and when each was let in."""

from django.db import models

from xinyu.access.seal import Seal
from xinyu.students.path import InSchool

from .screenings import STAFF_OF_SCHOOL, Screening


class ScreeningWave(InSchool):
    """Students of a wave are invited when it is let in, by the sweep or by hand; before that they have no code."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="waves")
    number = models.PositiveSmallIntegerField("批次")
    starts_on = models.DateField("开始日期")
    is_makeup = models.BooleanField("补测", default=False)
    #: ids of its classes; a class of the screening in no wave is invited from the start
    klass_ids = models.JSONField(default=list)
    students = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField("预计面谈", default=0)
    released_at = models.DateTimeField("放行时间", null=True)
    #: since when it waits because too many talks are open
    held_since = models.DateTimeField(null=True)

    seal = Seal(
        STAFF_OF_SCHOOL,
        writes="counselor",
        systems="triage reminders reports demo",
        path="screening",
        may="SELECT, INSERT, UPDATE, DELETE",
    )

    class Meta:
        ordering = ["screening_id", "number"]
        indexes = [models.Index(fields=["school"])]
        constraints = [models.UniqueConstraint(fields=["screening", "number"], name="wave_number_once")]
