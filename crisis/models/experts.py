"""Experts of a bureau: the directory, who may look at which hand-over until when, and what they wrote after a visit."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.students.path import InSchool
from xinyu.vault.models import SealedField, SealedRow

from .cases import LEADERS
from .chain import Handover


class Expert(SealedRow):
    """One entry of a county's directory: somebody with an account and the post of an expert."""

    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="experts")
    city = models.ForeignKey(
        "organisations.City", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="账号")
    speciality = models.CharField("专长", max_length=80)
    organisation = models.CharField("所在单位", max_length=80)
    wrapped = models.BinaryField()
    contact = SealedField("联系方式")
    active_until = models.DateField("聘期至")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "county_officer city_officer", reader="user_id", by="added_by_id", systems="reports demo", path="county"
    )

    class Meta:
        ordering = ["speciality", "id"]
        indexes = [models.Index(fields=["county"]), models.Index(fields=["city"]), models.Index(fields=["user"])]
        constraints = [models.UniqueConstraint(fields=["county", "user"], name="expert_once_in_county")]

    def vault_owner(self):
        return f"expert:{self.vault_id}", self.wrapped


class ExpertAccess(SealedRow, InSchool):
    """One expert looks at one hand-over, until an hour that row security compares (expert_function.py)."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="accesses")
    county = models.ForeignKey(
        "organisations.County", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )
    city = models.ForeignKey("organisations.City", models.PROTECT, editable=False, null=True, related_name="+")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="accesses")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: as the directory said on that day: the school does not see the directory
    speciality = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80)
    open_until = models.DateTimeField("可见至")
    ask = SealedField("请专家做什么")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    seal = Seal(
        f"{LEADERS} county_officer city_officer",
        reached="id: access_assignments",
        by="assigned_by_id",
        fixed="handover_id expert_id assignee_id ask assigned_by_id",
        once="ended_at",
        systems="reminders reports demo",
        path="handover",
    )

    class Meta:
        ordering = ["-assigned_at", "-id"]
        indexes = [
            models.Index(fields=["school"]),
            models.Index(fields=["county"]),
            models.Index(fields=["city"]),
            models.Index(fields=["assignee"]),
            models.Index(fields=["handover"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "assignee"], condition=models.Q(ended_at__isnull=True), name="expert_assigned_once"
            )
        ]

    def vault_owner(self):
        return self.handover.vault_owner()


class VisitWay(models.TextChoices):
    MET = "met", "到校面谈"
    REMOTE = "remote", "电话或视频"
    STAFF = "staff", "与学校老师会商"
    HOME = "home", "与监护人面谈"


class Visit(SealedRow, InSchool):
    """What an expert did and advises; only added to. Read by whoever sees the hand-over, sealed under its key."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="visits")
    access = models.ForeignKey(ExpertAccess, models.PROTECT, related_name="visits")
    visited_at = models.DateTimeField("时间")
    way = models.CharField("方式", max_length=8, choices=VisitWay)
    body = SealedField("见到谁、了解到什么")
    advice = SealedField("给学校的建议")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        reached="handover_id: access_open_handovers",
        adds="access_id: access_assignments",
        by="by_id",
        systems="reminders reports demo",
        path="handover",
        may="SELECT, INSERT",
    )

    class Meta:
        ordering = ["visited_at", "id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["handover"]), models.Index(fields=["access"])]

    def vault_owner(self):
        return self.handover.vault_owner()
