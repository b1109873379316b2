"""The bytes of a report under the student's key: in the row there is never a readable PDF."""

from xinyu.students.models import StudentKey, owner_of
from xinyu.vault import envelope
from xinyu.vault.fields import open_key
from xinyu.vault.keys import suite

from .models import Report


def _key(report: Report) -> bytes:
    wrapped = StudentKey.objects.values_list("wrapped", flat=True).filter(student_id=report.student_id).first()
    if wrapped is None:
        raise envelope.VaultError("the student's key is destroyed or out of sight")
    return open_key(owner_of(report.student_id), wrapped)


def _aad(report: Report) -> bytes:
    return f"{report._meta.db_table}|content|{report.vault_id}|{owner_of(report.student_id)}".encode()


def seal_pdf(report: Report, pdf: bytes) -> bytes:
    """Raises VaultError when the student's key is out of sight."""
    return envelope.seal(_key(report), pdf, _aad(report), suite())


def open_pdf(report: Report) -> bytes:
    """Raises VaultError when the key is out of sight or the value was moved."""
    return envelope.unseal(_key(report), bytes(report.content or b""), _aad(report))
