"""Flags put a student into the interview queue; an interview answers flags with an outcome."""

from django.conf import settings
from django.db import models

from assessments.choices import FlagLevel, FlagSource, Outcome
from xinyu.access.seal import Seal
from xinyu.students.models import AboutStudent, Student
from xinyu.students.path import InSchool, OnPath
from xinyu.vault.models import SealedField

from .sittings import Sitting


class Interview(AboutStudent, InSchool):
    """A talk with a student by a named person. The outcome 'case' is a row that the crisis app sweeps."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="interviews")
    at = models.DateTimeField("访谈时间")
    outcome = models.CharField("结果", max_length=12, choices=Outcome)
    summary = SealedField("访谈要点")
    #: answers of the form and of ASQ or C-SSRS, as JSON with the questions as they were asked
    answers = SealedField("问答")
    #: a screener asked by a person says: not alone, and now (screeners.py)
    is_acute = models.BooleanField("不可独处", default=False)
    watch_until = models.DateField("留意至", null=True, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    seal = Seal("counselor", author="by_id", by="by_id", systems="triage reports demo", path="student")

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["school", "-at"]),
            models.Index(fields=["student", "-at"]),
            models.Index(fields=["added_at"], condition=models.Q(is_acute=True), name="interview_acute_added"),
        ]


class Flag(OnPath):
    """Handled when an interview is attached. `due_at` is set with the flag, in the transaction of its cause."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="flags", db_default=models.Value(0))
    sitting = models.ForeignKey(Sitting, models.PROTECT, null=True, related_name="flags")
    level = models.CharField("紧急程度", max_length=10, choices=FlagLevel)
    source = models.CharField("来源", max_length=8, choices=FlagSource)
    scale = models.CharField(max_length=20, blank=True, default="")
    item = models.PositiveSmallIntegerField(null=True)
    raised_at = models.DateTimeField(auto_now_add=True)
    #: rows from before only: a flag does not say who spoke, the concern or the action card behind it does
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    #: who looks after this flag; nobody else starts a talk without taking it over
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    climbed_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)
    interview = models.ForeignKey(Interview, models.PROTECT, null=True, related_name="flags")

    seal = Seal(
        "counselor",
        author="climbed_to_id",
        sitting="sitting_id: INSERT",
        systems="triage reminders statistics demo",
        path="sitting student",
    )

    class Meta:
        indexes = [
            models.Index(fields=["school", "handled_at", "due_at"]),
            models.Index(fields=["student"]),
            models.Index(fields=["raised_by"]),
            models.Index(fields=["climbed_to"]),
            models.Index(fields=["due_at"], condition=models.Q(handled_at__isnull=True), name="flag_open_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handled_at__isnull=True) | models.Q(interview__isnull=False),
                name="flag_handled_by_an_interview",
            )
        ]
