"""The door of a help request: a code on a wall, and how often somebody knocked today."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal


class HelpDoor(models.Model):
    """A QR code that hangs somewhere in a school. It opens a page to ask for help and nothing else; ended, a new one
    is printed."""

    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="help_doors")
    place = models.CharField("张贴位置", max_length=40)
    #: where and when the counselor is found, said on the page
    room = models.CharField("心理辅导室在哪里、什么时候开", max_length=80)
    code = models.CharField(max_length=16, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    seal = Seal("counselor", systems="demo")

    class Meta:
        ordering = ["ended_at", "-made_at"]
        indexes = [models.Index(fields=["school"])]


class HelpKnock(models.Model):
    """How often one address, or one code, was used on a day, when Redis could not count. No address: its keyed hash."""

    index = models.BinaryField()
    on = models.DateField()
    count = models.PositiveIntegerField(default=1)

    # written and read by assessments/help_functions.py alone
    seal = Seal(systems="housekeeping", may="SELECT, UPDATE, DELETE")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["index", "on"], name="help_knock_once_a_day")]
