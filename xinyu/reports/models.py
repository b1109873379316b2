"""A report that somebody asked for: rendered by a worker, kept sealed, gone when it expires."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.students.models import AboutStudent
from xinyu.students.path import InSchool


class ReportKind(models.TextChoices):
    GROWTH_FILE = "growth_file", "一生一册"
    CASE_FILE = "case_file", "一人一案（校内完整件）"
    CASE_COPY = "case_copy", "一人一案（对外副本）"


class ReportState(models.TextChoices):
    WAITING = "waiting", "排队中"
    RUNNING = "running", "生成中"
    DONE = "done", "已生成"
    FAILED = "failed", "未能生成"
    CANCELLED = "cancelled", "已取消"
    EXPIRED = "expired", "已过期"


class Report(AboutStudent, InSchool):
    #: for 一人一案: which of the student's cases
    case = models.ForeignKey("crisis.Case", models.PROTECT, null=True, related_name="+")
    kind = models.CharField("报告", max_length=16, choices=ReportKind)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports")
    requested_at = models.DateTimeField(auto_now_add=True)
    purpose = models.CharField("用途", max_length=100)
    state = models.CharField("状态", max_length=10, choices=ReportState, default=ReportState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField("未能生成的原因", max_length=100, blank=True, default="")
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    downloads = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(null=True)
    #: the PDF, sealed under the student's key
    content = models.BinaryField(null=True)

    seal = Seal(author="requested_by_id", systems="reports demo", path="student")

    class Meta:
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["requested_by", "-requested_at"]), models.Index(fields=["state"])]
