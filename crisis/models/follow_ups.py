"""Follow-ups of a case: the next one is made when one is held (4-workflow D4.14)."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal

from .cases import LEADERS, AboutCase


class FollowUp(AboutCase):
    """`step` of the series of `level`, begun on `began_on`; what was found is a note of the case, not here."""

    level = models.CharField("级别", max_length=12)
    series = models.CharField("随访安排版本", max_length=12)
    began_on = models.DateField("起算日")
    step = models.PositiveSmallIntegerField("第几次")
    due_on = models.DateField("应随访日")
    held_at = models.DateTimeField("随访时间", null=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    called_off_at = models.DateTimeField(null=True)

    seal = Seal(LEADERS, systems="reminders reports demo", path="case")

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["school", "due_on"]), models.Index(fields=["case"])]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(held_at__isnull=True, called_off_at__isnull=True),
                name="one_open_follow_up_per_case",
            )
        ]
