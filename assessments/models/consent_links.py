"""How one guardian is asked once: by a code to the telephone on the roster, or by a slip handed over in person."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.students.models import Guardian, Student
from xinyu.students.path import InSchool

from .screenings import Screening


class LinkWay(models.TextChoices):
    CODE = "code", "发到登记的手机"
    SLIP = "slip", "当面发放的回执"


class ConsentLink(InSchool):
    """A code for one guardian, one screening, one decision; short-lived. What left the platform carries no name.

    `label`, `phone_index` and the notice are copied as of then: whoever holds the code may not read roster or guardian.
    """

    student = models.ForeignKey(Student, models.PROTECT, related_name="consent_links")
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="consent_links")
    screening = models.ForeignKey(Screening, models.PROTECT, related_name="consent_links")
    way = models.CharField("方式", max_length=4, choices=LinkWay)
    index = models.BinaryField(max_length=16, unique=True, editable=False)
    code_sealed = models.BinaryField(null=True, editable=False)
    label = models.CharField("masked name and tail of the number", max_length=40)
    #: a slip counts only with the telephone of the roster typed in; NULL: sent to that telephone
    phone_index = models.BinaryField(max_length=16, null=True, editable=False)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    notice_version = models.CharField(max_length=40)
    notice_hash = models.CharField(max_length=64)
    address = models.CharField("where the page is, without the code", max_length=200)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    #: by the job that sends: when, after how many tries, with what result
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=60, blank=True, default="")

    seal = Seal("counselor", consent="id", by="issued_by_id", systems="reminders demo", path="student")

    class Meta:
        ordering = ["-issued_at", "-id"]
        indexes = [
            models.Index(fields=["school", "screening"]),
            models.Index(fields=["guardian"]),
            models.Index(
                fields=["next_try_at"], condition=models.Q(sent_at=None, way="code"), name="consent_link_waiting"
            ),
        ]
