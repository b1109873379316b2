"""Codes on walls, and a word that somebody leaves behind one of them."""

import json
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from assessments.codes import ALPHABET, LENGTH, clean_code
from assessments.doorbell import ring_after_commit
from assessments.flag_due import flag_due_at
from assessments.help_limits import count_word
from assessments.models import ConcernReport, HelpDoor
from assessments.naming import split_names
from xinyu.audit.entries import record
from xinyu.organisations.models import School
from xinyu.organisations.queries import calendar_of
from xinyu.vault.fields import conceal, find_by, new_key


class DoorGone(Exception):
    """The code has been taken down."""


@dataclass(frozen=True)
class Behind:
    """Where somebody who scanned a code stands."""

    door_id: int
    code: str
    school: School
    place: str
    room: str

    @property
    def hotline(self) -> str:
        return str((self.school.county.settings or {}).get("hotline", ""))


@transaction.atomic
def open_door(school: School, *, actor: Any, place: str, room: str) -> HelpDoor:
    """A new code for a place of the school."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    door = HelpDoor.objects.create(school=school, place=place, room=room, code=code, made_by=actor)
    record("assessments.open_help_door", subject=door)
    return door


@transaction.atomic
def end_door(door: HelpDoor, *, actor: Any) -> None:
    """The paper says nothing any more; what was left behind it stays. A second click changes nothing."""
    if HelpDoor.objects.filter(pk=door.pk, ended_at=None).update(ended_at=timezone.now()):
        record("assessments.end_help_door", subject=door)


def behind(code: str) -> Behind:
    """Call as the door. Raises DoorGone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door, school, hangs_at, counselor_at FROM door_help(%s)", [clean_code(code)])
        row = cursor.fetchone()
    if row is None:
        raise DoorGone
    school = School.objects.select_related("county").get(pk=row[1])
    return Behind(row[0], clean_code(code), school, row[2], row[3])


def leave_word(
    at: Behind,
    *,
    key: UUID,
    level: str,
    text: str,
    name: str = "",
    klass_id: int | None = None,
    caller: str = "",
    names_home: bool = False,
    client: str = "",
) -> str:
    """Somebody asks for help, for herself or for another; returns the code for the reporter's paper. Call as the door.

    The same key twice is one word and one code. `client`: the address that it counts for. Raises DoorGone.
    """
    now = timezone.now()
    names = split_names(name)
    words = {
        "text": f"{text}\n（留言人说可以这样找到 TA：{caller}）" if caller else text,
        "meant": [{"name": one} for one in names],
        "all": names,
    }
    report = ConcernReport(vault_id=key)
    report.wrapped = new_key(report.vault_owner()[0])
    conceal(report, content=json.dumps(words, ensure_ascii=False))
    code = follow_code(key)
    due_at = flag_due_at(level, now, calendar_of(at.school.county, on=timezone.localdate(now)))
    values: list[Any] = [
        at.code,
        key,
        report.wrapped,
        report.content,
        klass_id,
        level,
        names_home,
        due_at,
        follow_index(code),
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT door_help_leave({', '.join(['%s'] * len(values))})", values)
        made = cursor.fetchone()[0]
    if made == 0:
        raise DoorGone
    if made > 0:
        count_word(level, client, at.door_id, timezone.localdate(now))
        subject = f"assessments_concernreport:{made}"
        record("assessments.ask_help", subject=subject, school_id=at.school.pk, detail={"level": str(level)})
        ring_after_commit("reminders.sweep")
    return code


def follow_code(key: UUID) -> str:
    """10 characters that follow from the word's key and the platform's: the same word, the same code."""
    number = int.from_bytes(find_by("help-code", str(key)), "big")
    letters = []
    for _ in range(LENGTH):
        number, at = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[at])
    return "".join(letters)


def follow_index(code: str) -> bytes:
    return find_by("help-follow", clean_code(code))


def state_of(code: str) -> str:
    """'received', 'in_hand', 'closed', '' for an unknown code. Call as the door."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_help_state(%s)", [follow_index(code)])
        return cursor.fetchone()[0]
