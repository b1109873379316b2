"""结对帮扶: one helper beside one student for some time; several helpers are several pairs (4-workflow D4.10)."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.students.models import Student
from xinyu.students.path import InSchool
from xinyu.vault.models import SealedField, SealedRow

from .cards import CardAnswer
from .cases import LEADERS, AboutCase


class PairEnd(models.TextChoices):
    DONE = "done", "按期结束"
    POST = "post", "帮扶人不再任职"
    CASE = "case", "个案结束"


class Pair(AboutCase):
    """A helper need not see the student's roster row: name and aim lie under a key of the pair's own."""

    helper = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="帮扶人")
    wrapped = models.BinaryField()
    who = SealedField("学生")
    aim = SealedField("帮什么")
    from_on = models.DateField("开始")
    until_on = models.DateField("至")
    #: after so many silent days the helper is reminded; taken from crisis/data/pairs-*.json of that version
    every_days = models.PositiveSmallIntegerField("最长间隔（天）")
    rule = models.CharField(max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=8, choices=PairEnd, blank=True, default="")

    seal = Seal(
        LEADERS,
        reached="id: access_helped_pairs",
        by="by_id",
        writes="counselor vice_principal principal",
        fixed="helper_id who aim from_on by_id",
        once="ended_at ended_because",
        systems="triage reminders reports demo",
        path="case",
    )

    class Meta:
        ordering = ["from_on", "id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"]), models.Index(fields=["helper"])]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "helper"], condition=models.Q(ended_at__isnull=True), name="one_live_pair_per_helper"
            )
        ]

    def vault_owner(self):
        return f"pair:{self.vault_id}", self.wrapped


class PairContactKind(models.TextChoices):
    TALK = "talk", "聊了聊"
    TOGETHER = "together", "一起做了事"
    SEEN = "seen", "见到了，留意了"


class PairContact(SealedRow, InSchool):
    """One time of being in touch, in three taps. Only added to; sealed under the pair's key."""

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="contacts")
    student = models.ForeignKey(Student, models.PROTECT, editable=False, db_default=models.Value(0), related_name="+")
    kind = models.CharField("怎么联系的", max_length=8, choices=PairContactKind)
    answer = models.CharField("情况", max_length=8, choices=CardAnswer)
    words = SealedField("看到的情况")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField("日期")
    added_at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "counselor", author="by_id", by="by_id", systems="reminders reports demo", path="pair", may="SELECT, INSERT"
    )

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["pair", "-on"]), models.Index(fields=["by"])]

    def vault_owner(self):
        return self.pair.vault_owner()
