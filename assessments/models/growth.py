"""一生一册: one growth file per enrolled student, and the timeline that every app writes entries into."""

from django.conf import settings
from django.db import models

from assessments.choices import EntryKind
from xinyu.access.seal import Seal
from xinyu.students.models import AboutStudent, Student
from xinyu.students.path import OnPath
from xinyu.vault.models import SealedField


class GrowthFile(OnPath):
    student = models.OneToOneField(Student, models.PROTECT, related_name="growth_file")
    opened_on = models.DateField()

    seal = Seal("counselor principal homeroom", systems="triage reports statistics demo", path="student")


class TimelineEntry(AboutStudent, OnPath):
    """`title` may be read by whoever sees the entry; what it says about an inner life is in `body`, sealed."""

    on = models.DateField("日期")
    kind = models.CharField("栏目", max_length=12, choices=EntryKind)
    title = models.CharField("标题", max_length=80)
    body = SealedField("内容")
    is_shared = models.BooleanField("班主任可见", default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    source = models.CharField("what it tells of, as 'table:id:event'; the same is written once", max_length=80)
    added_at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "counselor homeroom[is_shared]",
        author="author_id",
        systems="triage reports demo",
        sitting="source_sitting_id: INSERT",
        path="source_sitting student",
    )

    #: set when the entry is written by a sitting, which may write and not read
    source_sitting = models.ForeignKey(
        "assessments.Sitting", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["student", "-on"]),
            models.Index(fields=["school", "-on"]),
            models.Index(fields=["klass"]),
        ]
        constraints = [models.UniqueConstraint(fields=["student", "source"], name="timeline_source_once")]
