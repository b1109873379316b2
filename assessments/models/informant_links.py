"""A code by which a guardian or a teacher answers about a student on a phone instead of on paper."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Seal
from xinyu.students.models import Guardian, Student
from xinyu.students.path import InSchool
from xinyu.vault.fields import Wrapped
from xinyu.vault.models import SealedField, SealedRow

from .readings import InformantSheet
from .scales import ScaleVersion


class InformantLink(SealedRow, InSchool):
    """One student, one informant, one questionnaire, once. `label` and `phone_index` are copied as of then: whoever
    holds the code reads no roster. What was answered lies here under a key of this row until the sweep has made an
    InformantSheet of it; then the key is gone.
    """

    student = models.ForeignKey(Student, models.PROTECT, related_name="informant_links")
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, related_name="informant_links")
    version = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="+")
    role = models.CharField("填写人", max_length=12)
    who = models.CharField("与学生的关系", max_length=30)
    index = models.BinaryField(max_length=16, unique=True, editable=False)
    label = models.CharField("masked name and tail of the number", max_length=40)
    #: a guardian's counts with the telephone of the roster typed in; NULL: handed to a teacher
    phone_index = models.BinaryField(max_length=16, null=True, editable=False)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("有效到")
    used_at = models.DateTimeField(null=True)
    wrapped = models.BinaryField(null=True, editable=False)
    answers = SealedField("逐题作答")
    sheet = models.OneToOneField(InformantSheet, models.PROTECT, null=True, related_name="link")

    seal = Seal(
        "counselor",
        by="issued_by_id",
        fixed="guardian_id version_id role who index label phone_index issued_by_id",
        once="used_at sheet_id",
        systems="triage demo",
        path="student",
    )

    class Meta:
        ordering = ["-issued_at", "-id"]
        indexes = [
            models.Index(fields=["school", "student"]),
            models.Index(
                fields=["used_at"],
                condition=models.Q(used_at__isnull=False, sheet=None),
                name="informant_link_waiting",
            ),
        ]

    def vault_owner(self) -> tuple[str, Wrapped]:
        return f"informant:{self.vault_id}", self.wrapped
