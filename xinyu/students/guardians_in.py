"""Guardians in the rows of students whom the school knows already: new ones are added, phones follow the file."""

from collections import defaultdict
from typing import Any

from xinyu.vault.fields import find_by, seal_value

from . import enrol
from .enrol_sql import GUARDIAN_SQL, PHONE_SQL
from .models import Guardian, owner_of
from .roster import Match


def bring_guardians(matches: list[Match]) -> dict[str, list[Any]]:
    """{"added": ids, "phones": [(id, old phone, old index)]}: what an undo needs. None is ever removed."""
    told = {match.student.id: match.row.guardians for match in matches if match.row.guardians}
    known: dict[int, dict[str, Guardian]] = defaultdict(dict)
    for guardian in Guardian.objects.filter(student_id__in=list(told)):
        known[guardian.student_id][guardian.name] = guardian
    missing, newer = {}, []
    for student_id, guardians in told.items():
        here = known[student_id]
        missing[student_id] = [g for g in guardians if g.name and g.name not in here]
        newer += [(here[g.name], g.phone) for g in guardians if g.name in here and _is_newer(here[g.name], g.phone)]
    keys = enrol.keys_of({pk for pk, rows in missing.items() if rows} | {guardian.student_id for guardian, _ in newer})
    added: list[dict[str, Any]] = []
    for student_id, new in missing.items():
        if new:
            added += enrol.guardian_rows(student_id, keys[student_id], new, first=len(known[student_id]) + 1)
    before = [(guardian.pk, guardian.phone, guardian.phone_index) for guardian, _ in newer]
    enrol.run(PHONE_SQL, [_phone_row(guardian, phone, keys[guardian.student_id]) for guardian, phone in newer])
    return {"added": [pk for (pk,) in enrol.run(GUARDIAN_SQL, added)], "phones": before}


def _is_newer(guardian: Guardian, phone: str) -> bool:
    return bool(phone) and bytes(guardian.phone_index or b"") != find_by("phone", phone)


def _phone_row(guardian: Guardian, phone: str, key: bytes) -> dict[str, Any]:
    sealed = seal_value(
        phone,
        key=key,
        owner=owner_of(guardian.student_id),
        table="students_guardian",
        field="phone",
        vault_id=guardian.vault_id,
    )
    return {"id": guardian.pk, "phone": enrol.pg(sealed), "phone_index": enrol.pg(find_by("phone", phone))}
