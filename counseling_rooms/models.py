"""Rooms of a school: the type that was built and the facts against which the standard is checked."""

from django.db import models

from xinyu.access.seal import Seal


class Room(models.Model):
    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="rooms")
    county = models.ForeignKey(
        "organisations.County", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )
    city = models.ForeignKey(
        "organisations.City", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )
    name = models.CharField("名称", max_length=40, default="心理辅导室")
    built_type = models.CharField("已建类型", max_length=12)
    #: areas in m², counts and yes/no facts named as in the standard's data (counseling_rooms/standard.py)
    facts = models.JSONField("建设情况", default=dict, blank=True)
    accepted_on = models.DateField("验收日期", null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    seal = Seal(
        "teacher counselor principal vice_principal moral_head homeroom@school grade_head@school "
        "station_counselor county_officer city_officer",
        systems="statistics reminders reports demo",
        path="school",
    )

    class Meta:
        ordering = ["school_id", "id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["county"]), models.Index(fields=["city"])]

    def __str__(self) -> str:
        return self.name
