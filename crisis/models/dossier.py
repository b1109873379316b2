"""What is typed into the sections of 一人一案, version by version, and what was moved to the right student."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.vault.models import SealedField

from .cases import AboutCase


class SectionText(AboutCase):
    """One version of one typed section (crisis/dossier.py); only added to.

    `body` is JSON {field: text}; NULL once the version was moved to the right student.
    """

    section = models.CharField("栏目", max_length=20)
    version = models.PositiveIntegerField("版本")
    #: the version that stood on the page when this one was written; 0: none yet
    base = models.PositiveIntegerField(default=0)
    body = SealedField("内容")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(null=True)

    # The school's counselors in full (4-workflow D8): whoever stands in for the owner must know the risk at once.
    seal = Seal(
        "counselor",
        by="by_id",
        systems="reports demo",
        path="case",
        may="SELECT, INSERT",
        leaves="body moved_at",
    )

    class Meta:
        ordering = ["section", "-version"]
        indexes = [models.Index(fields=["school"])]
        constraints = [models.UniqueConstraint(fields=["case", "section", "version"], name="section_version_once")]


class MoveSide(models.TextChoices):
    OUT = "out", "移出"
    IN = "in", "移入"


class EntryMove(AboutCase):
    """An entry stood in the wrong student's case: one row in each of the two files, neither names the other student."""

    side = models.CharField(max_length=4, choices=MoveSide)
    #: a kind of note or the code of a section
    what = models.CharField("条目", max_length=24)
    #: when the entry was first written
    written_at = models.DateTimeField()
    reason = SealedField("理由")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal("counselor", by="by_id", systems="reports demo", path="case", may="SELECT, INSERT")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]
