"""Scales are data with a version, a source and a licence; a version is frozen once it has been used."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Open


class ScaleVersion(models.Model):
    code = models.CharField("量表", max_length=20)
    version = models.CharField("版本", max_length=20)
    title = models.CharField("名称", max_length=60)
    definition = models.JSONField()
    digest = models.CharField("SHA-256 of the canonical JSON", max_length=64, unique=True)
    source = models.CharField("来源", max_length=200)
    licence = models.CharField("许可", max_length=200)
    text_status = models.CharField("文本状态", max_length=20)
    frozen_at = models.DateTimeField(null=True)

    seal = Open("questionnaires, nobody's answers", may="SELECT, INSERT, UPDATE", keyed=True)

    class Meta:
        ordering = ["code", "version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="scale_version_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class ScaleApproval(models.Model):
    """A named person of the bureau has compared the text with the official form, or replaced it, and stands for it."""

    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="+")
    version = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="approvals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    note = models.CharField("比对说明", max_length=200)

    seal = Open("who approved which questionnaire", may="SELECT, INSERT")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "version"], name="scale_approved_once")]


class TextBinding(models.Model):
    """Whose words a version has: who is entitled to them, by which document, and who bound them to the key.

    `licence_number` and `licence_until` are filled where the owner forbids electronic use without a licence.
    """

    version = models.OneToOneField(ScaleVersion, models.PROTECT, related_name="binding")
    base = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="+")
    entitled = models.CharField("有权使用的单位", max_length=80)
    document = models.CharField("依据的文件或出处", max_length=200)
    licence_number = models.CharField("许可编号", max_length=80, blank=True, default="")
    licence_until = models.DateField("许可有效期至", null=True)
    confirmed = models.JSONField("critical items confirmed by eye: their numbers", default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Open("where the words of a questionnaire come from; no student in it", may="SELECT, INSERT")


class ScaleRevision(models.Model):
    """A version whose cut-offs or norms the bureau has set: what it was made from, why, by whom.

    `county` None: by the city, for all its counties. A county's own is offered to that county alone. In force for a
    county once approved there; from then on it takes the place of `base` in new screenings.
    """

    version = models.OneToOneField(ScaleVersion, models.PROTECT, related_name="revision")
    base = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="revised")
    county = models.ForeignKey("organisations.County", models.PROTECT, null=True, related_name="+")
    reason = models.CharField("依据与理由", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    seal = Open("which cut-offs a bureau set and why; no student in it", may="SELECT, INSERT, UPDATE")


class ScreenerText(models.Model):
    """The words of a screener that a person asks, as its owner prints them, bound by a county. The newest counts."""

    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="screener_texts")
    code = models.CharField(max_length=12)
    version = models.CharField(max_length=12)
    #: [[number of the question, words], …]
    words = models.JSONField(default=list)
    document = models.CharField("依据的文件或出处", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Open("words of a published form; no student in them", may="SELECT, INSERT")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["county", "code", "version"], name="screener_text_once")]
