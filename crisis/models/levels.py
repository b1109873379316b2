"""Dated statements of a level, and the request for a lower one."""

from django.conf import settings
from django.db import models

from assessments.models import Interview
from xinyu.access.seal import Seal
from xinyu.vault.models import SealedField

from .cases import LEADERS, AboutCase
from .requests import TwoPersonRequest, two_people


class LevelStatement(AboutCase):
    """A level is a dated statement by a named person with a reason and an end."""

    level = models.CharField("级别", max_length=12)
    scheme = models.CharField("级别方案", max_length=32, default="colours/2026.1")
    reason = SealedField("理由")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    until_on = models.DateField("有效至")
    #: the talk that this statement answers; a talk is answered once
    interview = models.OneToOneField(Interview, models.PROTECT, null=True, related_name="level_statement")

    # a lowering is stated by whoever asked and signed by whoever decided: two hands, so no `by`
    seal = Seal(LEADERS, systems="triage reports demo", path="case", may="SELECT, INSERT")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]


class LoweringRequest(TwoPersonRequest):
    """A lower level as a 研判会 decided it (4-workflow D9.8); with the second signature it becomes a statement."""

    level = models.CharField("拟降至", max_length=12)
    until_on = models.DateField("有效至")
    team_met_on = models.DateField("研判会日期")

    seal = Seal(
        LEADERS,
        by="by_id",
        fixed="by_id at level until_on team_met_on reason",
        once="decided_at is_accepted",
        own="decided_by_id: decided_by_id",
        systems="reminders reports demo",
        path="case",
    )

    class Meta:
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]
        constraints = two_people("lowering")
