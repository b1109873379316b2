"""建议就医: advised, told, answered; what the hospital says exists here only as the hospital's own paper (D9.14)."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.vault.models import SealedField

from .cases import LEADERS, AboutCase


class MedicalAdvice(AboutCase):
    """The school advises going to a medical institution (精神卫生法 §23). It says what was seen, never what it is."""

    advised_at = models.DateTimeField("建议时间")
    reason = SealedField("看到、听到的情况")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    seal = Seal(LEADERS, by="by_id", systems="reminders reports demo", path="case", may="SELECT, INSERT")

    class Meta:
        ordering = ["-advised_at", "-id"]
        indexes = [models.Index(fields=["school", "-advised_at"]), models.Index(fields=["case"])]


class Answer(models.TextChoices):
    SEEN = "seen", "已就医"
    CONSIDERING = "considering", "考虑中"
    REFUSED = "refused", "拒绝"


class AdviceAnswer(AboutCase):
    """What the guardian has answered to the advice on a day; the newest one counts. Only added to."""

    advice = models.ForeignKey(MedicalAdvice, models.PROTECT, related_name="answers")
    answer = models.CharField("答复", max_length=12, choices=Answer)
    on = models.DateField("日期")
    hospital = models.CharField("医疗机构", max_length=80, blank=True, default="")
    words = SealedField("说明")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    seal = Seal(LEADERS, by="by_id", systems="reminders reports demo", path="advice", may="SELECT, INSERT")

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["advice"])]


class AdviceDocument(AboutCase):
    """A paper on the file as it came, and by whom it was brought; sealed under the student's key. Only the counselor
    opens it. Most answer an advice; what a hospital sent by itself, or another institution, stands without one.

    `is_medical`: a medical institution has written it, so it counts as its opinion.
    """

    advice = models.ForeignKey(MedicalAdvice, models.PROTECT, null=True, related_name="documents")
    is_medical = models.BooleanField("由医疗机构出具", default=True)
    title = models.CharField("文件名称", max_length=60)
    hospital = models.CharField("出具单位", max_length=80)
    brought_by = models.CharField("由谁带来", max_length=60)
    received_on = models.DateField("收到日期")
    file = SealedField("文件")
    mime = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    seal = Seal("counselor", by="by_id", systems="reports demo", path="case", may="SELECT, INSERT")

    class Meta:
        ordering = ["-received_on", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["advice"])]
