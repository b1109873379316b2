"""Editing a student's basics; key-attention groups with dates, source and review."""

from datetime import date
from typing import Any

from django.db import transaction

from xinyu.audit.entries import record
from xinyu.lib.names import search_keys
from xinyu.vault.fields import conceal, find_by

from ..models import Attention, AttentionGroup, Student

EDITABLE = ("klass", "number", "name", "sex", "birth_on", "is_boarding", "left_on")


@transaction.atomic
def edit_student(student: Student, *, actor, id_number: str | None = None, **values: Any) -> Student:
    """Set typed values; `id_number` None leaves it, '' removes it. The audit says which fields, never what."""
    changed = [name for name in EDITABLE if name in values and getattr(student, name) != values[name]]
    for name in changed:
        setattr(student, name, values[name])
    fields = list(changed)
    if "name" in changed:
        pinyin, initials = search_keys(student.name)
        student.pinyin, student.initials = pinyin[:160], initials[:40]
        fields += ["pinyin", "initials"]
    if id_number is not None:
        conceal(student, id_number=id_number)
        student.id_index = find_by("id", id_number) if id_number else None
        fields += ["id_number", "id_index"]
        changed.append("id_number")
    if changed:
        student.save(update_fields=fields)
        record("students.edit_student", subject=student, student_id=student.pk, detail={"changed": changed})
    return student


@transaction.atomic
def add_attention(student: Student, group: AttentionGroup, *, from_on: date, source: str, actor) -> Attention:
    """Put the student into a group from a day on. Being in one is a reason for care, never a level."""
    row = Attention(student=student, group=group, from_on=from_on, source=source, recorded_by=actor)
    row.save()
    record("students.add_attention", subject=row, student_id=student.pk, detail={"group": group.code})
    return row


@transaction.atomic
def end_attention(row: Attention, *, on: date, actor) -> Attention:
    row.to_on = on
    row.save(update_fields=["to_on"])
    record("students.end_attention", subject=row, detail={"group": row.group.code})
    return row


@transaction.atomic
def review_attention(row: Attention, *, on: date, actor) -> Attention:
    """Somebody looked again this term and it still holds."""
    row.reviewed_on = on
    row.save(update_fields=["reviewed_on"])
    record("students.review_attention", subject=row, detail={"group": row.group.code})
    return row
