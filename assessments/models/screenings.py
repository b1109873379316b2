"""A screening: which scales, for which classes, when; the key of its answers; who is on duty while it runs."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from assessments.choices import ScreeningState
from assessments.codes import new_klass_code
from xinyu.access.seal import Open, Seal
from xinyu.students.path import InSchool
from xinyu.vault.models import KeyRow

from .scales import ScaleVersion

STAFF_OF_SCHOOL = "counselor principal vice_principal moral_head homeroom@school grade_head@school"
#: one student's own, private screening (a sheet that is filled in again) is the counselor's alone
LISTED_TO_STAFF = "counselor " + " ".join(f"{role}[is_listed]" for role in STAFF_OF_SCHOOL.split()[1:])


class Screening(models.Model):
    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="screenings")
    title = models.CharField("名称", max_length=60)
    state = models.CharField("状态", max_length=8, choices=ScreeningState, default=ScreeningState.DRAFT)
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("结束时间")
    #: may run without a duty person only with the principal's reason (4-workflow D9.2)
    unguarded_reason = models.CharField("无值守开放的理由", max_length=200, blank=True)
    unguarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: stopped at once by a named person with a reason: over for good, what was saved is kept and looked at
    stopped_reason = models.CharField("紧急停止的理由", max_length=200, blank=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    notice_version = models.CharField("告知书版本", max_length=40, default="2026-1")
    legal_basis = models.CharField("处理依据", max_length=20, default="consent")
    #: how long the battery takes: nobody begins later than this before the end, whoever has begun may finish
    minutes = models.PositiveSmallIntegerField("作答时长（分钟）", default=0, db_default=0)
    #: where the absent and the newly arrived make it up and fetch their slips; told to homeroom teachers
    makeup_place = models.CharField("补测地点和领码", max_length=60, blank=True, default="", db_default="")
    #: what the capacity check was made with (capacity.Pace without the backlog), {} where nobody asked
    pace = models.JSONField(default=dict, db_default={})
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    #: False: made for one student who fills in again; in no list and no count
    is_listed = models.BooleanField(default=True, editable=False)
    scales = models.ManyToManyField(ScaleVersion, through="ScreeningScale", related_name="screenings")

    seal = Seal(LISTED_TO_STAFF, systems="triage statistics reminders reports demo")

    class Meta:
        ordering = ["-opens_at", "-id"]
        indexes = [models.Index(fields=["school", "-opens_at"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(closes_at__gt=models.F("opens_at")), name="screening_forwards")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def begin_by(self) -> datetime:
        """Nobody begins later; whoever has begun may finish until `closes_at`."""
        return self.closes_at - timedelta(minutes=self.minutes)


class ScreeningScale(models.Model):
    screening = models.ForeignKey(Screening, models.PROTECT)
    version = models.ForeignKey(ScaleVersion, models.PROTECT)
    order = models.PositiveSmallIntegerField()
    #: a calm page stands between this part and the next; whoever likes stops there for the day
    pause_after = models.BooleanField("之后休息", default=False, db_default=False)

    seal = Open("which questionnaires a screening has; no student in it", keyed=True)

    class Meta:
        ordering = ["screening_id", "order"]
        constraints = [models.UniqueConstraint(fields=["screening", "version"], name="screening_scale_once")]


class ScreeningKlass(models.Model):
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="chosen")
    klass = models.ForeignKey("organisations.Klass", models.PROTECT, related_name="+")
    #: False: only the students named in ScreeningPerson, and whoever comes to the class later is not asked
    is_whole = models.BooleanField("整班", default=True, db_default=True)
    #: what stands on the blackboard; null for what was planned before there were any
    code = models.CharField(  # noqa: DJ001 - null is "none": unique
        "班级码", max_length=8, null=True, unique=True, editable=False, default=new_klass_code
    )

    seal = Open("which classes a screening is for; no student in it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screening", "klass"], name="screening_klass_once")]


class ScreeningPerson(InSchool):
    """A student who was chosen by name, beside or instead of whole classes. Why, nobody but the counselor need know."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="people")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "counselor",
        by="by_id",
        fixed="student_id by_id",
        systems="reminders statistics demo",
        path="screening",
        may="SELECT, INSERT, UPDATE, DELETE",
    )

    class Meta:
        indexes = [models.Index(fields=["school"])]
        constraints = [models.UniqueConstraint(fields=["screening", "student"], name="screening_person_once")]


class ScreeningKey(KeyRow):
    """One key per school × screening for the answers, so that a batch can be scored again."""

    screening = models.OneToOneField(Screening, models.PROTECT, related_name="key")

    seal = Open(
        "wrapped under the platform's key; the answers that it opens are sealed",
        may="SELECT, INSERT, UPDATE",
        keyed=True,
    )


class DutyCheckIn(models.Model):
    """A named person is on duty at the school: sittings with critical items are open only meanwhile."""

    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="check_ins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="check_ins")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    seal = Seal(STAFF_OF_SCHOOL, systems="triage demo")

    class Meta:
        indexes = [models.Index(fields=["school", "-until_at"])]
