"""What changed hands because somebody is away, has left, or passed it on; both sides can look it up later."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal


class DutyKind(models.TextChoices):
    CASE = "case", "个案责任人"
    FLAG = "flag", "访谈提示"
    PLAN = "plan", "方案措施"
    CALL = "call", "紧急访谈定级"


class HandReason(models.TextChoices):
    LEAVE = "leave", "请假"
    EXIT = "exit", "岗位结束"
    PASSED = "passed", "移交"


class DutyHandOn(models.Model):
    """One duty that went from one person to another (`to_user` null: back to the queue, anybody takes it).

    Written by the database in the transaction of the cause (xinyu/reminders/duty_functions.py), or by whoever passes
    a case on.
    """

    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=DutyKind)
    #: primary key of the case, flag, plan item or call
    subject_id = models.BigIntegerField()
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=8, choices=HandReason)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "counselor principal vice_principal",
        reader="to_user_id",
        by="by_id",
        systems="triage reminders reports demo",
        may="SELECT, INSERT",
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["school", "-at"]),
            models.Index(fields=["to_user"]),
            models.Index(fields=["kind", "subject_id"]),
        ]
