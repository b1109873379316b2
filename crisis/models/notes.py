"""What happened in a case: notes, only added to."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.vault.models import SealedField

from .cases import AboutCase


class NoteKind(models.TextChoices):
    MOVE = "move", "状态变更"
    TALK = "talk", "谈话"
    GUARDIAN = "guardian", "监护人告知"
    HOME_VISIT = "home_visit", "家访"
    CONTACT = "contact", "帮扶联系"
    MEDICAL = "medical", "就医信息(由监护人或医疗机构提供)"
    CORRECTION = "correction", "更正"


class CaseNote(AboutCase):
    """What happened, when, by whom. Only added to; a correction is a note of its own."""

    kind = models.CharField("类别", max_length=12, choices=NoteKind)
    happened_at = models.DateTimeField("发生时间")
    body = SealedField("内容")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    #: the note was about somebody else and has gone to that student's case, body and all
    moved_at = models.DateTimeField(null=True)

    # The author, the owner of the case and whom the owner named (safety.md); the principal reads level and plan, no
    # notes (4-workflow D8), another counselor neither. A case that changes its owner takes its notes along.
    seal = Seal(
        author="by_id",
        reached="case_id: access_kept_cases",
        systems="reports demo",
        path="case",
        may="SELECT, INSERT",
        leaves="body moved_at",
    )

    class Meta:
        ordering = ["-happened_at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]
