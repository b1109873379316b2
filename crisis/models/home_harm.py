"""When home is named as the source of harm: the guardian is not told for now, and a report is owed (D9.5)."""

from django.conf import settings
from django.db import models

from assessments.models import ConcernEntry
from xinyu.access.seal import Seal
from xinyu.students.models import ContactHold, Guardian
from xinyu.vault.models import SealedField

from .cases import AboutCase


class HomeHarm(AboutCase):
    """The state 监护人告知暂停 of a case, from `at` until the team has decided in writing (`ended_at`)."""

    #: None: somebody else at home, or nobody is sure; then no guardian is told
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, related_name="+")
    named = SealedField("指认的人")
    reason = SealedField("依据")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    known_at = models.DateTimeField("知悉时间")
    report_due_at = models.DateTimeField("应报告时间")
    reported_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    team_met_on = models.DateField("研判会日期", null=True)
    decision = SealedField("书面决定")
    #: what tells the pages of everybody who writes or phones home
    hold = models.OneToOneField(ContactHold, models.PROTECT, related_name="+")

    # whoever answers for the school acts on it; not the homeroom teacher, who only reads whom not to phone
    seal = Seal(
        "counselor principal vice_principal",
        by="by_id",
        fixed="guardian_id named reason by_id at known_at report_due_at hold_id",
        once="reported_at ended_at ended_by_id team_met_on decision",
        own="ended_at ended_by_id decision: ended_by_id",
        systems="triage reminders reports demo",
        path="case",
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["school"]),
            models.Index(fields=["case"]),
            models.Index(
                fields=["report_due_at"], condition=models.Q(reported_at__isnull=True), name="harm_unreported"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(ended_at__isnull=True), name="one_home_harm_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by__isnull=True) | ~models.Q(ended_by=models.F("by")),
                name="home_harm_ended_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(
                    ended_by__isnull=False, team_met_on__isnull=False, decision__isnull=False, reported_at__isnull=False
                ),
                name="home_harm_ended_by_decision",
            ),
        ]


class HomeQuestion(AboutCase):
    """Does it concern home? Somebody's report says so; no guardian is contacted until the counselor has answered."""

    concern = models.OneToOneField(ConcernEntry, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    hold = models.OneToOneField(ContactHold, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_home = models.BooleanField(null=True)
    reason = SealedField("依据")

    seal = Seal(
        "counselor principal vice_principal",
        fixed="concern_id asked_at hold_id",
        once="answered_at answered_by_id is_home reason",
        own="answered_at answered_by_id: answered_by_id",
        systems="triage reminders reports demo",
        path="case",
    )

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(answered_at__isnull=True), name="one_home_question_at_a_time"
            )
        ]


class ReportTo(models.TextChoices):
    POLICE = "police", "公安机关"
    CIVIL_AFFAIRS = "civil_affairs", "民政部门"
    EDUCATION = "education", "教育行政部门"
    OTHER = "other", "其他有关部门"


class ReportChannel(models.TextChoices):
    PHONE = "phone", "电话"
    IN_PERSON = "in_person", "当面"
    WRITTEN = "written", "书面"
    ONLINE = "online", "网上平台"


class MandatoryReport(AboutCase):
    """强制报告 (未成年人保护法 §11): when, to whom, how, by whom, with which receipt. Only added to."""

    reported_at = models.DateTimeField("报告时间")
    to = models.CharField("报告对象", max_length=16, choices=ReportTo)
    office = models.CharField("单位和接报人", max_length=80)
    channel = models.CharField("方式", max_length=12, choices=ReportChannel)
    receipt = models.CharField("回执或接报编号", max_length=60, blank=True, default="")
    content = SealedField("报告内容")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "counselor principal vice_principal", by="by_id", systems="reports demo", path="case", may="SELECT, INSERT"
    )

    class Meta:
        ordering = ["-reported_at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]
