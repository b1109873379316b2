"""The duty clock in rows: whom a level statement has told, and what has been handed over to the bureau."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Open, Seal
from xinyu.vault.models import SealedField, SealedRow

from .cases import LEADERS, AboutCase
from .levels import LevelStatement


class Handover(AboutCase):
    """A case as the bureau may see it: no name until the school hands it over formally, nothing after `open_until`.

    Texts are sealed under a key of the row's own: the student's key stays inside the school.
    """

    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="handovers")
    #: set when it has moved up to the city
    city = models.ForeignKey("organisations.City", models.PROTECT, null=True, related_name="handovers")
    level = models.CharField("级别", max_length=12)
    #: NULL once the student's key is destroyed (chain_function.py)
    wrapped = models.BinaryField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    open_until = models.DateTimeField("可见至")
    acknowledge_by = models.DateTimeField("应签收", null=True)
    acknowledged_at = models.DateTimeField("签收时间", null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acted_at = models.DateTimeField("首次指导时间", null=True)
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField("正式移交时间", null=True)
    identity = SealedField("学生")
    reason = SealedField("移交事由")
    #: an officer has signed for the formal hand-over: from then on its name is shown
    received_at = models.DateTimeField("签收移交时间", null=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField("交回时间", null=True)

    seal = Seal(
        f"{LEADERS} county_officer[open_until>now] city_officer[open_until>now]",
        reached="id: access_assigned_handovers",
        systems="triage reminders reports demo",
        path="case",
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["school"]),
            models.Index(fields=["county", "-open_until"]),
            models.Index(fields=["city", "-open_until"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(returned_at__isnull=True), name="one_open_handover_per_case"
            )
        ]

    def vault_owner(self):
        return f"handover:{self.vault_id}", self.wrapped


class Guidance(SealedRow):
    """What the bureau says to the school about a hand-over; only added to. Sealed under the hand-over's key."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="guidances")
    school = models.ForeignKey(
        "organisations.School", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )
    body = SealedField("指导意见")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        LEADERS,
        author="by_id",
        by="by_id",
        systems="reminders reports demo",
        path="handover",
        may="SELECT, INSERT",
    )

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["handover"])]

    def vault_owner(self):
        return self.handover.vault_owner()


class KeptClock(models.Model):
    """The clock of one colour with which a run began, as data; the same data is kept once."""

    digest = models.CharField(max_length=64, unique=True)
    version = models.CharField(max_length=20)
    rules = models.JSONField()

    seal = Open("posts and minutes, nobody's name", may="SELECT, INSERT")


class ChainStep(AboutCase):
    """One person (none: the bureau, by `handover`) who was told at one rung because of one statement."""

    statement = models.ForeignKey(LevelStatement, models.PROTECT, related_name="steps")
    rung = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    role = models.CharField(max_length=20)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    handover = models.ForeignKey(Handover, models.PROTECT, null=True, related_name="steps")
    is_answering = models.BooleanField()
    #: red: inbox and 今天 put it first
    is_urgent = models.BooleanField()
    opens_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    act_by = models.DateTimeField()
    clock_version = models.CharField(max_length=20)
    #: NULL: the run began before clocks were kept
    clock = models.ForeignKey(KeptClock, models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(auto_now_add=True)
    acknowledged_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    moved_up_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    # whoever is told sees the own row and no level: the case stays the leaders' (4-workflow D9.7)
    seal = Seal(LEADERS, author="person_id", systems="triage reminders reports demo", path="case")

    class Meta:
        ordering = ["rung", "id"]
        indexes = [
            models.Index(fields=["school"]),
            models.Index(fields=["case"]),
            models.Index(fields=["person"], condition=models.Q(cancelled_at__isnull=True), name="chain_open_of_person"),
            models.Index(
                fields=["acknowledge_by"],
                condition=models.Q(moved_up_at__isnull=True, cancelled_at__isnull=True),
                name="chain_still_climbing",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "rung", "person"], nulls_distinct=False, name="chain_step_once_per_person"
            )
        ]


class TimelineCopy(AboutCase):
    """A run on paper as it stood at one moment: what its signature is under. No names where it leaves the school."""

    statement = models.ForeignKey(LevelStatement, models.PROTECT, related_name="+")
    as_of = models.DateTimeField()
    is_redacted = models.BooleanField("不含姓名")
    purpose = models.CharField("用途", max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    seal = Seal(LEADERS, by="by_id", systems="reports demo", path="case", may="SELECT, INSERT")

    class Meta:
        ordering = ["-as_of", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]
