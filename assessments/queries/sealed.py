"""Reading many sealed texts of one student with one look for the key."""

from collections.abc import Iterable
from typing import Any, ClassVar

from xinyu.students.models import StudentKey, owner_of
from xinyu.vault.fields import reveal


class _WithKey:
    """A row together with its student's key: `reveal` asks the row, which would ask the database each time."""

    _meta: ClassVar[Any]
    vault_id: Any

    def __init__(self, row: Any, owner: tuple[str, bytes | None]):
        self._row, self._owner = row, owner

    def vault_owner(self) -> tuple[str, bytes | None]:
        return self._owner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def texts_of(rows: Iterable[Any], field: str, student_id: int) -> dict[int, str]:
    """{row id: text} of a sealed field of rows about one student. Raises VaultError when the key is out of sight."""
    wrapped = StudentKey.objects.filter(student_id=student_id).values_list("wrapped", flat=True).first()
    owner = (owner_of(student_id), None if wrapped is None else bytes(wrapped))
    return {row.pk: reveal(_WithKey(row, owner), field) for row in rows}
