"""The homeroom teacher's action card: what to watch, what to say, whom to call, until a day; and what comes back."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.students.models import AboutStudent, Student
from xinyu.students.path import InSchool, OnPath
from xinyu.vault.models import SealedField

from .cases import Case


class CardAnswer(models.TextChoices):
    USUAL = "usual", "一切如常"
    CHANGED = "changed", "有变化"
    URGENT = "urgent", "紧急"


class ActionCard(AboutStudent, OnPath):
    """Written by the counselor, read by the homeroom teacher while `is_live`; behaviour, no score, no level."""

    student = models.ForeignKey(Student, models.PROTECT, editable=False, db_default=models.Value(0), related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="cards")
    watch = SealedField("留意什么")
    say = SealedField("怎么说、怎么做")
    call = SealedField("找谁")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    until_on = models.DateField("有效至")
    #: false once it has ended: the class's teacher then has no such row any more
    is_live = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)
    #: the colour, only where a 研判会 allowed the homeroom teacher to see it, and until when (4-workflow D9.7)
    shown_level = models.CharField(max_length=12, blank=True, default="")
    shown_until = models.DateField(null=True)

    # the homeroom teacher reads it; its words stay as they were given, a new card takes the old one's place
    seal = Seal(
        "counselor principal vice_principal homeroom[is_live]",
        writes="counselor principal vice_principal",
        fixed="watch say call by_id at",
        once="ended_at",
        systems="triage reminders reports demo",
        path="case",
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["school"]),
            models.Index(fields=["klass"]),
            models.Index(fields=["case"]),
            models.Index(fields=["until_on"], condition=models.Q(is_live=True), name="card_live_until"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(is_live=True), name="one_live_card_per_case")
        ]


class CardFeedback(AboutStudent, InSchool):
    """One tap of the homeroom teacher, with words where she has some."""

    student = models.ForeignKey(Student, models.PROTECT, editable=False, db_default=models.Value(0), related_name="+")
    card = models.ForeignKey(ActionCard, models.PROTECT, related_name="feedback")
    answer = models.CharField("情况", max_length=8, choices=CardAnswer)
    words = SealedField("看到的情况")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "counselor", author="by_id", by="by_id", systems="reminders reports demo", path="card", may="SELECT, INSERT"
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["card"]), models.Index(fields=["by"])]


class SchoolCardTemplate(InSchool):
    """A school's own text by behaviour, or its wording of one of the platform's; the newest version of a code counts.

    The platform's own (crisis/data/action-cards-*.json) stay as they are: hiding or deleting one is a version here.
    """

    code = models.SlugField("代码", max_length=20)
    version = models.PositiveSmallIntegerField()
    title = models.CharField("行为", max_length=40)
    watch = models.TextField("留意什么", max_length=1000)
    say = models.TextField("怎么说、怎么做", max_length=1000)
    call = models.TextField("找谁、什么时候找", max_length=1000)
    is_shown = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal("counselor", by="by_id", systems="reports demo", path="school", may="SELECT, INSERT")

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["school", "code", "version"], name="card_template_version_once")]
