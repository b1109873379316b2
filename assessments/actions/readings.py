"""What is added to a result: the counselor's reading, another informant's sheet, a soft word to the student."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.actions.growth import add_entry
from assessments.choices import EntryKind
from assessments.doorbell import ring_after_commit
from assessments.flag_due import flag_due_at
from assessments.models import Flag, InformantSheet, OwnResult, Result, ResultReading, ScaleVersion, Sitting
from assessments.outcome import informant_scored
from assessments.queries.screenings import require_school
from assessments.scale_library import definition_of, freeze
from xinyu.audit.entries import record
from xinyu.organisations.queries import calendar_of
from xinyu.students.models import Student
from xinyu.vault.fields import conceal

SEE = "assessments.see_results"


class NotNow(Exception):
    """Refused for now; the sentence says what comes first."""


@transaction.atomic
def read_result(result: Result, *, actor, verdict: str, note: str = "") -> ResultReading:
    """The counselor's own judgement; earlier ones stay, the newest counts. Raises NotNow for a void sheet."""
    require_school(SEE, result.school_id)
    if not result.is_valid:
        raise NotNow("这份答卷不作解释，没有可以确认的提议。")
    reading = ResultReading(result=result, student_id=result.student_id, verdict=verdict, by=actor)
    conceal(reading, note=note)
    reading.save()
    record("assessments.read_result", subject=reading, detail={"result": result.pk, "verdict": verdict})
    return reading


@transaction.atomic
def record_informant(
    student: Student,
    version: ScaleVersion,
    answers: Sequence[int | None],
    *,
    actor,
    role: str,
    form: str,
    who: str,
    filled_on: date,
) -> InformantSheet:
    """A paper sheet of a guardian or teacher, typed in by the counselor."""
    require_school(SEE, student.school_id)
    return keep_sheet(student, version, answers, by_id=actor.pk, role=role, form=form, who=who, filled_on=filled_on)


def keep_sheet(
    student: Student,
    version: ScaleVersion,
    answers: Sequence[int | None],
    *,
    by_id: int,
    role: str,
    form: str,
    who: str,
    filled_on: date,
) -> InformantSheet:
    """Score by the key of that informant, beside the student's own. A critical answer alerts, as ever. `by_id`: who
    typed it in, or asked for it. The version stays as it is from then on, as does the key of the sheet.
    """
    freeze([version])
    result, flags = informant_scored(version.pk, definition_of(version), answers, role=role, form=form)
    sheet = InformantSheet(
        student=student, version=version, scale=result.scale, role=role, who=who, filled_on=filled_on,
        is_complete=result.is_complete, is_valid=result.is_valid, total=result.total, band=result.band,
        band_order=result.band_order, sheet=result.sheet, by_id=by_id,
    )  # fmt: skip
    conceal(sheet, answers=json.dumps({"form": form, "values": list(answers)}))
    sheet.save()
    now = timezone.now()
    for flag in flags:
        due_at = flag_due_at(flag.level, now, calendar_of(student.school.county, on=timezone.localdate(now)))
        Flag.objects.create(
            student=student, level=flag.level, source=flag.source, scale=flag.scale, item=flag.item, due_at=due_at
        )
    if flags:
        ring_after_commit("reminders.sweep")
    add_entry(
        student,
        EntryKind.SCREENING,
        filled_on,
        f"收到{who}填写的问卷",
        source=f"assessments_informantsheet:{sheet.pk}:new",
    )
    record("assessments.record_informant", subject=sheet, detail={"version": version.pk, "role": role})
    return sheet


@transaction.atomic
def let_have(sitting: Sitting, *, actor, words: str = "") -> OwnResult:
    """The student may have the soft-worded sheet. Raises NotNow while a flag of this sitting waits for its talk."""
    require_school(SEE, sitting.school_id)
    if Flag.objects.filter(sitting=sitting, handled_at__isnull=True).exists():
        raise NotNow("这次作答还有没办结的提示：请先当面谈过，再给学生看。")
    if not Result.objects.filter(sitting=sitting).exists():
        raise NotNow("这次作答没有形成结果。")
    own = OwnResult(sitting=sitting, student_id=sitting.student_id, by=actor)
    conceal(own, words=words)
    own.save()
    record("assessments.let_have_result", subject=own, detail={"sitting": sitting.pk})
    return own


def typed_answers(form: dict[str, Any], count: int) -> list[int | None]:
    """Values by printed place from "a1", "a2", …; '' is a blank, never a zero."""
    return [None if form.get(f"a{n}") in ("", None) else int(form[f"a{n}"]) for n in range(1, count + 1)]
