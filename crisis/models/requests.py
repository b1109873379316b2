"""What one person asks for and another decides: closing a case."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.vault.models import SealedField

from .cases import LEADERS, AboutCase


class TwoPersonRequest(AboutCase):
    """Asked by one person, decided by another; withdrawn when `decided_at` is set without `decided_by`."""

    reason = SealedField("理由")
    #: a paper of a medical institution was on the file when the request was made (the second person reads no notes)
    has_medical_opinion = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(null=True)

    class Meta:
        abstract = True


def two_people(name: str) -> list[models.BaseConstraint]:
    """Never the same person twice, and one request of a kind at a time."""
    return [
        models.CheckConstraint(
            condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("by")),
            name=f"{name}_decided_by_another",
        ),
        models.UniqueConstraint(
            fields=["case"], condition=models.Q(decided_at__isnull=True), name=f"one_{name}_under_way"
        ),
    ]


class ClosingKind(models.TextChoices):
    CLOSED = "closed", "结案"
    UNCONFIRMED = "unconfirmed", "未证实"


class ClosingRequest(TwoPersonRequest):
    kind = models.CharField(max_length=12, choices=ClosingKind)

    seal = Seal(
        f"{LEADERS} moral_head",
        by="by_id",
        fixed="by_id at kind reason",
        once="decided_at is_accepted",
        own="decided_by_id: decided_by_id",
        systems="reminders reports demo",
        path="case",
    )

    class Meta:
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]
        constraints = two_people("closing")
