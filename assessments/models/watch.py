"""A colleague keeps an eye on a class in the computer room: progress and locked codes, nothing of the students."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.students.path import InSchool

from .screenings import Screening


class RoomWatch(InSchool):
    """Who watches which class of a screening until when. What she sees comes from watch_functions.py."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="watches")
    klass = models.ForeignKey("organisations.Klass", models.PROTECT, related_name="+")
    watcher = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    until_at = models.DateTimeField("到")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    seal = Seal(
        "counselor principal",
        reader="watcher_id",
        by="by_id",
        writes="counselor",
        fixed="klass_id watcher_id until_at by_id",
        once="ended_at",
        systems="demo",
        path="screening",
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["watcher", "until_at"])]
