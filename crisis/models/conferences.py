"""研判会: convened, who was there, what was decided; the minutes are read by those who were there."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.vault.models import SealedField

from .cases import LEADERS, AboutCase


class Conference(AboutCase):
    """`decided_level` '' until the minutes are in; then the level that the team puts forward, which may be the same."""

    convened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    convened_at = models.DateTimeField(auto_now_add=True)
    meets_at = models.DateTimeField("开会时间")
    place = models.CharField("地点", max_length=60)
    expert = models.CharField("校外专家", max_length=60, blank=True, default="")
    decided_level = models.CharField("研判级别", max_length=12, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    #: the homeroom teacher may see the colour until this day
    colour_until = models.DateField("班主任可见级别至", null=True)

    seal = Seal(LEADERS, systems="reminders reports demo", path="case")

    class Meta:
        ordering = ["-meets_at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]


class Seat(AboutCase):
    """Somebody of the school who is invited; `signed_at`: confirmed the minutes, after proving who it is."""

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    was_there = models.BooleanField(null=True)
    signed_at = models.DateTimeField(null=True)
    #: SHA-256 of the minutes that were signed
    signed_digest = models.CharField(max_length=64, blank=True, default="")

    # who was there is written down once; a signature is set by nobody but the person, and once
    seal = Seal(
        LEADERS,
        author="person_id",
        fixed="person_id",
        once="was_there signed_at signed_digest",
        own="signed_at signed_digest: person_id",
        systems="reminders reports demo",
        path="conference",
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"]), models.Index(fields=["person"])]
        constraints = [models.UniqueConstraint(fields=["conference", "person"], name="one_seat_per_person")]


class MinutesCopy(AboutCase):
    """The minutes as one reader holds them: a row for whoever wrote them and for each who was there. Only added to."""

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="copies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = SealedField("会议纪要")
    met_at = models.DateTimeField("开会时间")
    at = models.DateTimeField(auto_now_add=True)

    # Row sight knows no lists of people, so each attendee has a copy: being principal is no reason to read one.
    seal = Seal(author="by_id", reader="reader_id", systems="reports demo", path="conference", may="SELECT, INSERT")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["school"]),
            models.Index(fields=["conference"]),
            models.Index(fields=["by"]),
            models.Index(fields=["reader"]),
        ]
        constraints = [models.UniqueConstraint(fields=["conference", "reader"], name="one_copy_per_reader")]
