"""One student's sitting of one screening: progress, saved answers, results. Split by who may read what."""

from django.conf import settings
from django.db import models

from assessments.choices import SittingState, WordKind
from xinyu.access.seal import Seal
from xinyu.students.models import Student
from xinyu.students.path import InSchool, OnPath

from .scales import ScaleVersion
from .screenings import Screening


class Sitting(OnPath):
    """Progress only: what a supervising teacher may see. The one-sitting code is kept as an HMAC."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="sittings")
    student = models.ForeignKey(Student, models.PROTECT, related_name="sittings")
    state = models.CharField("进度", max_length=8, choices=SittingState, default=SittingState.INVITED)
    code_index = models.BinaryField(max_length=16, editable=False)
    code_sealed = models.BinaryField(editable=False, null=True)
    #: what scoring and the confirmation page need, as of the invitation: a sitting may not read the student's row
    label = models.CharField("masked name and tail of the number", max_length=40, blank=True, default="")
    sex = models.CharField(max_length=1, blank=True, default="")
    birth_on = models.DateField(null=True)
    grade_number = models.PositiveSmallIntegerField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    #: "enough for today" at a pause: begun, may go on; what was saved is looked at without waiting
    left_at = models.DateTimeField(null=True, editable=False)
    #: idempotency of the submit: the client's key, and the receipt that the same key gets again
    submit_key = models.UUIDField(null=True, unique=True, editable=False)
    receipt = models.CharField(max_length=16, blank=True, default="")
    #: as its screening's: a private one is seen by the counselor alone
    is_listed = models.BooleanField(default=True, editable=False)

    seal = Seal(
        "counselor principal[is_listed] homeroom[is_listed] grade_head[is_listed]",
        sitting="id: SELECT, UPDATE",
        systems="triage statistics reminders reports demo",
        path="student",
    )

    class Meta:
        indexes = [
            models.Index(fields=["school", "screening", "state"]),
            models.Index(fields=["klass", "screening"]),
            models.Index(fields=["student"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["screening", "student"], name="sitting_once"),
            models.UniqueConstraint(fields=["code_index"], name="sitting_code_once"),
        ]


class SavedAnswers(InSchool):
    """What has been typed so far, sealed under the screening's key: one value for all scales, with a revision."""

    sitting = models.OneToOneField(Sitting, models.PROTECT, related_name="saved")
    revision = models.PositiveIntegerField(default=0)
    answers = models.BinaryField()
    saved_at = models.DateTimeField(auto_now=True)

    seal = Seal("counselor", sitting="sitting_id: SELECT, INSERT, UPDATE", systems="triage demo", path="sitting")

    class Meta:
        indexes = [models.Index(fields=["school"])]


class SittingWord(InSchool):
    """What only the counselor learns of a sitting: declined, wants to talk, no consent."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="words")
    student = models.ForeignKey(Student, models.PROTECT, editable=False, db_default=models.Value(0), related_name="+")
    kind = models.CharField(max_length=12, choices=WordKind)
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "counselor",
        sitting="sitting_id: SELECT, INSERT",
        systems="triage statistics reminders demo",
        path="sitting",
        may="SELECT, INSERT",
    )

    class Meta:
        indexes = [models.Index(fields=["school", "kind"])]
        constraints = [models.UniqueConstraint(fields=["sitting", "kind"], name="sitting_word_once")]


class Result(InSchool):
    """Scores of one scale of one sitting, with the facts as of then. A screening signal, never a diagnosis."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="results")
    student = models.ForeignKey(
        Student, models.PROTECT, editable=False, db_default=models.Value(0), related_name="results"
    )
    screening = models.ForeignKey(
        Screening, models.PROTECT, editable=False, db_default=models.Value(0), related_name="results"
    )
    version = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="results")
    scale = models.CharField(max_length=20)
    is_complete = models.BooleanField()
    is_valid = models.BooleanField()
    total = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    band = models.CharField(max_length=60, blank=True)
    band_order = models.PositiveSmallIntegerField(null=True)
    sheet = models.JSONField("the score sheet without answers", default=dict)
    sex = models.CharField(max_length=1, blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    grade_number = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "counselor",
        sitting="sitting_id: INSERT",
        systems="triage statistics reports demo",
        path="sitting",
        may="SELECT, INSERT",
    )

    class Meta:
        indexes = [models.Index(fields=["school", "screening"]), models.Index(fields=["student", "-at"])]
        constraints = [models.UniqueConstraint(fields=["sitting", "version"], name="result_once")]


class Retest(InSchool):
    """A sheet that is not interpreted, and the private sitting in which its student fills in the scale again."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="retests")
    scale = models.CharField(max_length=20)
    again = models.OneToOneField(Sitting, models.PROTECT, related_name="retest_of")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal("counselor", by="by_id", systems="demo", path="sitting", may="SELECT, INSERT")

    class Meta:
        indexes = [models.Index(fields=["school"])]


class CoverageTicket(InSchool):
    """'The coverage of this screening changed': written with the cause, eaten by the counting job."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, null=True, related_name="+")
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "counselor moral_head vice_principal principal",
        sitting="sitting_id: INSERT",
        systems="statistics triage reminders demo",
        path="sitting screening",
        may="SELECT, INSERT, UPDATE, DELETE",
    )
