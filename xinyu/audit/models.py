"""Who did what (AuditEntry) and who looked (AccessEntry). Both only grow: the database refuses UPDATE and DELETE."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from xinyu.access.roles import ROLES
from xinyu.access.seal import Open, Seal


class AuditEntry(models.Model):
    """One change or refusal. `detail` holds codes, counts and hashes, never the text of a note."""

    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=60)
    verb = models.CharField(max_length=60)
    subject = models.CharField("what it was done to, as 'table:id'", max_length=80, blank=True)
    student_id = models.BigIntegerField(null=True)
    school_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=20, blank=True)
    detail = models.JSONField(default=dict)

    city_id = models.BigIntegerField(null=True)

    # The auditor of the city sees codes and ids of the whole log, and no student's row to go with them.
    seal = Seal("counselor principal audit_admin", signed="actor", systems="demo", may="SELECT, INSERT")

    class Meta:
        indexes = [
            models.Index(fields=["school_id", "-at"]),
            models.Index(fields=["student_id", "-at"]),
            models.Index(fields=["city_id", "-at"]),
            BrinIndex(fields=["at"], autosummarize=True),
        ]


class AuditLink(models.Model):
    """The chain: written by a deferred trigger as the owner, read by `manage.py verify_audit`."""

    entry_id = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)

    seal = Open("hashes only; nobody may write, the trigger does", may="SELECT")


class AccessEntry(models.Model):
    """One look at one student's inner life: who, what, why."""

    at = models.DateTimeField(db_default=Now())
    user_id = models.BigIntegerField()
    actor = models.CharField(max_length=60)
    student_id = models.BigIntegerField()
    school_id = models.BigIntegerField()
    what = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=20, blank=True)

    seal = Seal(
        "counselor principal",
        author="user_id",
        card="student_id",
        signed="actor",
        systems="reports demo",
        may="SELECT, INSERT",
    )

    class Meta:
        indexes = [
            models.Index(fields=["school_id", "-at"]),
            models.Index(fields=["student_id", "-at"]),
            models.Index(fields=["user_id", "-at"]),
        ]


class Signature(models.Model):
    """One person's signature under one text: see signing.py. Only added to; it holds no word of what was signed."""

    code = models.CharField("what stands on paper", max_length=16, unique=True)
    subject = models.CharField("what was signed, as 'table:id'", max_length=80)
    purpose = models.CharField(max_length=40)
    title = models.CharField("what people read of the purpose", max_length=60)
    actor = models.CharField(max_length=60)
    user_id = models.BigIntegerField()
    name = models.CharField("as of then", max_length=40)
    role = models.CharField(max_length=20)
    at = models.DateTimeField()
    digest = models.CharField("SHA-256 of the content", max_length=64)
    seal_value = models.CharField("HMAC-SHA256 of all of this under the server's key", max_length=64)
    school_id = models.BigIntegerField(null=True)
    county_id = models.BigIntegerField(null=True)
    city_id = models.BigIntegerField(null=True)
    is_for_bureau = models.BooleanField(default=False)

    seal = Seal(
        "counselor principal vice_principal moral_head county_officer[is_for_bureau] city_officer[is_for_bureau]",
        reader="user_id",
        signed="actor",
        systems="reports reminders demo",
        may="SELECT, INSERT",
    )

    @property
    def role_label(self) -> str:
        role = ROLES.get(self.role)
        return role.label if role else self.role

    class Meta:
        indexes = [
            models.Index(fields=["subject", "purpose"]),
            models.Index(fields=["school_id", "-at"]),
            models.Index(fields=["county_id", "-at"]),
            models.Index(fields=["city_id", "-at"]),
            models.Index(fields=["user_id", "-at"]),
        ]
