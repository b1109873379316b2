"""Members of staff as respondents: a round that a county plans, one person's part in it, alerts, looks.

Nobody at the school holds a row of a colleague: a part is the person's own, and once handed in the county's station
counselors'. How many took part is a number from staff_functions.py.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.choices import AlertOutcome, FlagLevel
from xinyu.access.seal import Seal
from xinyu.vault.fields import Wrapped
from xinyu.vault.models import SealedField, SealedRow

USER = settings.AUTH_USER_MODEL


def _county_of_school() -> models.ForeignKey:
    return models.ForeignKey(
        "organisations.County", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )


class StaffRound(models.Model):
    """Which questionnaires are offered to the staff of which schools, and when. It only starts and ends."""

    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="staff_rounds")
    title = models.CharField("名称", max_length=60)
    words = models.CharField("邀请的话", max_length=400)
    station = models.CharField("辅导站的地址、时间和电话", max_length=120)
    #: ids of scale versions in the order in which they are answered
    version_ids = models.JSONField(default=list)
    #: {id of a school: how many members of staff it had when the round was planned}
    schools = models.JSONField(default=dict)
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("结束日期")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    seal = Seal(
        "station_counselor county_officer",
        reached="id: access_staff_rounds",
        by="by_id",
        fixed="county_id title words station version_ids schools opens_on closes_on by_id at",
        once="started_at ended_at",
        systems="demo",
    )

    class Meta:
        ordering = ["-opens_on", "-id"]
        indexes = [models.Index(fields=["county"])]
        constraints = [models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="staff_round_forwards")]

    def __str__(self) -> str:
        return self.title


class StaffSitting(SealedRow):
    """One person's part in a round: what she agreed to and her answers, sealed under a key of this row alone.

    Scores are not stored: they follow from the answers when somebody who may looks. Withdrawing destroys the key.
    """

    round = models.ForeignKey(StaffRound, models.PROTECT, related_name="sittings")
    user = models.ForeignKey(USER, models.PROTECT, related_name="staff_sittings")
    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="+")
    county = _county_of_school()
    notice_version = models.CharField("version of the notice that was agreed to", max_length=12, blank=True, default="")
    agreed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    #: the station counselors see it; false again once it is withdrawn
    is_handed_in = models.BooleanField()
    wrapped = models.BinaryField(null=True, editable=False)
    answers = SealedField("逐题作答")
    contact = SealedField("紧急时怎么联系到本人")

    seal = Seal(
        "station_counselor[is_handed_in]",
        author="user_id",
        fixed="round_id user_id school_id notice_version agreed_at",
        once="declined_at finished_at withdrawn_at",
        own="answers contact wrapped is_handed_in finished_at withdrawn_at declined_at: user_id",
        path="school",
    )

    class Meta:
        ordering = ["-finished_at", "-id"]
        indexes = [models.Index(fields=["county"])]
        constraints = [models.UniqueConstraint(fields=["user", "round"], name="staff_sitting_once")]

    def vault_owner(self) -> tuple[str, Wrapped]:
        return f"staff:{self.vault_id}", self.wrapped


class StaffAlert(SealedRow):
    """A critical answer of a member of staff: who and how soon, not which answer. Withdrawing does not take it back, so
    it has a key of its own for the one thing the station needs: how to reach her without asking at the school."""

    sitting = models.ForeignKey(StaffSitting, models.PROTECT, related_name="alerts")
    round = models.ForeignKey(StaffRound, models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    school = models.ForeignKey(
        "organisations.School", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )
    county = _county_of_school()
    wrapped = models.BinaryField(null=True, editable=False)
    contact = SealedField("怎么联系到本人")
    level = models.CharField(max_length=10, choices=FlagLevel)
    at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField("怎么处理的", max_length=10, choices=AlertOutcome, blank=True, default="")

    seal = Seal(
        "station_counselor",
        author="user_id",
        by="user_id",
        fixed="sitting_id round_id user_id contact level at due_at",
        once="handled_at handled_by_id outcome",
        own="handled_at outcome: handled_by_id",
        systems="reminders",
        path="sitting",
    )

    class Meta:
        ordering = ["handled_at", "due_at", "id"]
        indexes = [models.Index(fields=["county", "handled_at"])]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "level"], condition=Q(handled_at=None), name="staff_alert_once"),
            models.CheckConstraint(condition=~Q(handled_by=F("user")), name="staff_alert_by_another"),
        ]

    def vault_owner(self) -> tuple[str, Wrapped]:
        return f"staff-alert:{self.vault_id}", self.wrapped


class StaffLook(models.Model):
    """A station counselor has opened somebody's result. The person reads who looked and when."""

    sitting = models.ForeignKey(StaffSitting, models.PROTECT, related_name="looks")
    school = models.ForeignKey(
        "organisations.School", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )
    county = _county_of_school()
    whose = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal("station_counselor", reader="whose_id", by="by_id", path="sitting", may="SELECT, INSERT")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["county"])]
