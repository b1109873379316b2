"""One case per student and episode, its history, and what every row of a case has in common."""

import pghistory
from django.conf import settings
from django.db import models

from assessments.models import Interview
from xinyu.access.seal import Seal
from xinyu.students.models import AboutStudent, Student
from xinyu.students.path import InSchool, OnPath

#: who may read level and plan of a case of the school
LEADERS = "counselor principal vice_principal"


class Case(OnPath):
    """One per person and episode. `state` moves by crisis/workflow.py; `level` is the latest confirmed statement."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="cases")
    code = models.CharField("编号", max_length=24)
    state = models.CharField("状态", max_length=20, default="open")
    level = models.CharField("级别", max_length=12)
    #: scheme and version of the latest statement, as "colours/2026.1"; its words stay when the county changes over
    scheme = models.CharField("级别方案", max_length=32, default="colours/2026.1")
    level_until = models.DateField("级别有效至")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases", verbose_name="责任人")
    interview = models.OneToOneField(Interview, models.PROTECT, null=True, related_name="case")
    opened_at = models.DateTimeField("建档时间", auto_now_add=True)
    closed_at = models.DateTimeField("结案时间", null=True)
    version = models.PositiveIntegerField(default=1)

    seal = Seal(LEADERS, systems="triage reminders statistics reports demo", path="student")

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["school", "state"]), models.Index(fields=["student"])]
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="case_code_once_in_school"),
            models.UniqueConstraint(
                fields=["student"], condition=models.Q(closed_at__isnull=True), name="one_open_case_per_student"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CaseHistory(pghistory.create_event_model(Case, pghistory.InsertEvent(), pghistory.UpdateEvent())):  # type: ignore[misc]
    seal = Seal(LEADERS, systems="triage reminders statistics reports demo", may="SELECT, INSERT")


class AboutCase(AboutStudent, InSchool):
    """A row of a case; student and school come from the case."""

    student = models.ForeignKey(Student, models.PROTECT, editable=False, db_default=models.Value(0), related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True
