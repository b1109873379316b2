"""import_roster: all of a file or nothing. undo_import: all of an import or nothing."""

import base64
import hashlib
import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from xinyu.access.actor import current_user_id
from xinyu.access.posts import live_posts, schools_with
from xinyu.audit.entries import record
from xinyu.organisations.actions import create_grade, create_klass
from xinyu.organisations.models import Klass, School
from xinyu.vault import envelope
from xinyu.vault.keys import master, suite

from .. import enrol
from ..guardians_in import bring_guardians
from ..importers import NewKlass, Reading
from ..models import Guardian, RosterImport, Student

#: columns of a student that an import may change, and so an undo must put back
KEPT = ("klass_id", "number", "name", "pinyin", "initials", "sex", "birth_on", "is_boarding", "left_on")
KEPT_BYTES = ("id_number", "id_index", "national_number", "national_index")
WHAT = {
    "assessments_sitting": "测评",
    "assessments_flag": "访谈队列",
    "assessments_interview": "访谈",
    "assessments_timelineentry": "成长档案",
    "crisis_case": "一人一案",
    "students_attention": "重点关注登记",
    "students_guardiandecision": "监护人同意记录",
}


class ImportRefused(Exception):
    """Why nothing was written or undone, as a Chinese sentence."""


def refuse_other_schools(school: School, verb: str) -> None:
    """Open tables name every school: only one where the person holds the verb will do. Systems act for all."""
    if current_user_id() is not None and school.pk not in schools_with(live_posts(), verb):
        raise PermissionDenied("只能导入本校的名册。")


@transaction.atomic
def import_roster(reading: Reading, data: bytes, file_name: str, *, actor) -> RosterImport:
    """Write what `reading` shows. Raises ImportRefused, nothing written, when it is not clean or stale."""
    school, preview = reading.school, reading.preview
    refuse_other_schools(school, "students.import_roster")
    if not reading.is_clean:
        raise ImportRefused("文件中还有需要更正或确认的地方，没有导入任何内容。")
    matches = [*preview.changed, *preview.moved]
    old = _old_values([match.student.id for match in matches])
    try:
        with transaction.atomic():
            klass_ids, made = _klass_ids(reading)
            new_ids = enrol.insert_students(preview.new, klass_ids, reading.on)
            keys = enrol.keys_of(old)
            vault_ids = {pk: values["vault_id"] for pk, values in old.items()}
            if enrol.change_students(matches, klass_ids, vault_ids, keys) != len(matches):
                raise ImportRefused("有学生在预览之后被移走，没有导入任何内容，请重新上传。")
            guardians = bring_guardians([*matches, *preview.unchanged])
    except IntegrityError as error:
        raise ImportRefused("学号与已有学生冲突（可能刚有人改过），没有导入任何内容，请重新上传。") from error
    done = RosterImport.objects.create(
        school=school,
        by=actor,
        file_name=file_name[-120:],
        file_digest=hashlib.sha256(data).hexdigest(),
        counts=reading.counts | {"guardians": len(guardians["added"]) + len(guardians["phones"])},
        new_ids=new_ids,
    )
    seal_undo(done, {"students": old, "guardians": guardians, "klasses": made})
    record(
        "students.import_roster", subject=done, school_id=school.pk, detail=done.counts | {"digest": done.file_digest}
    )
    return done


def _klass_ids(reading: Reading) -> tuple[dict[Any, int], list[int]]:
    """Class key of the preview → id, after making the classes that were announced; and the ids made."""
    ids: dict[Any, int] = {}
    for new in reading.new_klasses:
        grade = create_grade(reading.school, new.stage, new.entry_year)
        ids[new] = create_klass(grade, new.name).pk
    made = list(ids.values())
    for pk in Klass.objects.filter(grade__school=reading.school).values_list("pk", flat=True):
        ids[pk] = pk
    return ids, made


def _old_values(ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = Student.objects.filter(pk__in=ids).values("id", "vault_id", *KEPT, *KEPT_BYTES)
    return {row["id"]: row for row in rows}


def _undo_aad(done: RosterImport) -> bytes:
    return f"{done._meta.db_table}|undo|{done.pk}|school:{done.school_id}".encode()


def _plain(value: Any) -> Any:
    return base64.b64encode(bytes(value)).decode() if isinstance(value, bytes | memoryview) else str(value)


def seal_undo(done: RosterImport, content: dict[str, Any]) -> None:
    plain = json.dumps(content, default=_plain).encode()
    done.undo = envelope.seal(master().derive("roster-undo"), plain, _undo_aad(done), suite())
    done.save(update_fields=["undo"])


def open_undo(done: RosterImport) -> dict[str, Any]:
    return json.loads(envelope.unseal(master().derive("roster-undo"), bytes(done.undo or b""), _undo_aad(done)))


@transaction.atomic
def undo_import(done: RosterImport, *, actor) -> RosterImport:
    """Put everything back as it was before. Raises ImportRefused once something has followed from the import."""
    refuse_other_schools(done.school, "students.import_roster")
    done = RosterImport.objects.select_for_update(of=("self",)).get(pk=done.pk)
    if done.undone_at is not None:
        raise ImportRefused("这次导入已经撤销过了。")
    if RosterImport.objects.filter(school=done.school_id, pk__gt=done.pk, undone_at=None).exists():
        raise ImportRefused("这之后还有别的导入，请先撤销最近的一次。")
    content = open_undo(done)
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_undo_import(%s)", [done.pk])
        follower = cursor.fetchone()[0]
    if follower:
        raise ImportRefused(f"新增的学生已经有了{WHAT.get(follower, '后续记录')}，不能撤销；请逐个更正。")
    _put_back(content)
    done.undone_at, done.undone_by = timezone.now(), actor
    done.save(update_fields=["undone_at", "undone_by"])
    record("students.undo_import", subject=done, school_id=done.school_id, detail={"students": len(done.new_ids)})
    return done


def _put_back(content: dict[str, Any]) -> None:
    for pk, values in content["students"].items():
        typed = {name: values[name] for name in KEPT if name not in ("is_boarding", "birth_on", "left_on")}
        typed |= {"is_boarding": values["is_boarding"] in (True, "True")}
        typed |= {name: values[name] or None for name in ("birth_on", "left_on")}
        typed |= {name: values[name] and base64.b64decode(values[name]) for name in KEPT_BYTES}
        Student.objects.filter(pk=pk).update(**typed)
    for pk, phone, index in content["guardians"]["phones"]:
        Guardian.objects.filter(pk=pk).update(
            phone=phone and base64.b64decode(phone), phone_index=index and base64.b64decode(index)
        )


__all__ = ["ImportRefused", "NewKlass", "import_roster", "undo_import"]
