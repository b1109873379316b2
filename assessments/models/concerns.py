"""What somebody reported: the telling, which knows its reporter, and its part about each student, which does not."""

from django.conf import settings
from django.db import models

from assessments.choices import FlagLevel, FlagSource
from xinyu.access.seal import Seal
from xinyu.organisations.models import Klass
from xinyu.students.models import AboutStudent
from xinyu.students.path import InSchool
from xinyu.vault.fields import Wrapped
from xinyu.vault.models import SealedField, SealedRow

from .help import HelpDoor
from .interviews import Flag


class ConcernReport(SealedRow, InSchool):
    """One telling, by somebody who may see no roster. Words and names lie under the row's own key until the students
    are found; then they are sealed anew under each student's key (ConcernEntry) and the copy here is gone.

    The only row that names the reporter, read by the counselor and by the reporter. A flag that follows from it has no
    `raised_by`: a leader to whom it climbs does not learn who spoke.
    """

    klass = models.ForeignKey(Klass, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    source = models.CharField("来源", max_length=8, choices=FlagSource)
    level = models.CharField("紧急程度", max_length=10, choices=FlagLevel)
    #: the reporter says that a guardian or somebody at home is the source of harm (4-workflow D9.5)
    names_home = models.BooleanField("可能来自家里", default=False)
    count = models.PositiveSmallIntegerField("学生人数", default=1)
    told_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    wrapped = models.BinaryField(null=True, editable=False)
    content = SealedField("内容")
    tried_at = models.DateTimeField(null=True)
    matched_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    #: a help request: the code on the wall, and a keyed hash of the one on the reporter's paper
    door = models.ForeignKey(HelpDoor, models.PROTECT, null=True, related_name="reports")
    follow_index = models.BinaryField(null=True, unique=True, editable=False)
    #: a paper of a hospital or a call of a hotline: when it happened (the reporter lies in the sealed words)
    happened_on = models.DateField("发生日期", null=True)

    seal = Seal("counselor", author="by_id", by="by_id", systems="triage reminders demo", path="klass school")

    class Meta:
        ordering = ["-told_at"]
        indexes = [
            models.Index(fields=["school", "matched_at", "due_at"]),
            models.Index(fields=["by", "-told_at"]),
            models.Index(
                fields=["told_at"],
                condition=models.Q(matched_at__isnull=True, closed_at__isnull=True),
                name="report_open_told",
            ),
        ]

    def vault_owner(self) -> tuple[str, Wrapped]:
        return f"report:{self.vault_id}", self.wrapped


class ConcernEntry(AboutStudent, InSchool):
    """The part of a report about one student, other students' names taken out; only the counselor reads it.

    Reports about one student on one day are read as one thread (`on`). `names_home` is what crisis reads to stop the
    guardian clock (4-workflow D9.5).
    """

    report = models.ForeignKey(ConcernReport, models.PROTECT, related_name="entries")
    flag = models.ForeignKey(Flag, models.PROTECT, related_name="concerns")
    on = models.DateField("日期")
    source = models.CharField("来源", max_length=8, choices=FlagSource)
    names_home = models.BooleanField("可能来自家里", default=False)
    told_at = models.DateTimeField("反映时间")
    text = SealedField("反映的内容")

    seal = Seal("counselor", systems="triage reminders demo", path="student", may="SELECT, INSERT")

    class Meta:
        ordering = ["-told_at"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["student", "-on"])]
        constraints = [models.UniqueConstraint(fields=["report", "student"], name="concern_entry_once")]
