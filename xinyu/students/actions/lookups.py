"""Reading one sealed number. The look itself is recorded, in the same transaction."""

from django.db import transaction

from xinyu.audit.entries import record_view
from xinyu.vault.fields import reveal

from ..holds import held_guardians
from ..models import Guardian, Student


@transaction.atomic
def reveal_guardian_phone(guardian: Guardian, *, actor) -> str:
    """The whole phone number, '' when none is kept or when nobody is to phone this guardian now."""
    if guardian.pk in held_guardians(guardian.student):
        return ""
    record_view([guardian.student], "监护人电话")
    return reveal(guardian, "phone")


@transaction.atomic
def reveal_id_number(student: Student, *, actor) -> str:
    """The whole identity number, '' when none is kept."""
    record_view([student], "身份证号")
    return reveal(student, "id_number")
