"""Who was asked to see to an acute talk while nobody has confirmed its level."""

from django.conf import settings
from django.db import models

from assessments.models import Interview
from xinyu.access.seal import Seal
from xinyu.students.models import AboutStudent
from xinyu.students.path import InSchool


class AcuteCall(AboutStudent, InSchool):
    """One person who is told of one talk, by crisis/acute.py; over with the level that somebody confirms.

    A leader sees the rows addressed to him, the student in them and not one word of the talk.
    """

    interview = models.ForeignKey(Interview, models.PROTECT, related_name="acute_calls")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rung = models.CharField("梯级", max_length=16)
    held_at = models.DateTimeField("访谈登记时间")
    due_at = models.DateTimeField("应在此前定级")
    called_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField("知悉时间", null=True)
    ended_at = models.DateTimeField(null=True)

    seal = Seal("counselor", author="person_id", systems="triage reminders reports demo", path="student")

    class Meta:
        ordering = ["held_at", "due_at", "id"]
        indexes = [
            models.Index(fields=["school", "ended_at"]),
            models.Index(fields=["student"]),
            models.Index(fields=["person"], condition=models.Q(ended_at__isnull=True), name="acute_open_person"),
        ]
        constraints = [models.UniqueConstraint(fields=["interview", "person"], name="acute_called_once")]
