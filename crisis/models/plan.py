"""The plan of a case."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.vault.models import SealedField

from .cases import LEADERS, AboutCase


class Cause(models.TextChoices):
    BIOLOGICAL = "biological", "生理"
    PSYCHOLOGICAL = "psychological", "心理"
    SOCIAL = "social", "社会"


class PlanItem(AboutCase):
    """cause → goal → action → person → due."""

    cause = models.CharField("原因", max_length=16, choices=Cause)
    goal = SealedField("目标")
    action = SealedField("措施")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="负责人")
    due_on = models.DateField("完成期限")
    done_at = models.DateTimeField(null=True)
    #: the 研判会 whose minutes gave this task
    conference = models.ForeignKey("crisis.Conference", models.PROTECT, null=True, related_name="tasks")
    #: the case ended with this undone: nobody is asked for it any more
    called_off_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    seal = Seal(LEADERS, author="person_id", systems="reminders reports demo", path="case")

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"]), models.Index(fields=["person"])]
