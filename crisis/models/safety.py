"""The safety plan: written with the student, in the student's words; a new version never overwrites (D9.9)."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.vault.models import SealedField

from .cases import LEADERS, AboutCase


class SafetyPlan(AboutCase):
    version = models.PositiveSmallIntegerField("第几版")
    written_on = models.DateField("写下的日期")
    #: the six steps (crisis/safety_steps.py) as JSON
    words = SealedField("安全计划")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    seal = Seal(LEADERS, by="by_id", systems="reports demo", path="case", may="SELECT, INSERT")

    class Meta:
        ordering = ["-version"]
        indexes = [models.Index(fields=["school"])]
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="safety_plan_version_once")]
