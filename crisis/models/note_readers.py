"""Who reads the notes of a case beside their author and the owner of the case: whom the owner named."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.students.path import InSchool

from .cases import Case


class NoteReader(InSchool):
    """From `named_at` until `ended_at` this person reads every note of the case; writing stays what it was."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="note_readers")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="可以看的人")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    seal = Seal("counselor", reader="reader_id", by="named_by_id", systems="reports demo", path="case")

    class Meta:
        ordering = ["named_at", "id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["reader"])]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reader"], condition=models.Q(ended_at__isnull=True), name="note_reader_named_once"
            ),
            # who names herself with a statement of her own reads nothing by it
            models.CheckConstraint(
                condition=~models.Q(reader=models.F("named_by")), name="note_reader_named_by_another"
            ),
        ]
