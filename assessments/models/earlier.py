"""Results of earlier platforms, as they were delivered: never mixed with our own scoring, never a flag."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.organisations.models import School
from xinyu.students.models import AboutStudent
from xinyu.students.path import InSchool
from xinyu.vault.models import SealedField


class EarlierBatch(models.Model):
    """One imported file; taken back as a whole when it was the wrong one."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    platform = models.CharField("来源平台", max_length=60)
    document = models.CharField("文件名", max_length=120)
    rows = models.PositiveIntegerField("条数")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    seal = Seal("counselor", by="by_id", systems="demo", fixed="school_id platform document rows by_id",
                once="withdrawn_at")  # fmt: skip

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["school", "-at"])]


class EarlierResult(AboutStudent, InSchool):
    """One line of such a file about one student. What the other platform called it is sealed: often a label."""

    batch = models.ForeignKey(EarlierBatch, models.PROTECT, related_name="results")
    on = models.DateField("测评日期")
    scale = models.CharField("量表名称", max_length=60)
    score = models.CharField("得分", max_length=20, blank=True)
    said = SealedField("原平台的说法")

    seal = Seal("counselor", systems="reports demo", path="student", may="SELECT, INSERT")

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["student", "-on"])]
