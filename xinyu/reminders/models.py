"""Who owes what by when (Due), the fact that meets it (SeasonCheck), and what people are told (Notice)."""

from typing import Self

from django.conf import settings
from django.db import models

from xinyu.access.seal import Open, Seal
from xinyu.reminders.delivery.rows import (  # noqa: F401 - they live beside their code; Django looks for models here
    Absence,
    Channel,
    ChannelFault,
    Delivery,
    DeliveryHabit,
    FeedToken,
    SmsGateway,
)
from xinyu.students.path import InSchool, OnPath

USER = settings.AUTH_USER_MODEL


class SeasonSetting(models.Model):
    """A county's seasons: a version of the rules with its own dates and additions; the newest in force counts."""

    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="season_settings")
    version = models.CharField(max_length=20)
    in_force_from = models.DateField()
    rules = models.JSONField()
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    seal = Open("when seasons are; no student in them")

    class Meta:
        ordering = ["county_id", "in_force_from"]


class DueQuerySet(models.QuerySet):
    def owed(self) -> Self:
        """Met or open, but not called off."""
        return self.filter(called_off_at__isnull=True)

    def open(self) -> Self:
        return self.owed().filter(met_at__isnull=True)


class Due(models.Model):
    """One obligation × place × date × person. Unique by key, so a sweep that runs twice writes once."""

    key = models.CharField(max_length=160, unique=True)
    season = models.CharField(max_length=40)
    obligation = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    user = models.ForeignKey(USER, models.PROTECT, related_name="dues")
    role = models.CharField(max_length=20)
    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="+")
    school = models.ForeignKey("organisations.School", models.PROTECT, null=True, related_name="+")
    grade = models.ForeignKey("organisations.Grade", models.PROTECT, null=True, related_name="+")
    klass = models.ForeignKey("organisations.Klass", models.PROTECT, null=True, related_name="+")
    from_on = models.DateField()
    due_on = models.DateField()
    met_at = models.DateTimeField(null=True)
    #: the county's seasons or dates have changed, and nobody owes this any more; it comes back if they change back
    called_off_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(DueQuerySet)()

    seal = Seal("principal county_officer", author="user_id", systems="reminders statistics demo")

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["user", "met_at", "due_on"]),
            models.Index(fields=["school", "due_on"]),
            models.Index(fields=["county", "due_on"]),
            models.Index(fields=["due_on"], condition=models.Q(met_at__isnull=True), name="due_open"),
        ]


class SeasonCheck(OnPath):
    """A homeroom teacher has looked at the class in a season: the fact that meets the obligation. Zero is an answer."""

    klass = models.ForeignKey("organisations.Klass", models.PROTECT, related_name="season_checks")
    season = models.CharField(max_length=40)
    obligation = models.CharField(max_length=40, default="class_check")
    checked_on = models.DateField()
    attention_count = models.PositiveSmallIntegerField("需要进一步了解的人数")
    note = models.CharField("说明(不写姓名)", max_length=200, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal(
        "counselor principal grade_head homeroom",
        by="by_id",
        systems="reminders statistics demo",
        path="klass",
        may="SELECT, INSERT",
    )

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["school", "season"]), models.Index(fields=["klass", "season"])]


class SeasonRecord(InSchool):
    """A fact of the whole school that meets an obligation: list reviewed, zero report confirmed, activity held.

    A report (`is_report`) is addressed to the bureau: counts of a school, no class and nobody's name.
    """

    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="season_records")
    county = models.ForeignKey(
        "organisations.County", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )
    city = models.ForeignKey(
        "organisations.City", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )
    is_report = models.BooleanField(default=False, db_default=False)
    season = models.CharField(max_length=40)
    obligation = models.CharField(max_length=40)
    counts = models.JSONField(default=dict)
    note = models.CharField(max_length=200, blank=True)
    #: of an activity: its day, place and how many took part
    held_on = models.DateField(null=True)
    place = models.CharField(max_length=60, blank=True)
    participants = models.PositiveIntegerField(null=True)
    #: of longer room hours: [{"weekday": 0 for Monday, "opens": "17:00", "closes": "18:30"}], from `held_on` to `until`
    hours = models.JSONField(default=list)
    until = models.DateField(null=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    @property
    def hours_words(self) -> str:
        """'周一、周三 17:00–18:30'"""
        days = "、".join("周" + "一二三四五六日"[one["weekday"]] for one in self.hours)
        return f"{days} {self.hours[0]['opens']}–{self.hours[0]['closes']}" if self.hours else ""

    seal = Seal(
        "counselor principal moral_head vice_principal county_officer[is_report] city_officer[is_report]",
        author="by_id",
        by="by_id",
        systems="reminders statistics demo",
        path="school",
        may="SELECT, INSERT",
    )

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["school", "season"]),
            models.Index(fields=["county", "season"], name="seasonrecord_county"),
            models.Index(fields=["city", "season"], name="seasonrecord_city"),
        ]


class CountyReview(models.Model):
    """A named officer has gone through what the schools answered; the numbers as of then stay with it."""

    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="season_reviews")
    season = models.CharField(max_length=40)
    obligation = models.CharField(max_length=40)
    counts = models.JSONField(default=dict)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Seal("county_officer", author="by_id", by="by_id", systems="reminders statistics demo", may="SELECT, INSERT")

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["county", "season"])]


class Notice(models.Model):
    """One message in one inbox. It says what kind of work waits and where; it carries no name and nothing of a file."""

    to = models.ForeignKey(USER, models.PROTECT, related_name="notices")
    key = models.CharField("the same cause tells the same person once", max_length=200, unique=True)
    title = models.CharField(max_length=100)
    body = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=200, blank=True)
    why = models.CharField("why did I get this", max_length=200)
    is_urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    snoozed_until = models.DateField(null=True)
    due = models.ForeignKey(Due, models.PROTECT, null=True, related_name="notices")

    seal = Seal(author="to_id", systems="reminders triage reports demo")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["to", "read_at"])]


class Sweep(models.Model):
    """When each sweep last ran and by whom (worker or watch): pages say so when nothing has swept for a while."""

    name = models.CharField(max_length=40, unique=True)
    ran_at = models.DateTimeField()
    ran_by = models.CharField(max_length=20)
    outcome = models.CharField(max_length=200, blank=True)

    seal = Open("times of jobs")
