"""What people add to a result: their reading of it, other informants' sheets, a soft word to the student."""

from django.conf import settings
from django.db import models

from assessments.choices import Verdict
from xinyu.access.seal import Seal
from xinyu.students.models import AboutStudent
from xinyu.students.path import InSchool
from xinyu.vault.models import SealedField

from .scales import ScaleVersion
from .sittings import Result, Sitting


class ResultReading(AboutStudent, InSchool):
    """What a counselor holds of a result after talking and looking; the newest counts, until then it is a proposal."""

    result = models.ForeignKey(Result, models.PROTECT, related_name="readings")
    verdict = models.CharField("判断", max_length=8, choices=Verdict)
    note = SealedField("依据")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal("counselor", by="by_id", systems="reports demo", path="student", may="SELECT, INSERT")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["student"])]


class InformantSheet(AboutStudent, InSchool):
    """What a guardian or a teacher answered about a student, on paper and typed in or by a code (InformantLink), scored
    by the key of that informant. `sheet` is the score sheet without answers; these are sealed."""

    version = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="+")
    scale = models.CharField(max_length=20)
    role = models.CharField("填写人", max_length=12)
    who = models.CharField("与学生的关系", max_length=30)
    filled_on = models.DateField("填写日期")
    is_complete = models.BooleanField()
    is_valid = models.BooleanField()
    total = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    band = models.CharField(max_length=60, blank=True)
    band_order = models.PositiveSmallIntegerField(null=True)
    sheet = models.JSONField("the score sheet without answers", default=dict)
    answers = SealedField("逐题作答")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal("counselor", by="by_id", systems="triage reports demo", path="student", may="SELECT, INSERT")

    class Meta:
        ordering = ["-filled_on", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["student", "-filled_on"])]


class OwnResult(AboutStudent, InSchool):
    """The counselor lets a student have a soft-worded sheet about one sitting. Off by default: no row, no word."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="own_results")
    words = SealedField("想对学生说的话")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal("counselor", by="by_id", systems="demo", path="student", may="SELECT, INSERT")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["school"])]
