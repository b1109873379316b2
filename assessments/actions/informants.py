"""A guardian or teacher answers about a student by a code: given out, answered once, taken in by the sweep."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from assessments.actions.closing import TRIAGE, each
from assessments.actions.readings import SEE, NotNow, keep_sheet
from assessments.answers import Page
from assessments.codes import clean_code, new_code
from assessments.doorbell import ring_after_commit
from assessments.models import InformantLink, ScaleVersion
from assessments.queries.informants import versions_to_send
from assessments.queries.screenings import require_school
from assessments.scale_library import definition_of, freeze
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.lib.masking import masked_label
from xinyu.organisations.models import School
from xinyu.students.holds import HELD, held_among
from xinyu.students.models import Guardian, Student
from xinyu.vault.fields import conceal, find_by, new_key, reveal

LASTS = timedelta(days=14)
PARENT = "parent"


def code_index(code: str) -> bytes:
    """16 bytes by which a link is found from its code."""
    return find_by("informant-code", clean_code(code))


@transaction.atomic
def issue_link(
    student: Student, version: ScaleVersion, *, actor, role: str, who: str, guardian: Guardian | None = None
) -> tuple[InformantLink, str]:
    """(link, code in plain: shown now and kept by nobody). An earlier code for the same guardian and scale ends.

    Raises NotNow for a guardian to whom nothing goes for now, or a form that may not be sent.
    """
    require_school(SEE, student.school_id)
    if student.left_on is not None:
        raise NotNow("这名学生已经离校。")
    if (role == PARENT) != (guardian is not None) or (guardian and guardian.student_id != student.pk):
        raise NotNow("家长的问卷请选监护人，教师的问卷请选教师。")
    if guardian and (guardian.phone_index is None or held_among([guardian])):
        raise NotNow(HELD if guardian.phone_index else "名册里没有这位监护人的电话，无法核对本人，请用纸面问卷。")
    if (version.pk, role) not in {(one.pk, who) for one, who in versions_to_send(student.school.county_id)}:
        raise NotNow("这份问卷没有可以在手机上显示、并经本县区批准的文本，请用纸面问卷。")
    now, code = timezone.now(), new_code()
    if guardian:  # two teachers are both "任课教师": a teacher's code is ended by hand
        earlier = InformantLink.objects.filter(student=student, version=version, guardian=guardian, used_at=None)
        earlier.filter(expires_at__gt=now).update(expires_at=now)
    freeze([version])
    link = InformantLink.objects.create(
        student=student, guardian=guardian, version=version, role=role, who=who, index=code_index(code),
        label=masked_label(student.name, student.number),
        phone_index=guardian.phone_index if guardian else None, issued_by=actor, expires_at=now + LASTS,
    )  # fmt: skip
    record("assessments.ask_informant", subject=link, detail={"version": version.pk, "role": role})
    return link, code


@transaction.atomic
def end_link(link: InformantLink, *, actor) -> None:
    """The code opens nothing any more; a second click changes nothing."""
    require_school(SEE, link.school_id)
    now = timezone.now()
    if InformantLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(expires_at=now):
        record("assessments.end_informant_link", subject=link)


@dataclass(frozen=True)
class Asked:
    """What is behind a code. `state`: open, used or gone."""

    code: str
    state: str
    vault_id: UUID
    version_id: int
    about: str
    school_id: int
    asks_phone: bool

    @property
    def school(self) -> School:
        return School.objects.get(pk=self.school_id)

    @property
    def definition(self):
        return definition_of(ScaleVersion.objects.get(pk=self.version_id))


def behind(code: str) -> Asked | None:
    """None where no link has this code. Call as the door."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, vault, version, about, school, asks_phone FROM door_informant(%s)", [code_index(code)]
        )
        row = cursor.fetchone()
    return Asked(clean_code(code), *row) if row else None


@transaction.atomic
def leave_answers(at: Asked, page: Page, phone: bytes | None) -> str:
    """done, wrong (another telephone), used or gone. Call as the door."""
    link = InformantLink(vault_id=at.vault_id)
    link.wrapped = new_key(link.vault_owner()[0])
    conceal(link, answers=json.dumps(list(page.sheet.values)))
    values: list[Any] = [code_index(at.code), phone, link.wrapped, link.answers]
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_informant_leave(%s, %s, %s, %s)", values)
        state = cursor.fetchone()[0]
    if state in ("done", "wrong"):
        subject = f"assessments_informantlink:{at.vault_id}"
        record("assessments.informant_answered", subject=subject, school_id=at.school_id, detail={"state": state})
    if state == "done":
        ring_after_commit("reminders.sweep")
    return state


def take_in_answers() -> int:
    """The sweep: what was left becomes a sheet beside the student's own, scored by the key of its informant."""
    with acting_as(TRIAGE):
        waiting = InformantLink.objects.filter(used_at__isnull=False, sheet=None).order_by("used_at")
        ids = list(waiting.values_list("pk", flat=True))
    return each(ids, _take_in)


def _take_in(pk: int) -> int:
    """How many sheets it made: 1, or 0."""
    rows = InformantLink.objects.select_for_update(of=("self",)).select_related("version", "student__school__county")
    link = rows.filter(pk=pk, sheet=None).first()
    if link is None:  # another sweep was faster
        return 0
    link.sheet = keep_sheet(
        link.student, link.version, json.loads(reveal(link, "answers")), by_id=link.issued_by_id, role=link.role,
        form=definition_of(link.version).printed, who=link.who, filled_on=timezone.localdate(link.used_at),
    )  # fmt: skip
    link.wrapped = link.answers = None
    link.save(update_fields=["sheet", "wrapped", "answers"])
    return 1
