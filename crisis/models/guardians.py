"""Telling the guardian: what is owed and by when, who was told what, and how it was confirmed (4-workflow D4.8)."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.students.models import Guardian
from xinyu.vault.models import SealedField

from .cases import LEADERS, AboutCase
from .levels import LevelStatement


class ContactChannel(models.TextChoices):
    IN_PERSON = "in_person", "当面"
    PHONE = "phone", "电话"
    VIDEO = "video", "视频"
    HOME_VISIT = "home_visit", "家访"


class Stance(models.TextChoices):
    AGREES = "agrees", "理解并愿意配合"
    DOUBTS = "doubts", "有疑虑，还要商量"
    REFUSES = "refuses", "不认同"


class GuardianContact(AboutCase):
    """One attempt to tell one guardian. `is_reached` false: nobody answered, nothing is met by it. Only added to."""

    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="+", verbose_name="监护人")
    happened_at = models.DateTimeField("告知时间")
    channel = models.CharField("方式", max_length=12, choices=ContactChannel)
    is_reached = models.BooleanField("联系上了")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="告知人")
    beside = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="第二位在场老师"
    )
    about_situation = models.BooleanField("情况与需要的配合", default=False)
    advice = models.ForeignKey("crisis.MedicalAdvice", models.PROTECT, null=True, related_name="contacts")
    safety_plan = models.ForeignKey("crisis.SafetyPlan", models.PROTECT, null=True, related_name="contacts")
    content = SealedField("告知的内容")
    stance = models.CharField("监护人的态度", max_length=8, choices=Stance, blank=True, default="")
    answer = SealedField("监护人的答复")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    # a duty of the school, so whoever answers for the school reads it; talks with the student are notes
    seal = Seal(LEADERS, by="by_id", systems="reminders reports demo", path="case", may="SELECT, INSERT")

    class Meta:
        ordering = ["-happened_at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(beside__isnull=True) | ~models.Q(beside=models.F("told_by")),
                name="guardian_told_by_two_people",
            )
        ]


class ProofKind(models.TextChoices):
    DRAWN = "drawn", "屏幕上签名"
    SCAN = "scan", "纸质签字扫描件"
    REFUSED = "refused", "拒绝签字"
    ABSENT = "absent", "不在场，未能签字"


class ContactProof(AboutCase):
    """How a contact was confirmed: the file sealed under the student's key, or the witness of a refusal."""

    contact = models.ForeignKey(GuardianContact, models.PROTECT, related_name="proofs")
    kind = models.CharField("确认方式", max_length=8, choices=ProofKind)
    confirmed_at = models.DateTimeField("时间")
    channel = models.CharField("方式", max_length=12, choices=ContactChannel)
    witness = models.CharField("见证人", max_length=60, blank=True, default="")
    file = SealedField("签名或扫描件")
    mime = models.CharField(max_length=40, blank=True, default="")
    #: SHA-256 of the file as it was stored, '' without a file
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    seal = Seal(LEADERS, by="by_id", systems="reports demo", path="contact", may="SELECT, INSERT")

    class Meta:
        ordering = ["-added_at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["contact"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=("drawn", "scan")) & ~models.Q(digest="")
                | models.Q(kind__in=("refused", "absent")) & ~models.Q(witness=""),
                name="proof_has_a_file_or_a_witness",
            )
        ]


class DueCause(models.TextChoices):
    LEVEL = "level", "级别确认后告知监护人"
    ADVICE = "advice", "建议就医，立即告知监护人"


class GuardianDue(AboutCase):
    """The guardian is owed a word by `due_at`. Met by a recorded contact and by nothing else."""

    cause = models.CharField(max_length=8, choices=DueCause)
    statement = models.ForeignKey(LevelStatement, models.PROTECT, null=True, related_name="+")
    advice = models.ForeignKey("crisis.MedicalAdvice", models.PROTECT, null=True, related_name="dues")
    since_at = models.DateTimeField()
    within_minutes = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    contact = models.ForeignKey(GuardianContact, models.PROTECT, null=True, related_name="met")
    met_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(null=True)

    seal = Seal(
        LEADERS,
        fixed="cause statement_id advice_id since_at within_minutes",
        once="contact_id met_at called_off_at",
        systems="triage reminders reports demo",
        path="case",
    )

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["school", "due_at"]),
            models.Index(fields=["case"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(met_at__isnull=True, contact__isnull=True)
                | models.Q(met_at__isnull=False, contact__isnull=False),
                name="guardian_due_met_by_a_contact",
            )
        ]
