"""The county's word on a screening that it has to approve: a second one in a school year, or shortly before an exam."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from xinyu.access.seal import Seal
from xinyu.students.path import InSchool

from .screenings import Screening


class ScreeningApproval(InSchool):
    """One request of a school and the answer of somebody else at the county.

    What the county reads is copied here: it holds no row of the school. `asked` is the fingerprint of the plan, so that
    an approval is one of exactly this plan.
    """

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="approvals")
    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="screening_approvals")
    asked = models.CharField("fingerprint of the plan", max_length=64)
    title = models.CharField(max_length=60)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    #: {"grounds": [...], "scales": [...], "grades": [...], "students": n}
    plan = models.JSONField(default=dict)
    reason = models.CharField("申请理由", max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    is_granted = models.BooleanField("批准", null=True)
    note = models.CharField("批复意见", max_length=300, blank=True)
    until_on = models.DateField("批准有效期至", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    seal = Seal(
        "counselor principal vice_principal moral_head county_officer",
        by="asked_by_id",
        fixed="county_id asked title opens_at closes_at plan reason asked_by_id asked_at",
        once="decided_by_id decided_at is_granted until_on note",
        own="is_granted note until_on decided_at: decided_by_id",
        systems="reminders reports demo",
        path="screening",
    )

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["school", "-asked_at"]), models.Index(fields=["county", "-asked_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "asked"], condition=Q(decided_at=None), name="one_open_approval"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="approval_by_somebody_else"),
        ]

    def __str__(self) -> str:
        return self.title
