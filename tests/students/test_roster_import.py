"""Roster import end to end: through the page, through the command, undone, and refused."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from assessments.models import GrowthFile
from tests.cast import make_student
from tests.students.traps import STUDENT_TITLES, csv_file, identity_number, roster_file, xlsx_file
from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry
from xinyu.students.actions import ImportRefused, add_attention, import_roster, undo_import
from xinyu.students.importers import read_roster
from xinyu.students.models import AttentionGroup, Guardian, RosterDraft, RosterImport, Student, StudentKey
from xinyu.vault.fields import reveal

pytestmark = pytest.mark.django_db
URL = "/students/import/"


def line(number="001", name="单晓", sex="女", grade="", klass="1班", identity="", guardian="单大", phone="13900000001"):
    return (number, name, sex, grade or "初二", klass, identity, guardian, phone)


def upload(client, data, name="名单.xlsx", **extra):
    schools = extra.pop("school")
    return client.post(URL, {"school": schools, "file": SimpleUploadedFile(name, data), **extra})


def read(world, data, name="名单.xlsx", **options):
    return read_roster(world.school, data, name, on=timezone.localdate(), **options)


def bring(world, data):
    return import_roster(read(world, data), data, "名单.xlsx", actor=world.counselor)


def test_a_counselor_imports_through_the_page(here, enter):
    number = identity_number("20120304", 2)
    data = roster_file(line(identity=number), line("002", "仇一", "男", klass="2班", phone=""))
    client = enter(here.counselor)
    response = upload(client, data, school=here.school.pk)
    assert response.status_code == 302
    page = client.get(response.url)
    assert page.status_code == 200 and "还没有写入任何内容" in page.text
    with acting_as(here.counselor):
        assert Student.objects.count() == 3
        sealed = bytes(RosterDraft.objects.get().content)
        assert sealed[:2] != b"PK" and "单晓".encode() not in sealed
    done = client.post(response.url + "commit/", {"seen": page.context["seen"]})
    assert done.status_code == 302, done.text
    assert "导入完成" in client.get(done.url).text
    with acting_as(here.counselor):
        kid = Student.objects.get(number="001")
        assert (kid.pinyin, kid.initials, kid.klass_id) == ("shanxiao", "sx", here.klass.pk)
        assert reveal(kid, "id_number") == number and kid.birth_on.isoformat() == "2012-03-04"
        assert reveal(Guardian.objects.get(student=kid), "phone") == "13900000001"
        assert StudentKey.objects.filter(student=kid).exists() and kid.enrolled_on.isoformat() == "2025-09-01"
        assert not RosterDraft.objects.exists()
        entry = AuditEntry.objects.get(verb="students.import_roster")
        assert "单晓" not in json.dumps(entry.detail, ensure_ascii=False) and entry.detail["new"] == 2


def test_changed_and_moved_students_and_their_guardians_follow_the_file(here):
    first, second = here.students[:2]
    with acting_as("system:demo"):
        for kid, number in ((first, "101"), (second, "102")):
            Student.objects.filter(pk=kid.pk).update(number=number, name="甲同学")
    data = roster_file(
        line("101", "甲同学", klass="2班", identity=identity_number("20120501", 2), guardian="甲家长"),
        line("102", "甲同学", guardian="新家长", phone="13900000009"),
    )
    with acting_as(here.counselor):
        reading = read(here, data)
        assert (reading.counts["moved"], reading.counts["unchanged"], reading.counts["new"]) == (1, 1, 0)
        done = import_roster(reading, data, "a.xlsx", actor=here.counselor)
        kid = Student.objects.get(pk=first.pk)
        assert kid.klass_id == here.other_klass.pk and reveal(kid, "id_number").startswith("999999")
        assert reveal(Guardian.objects.get(pk=here.guardian.pk), "phone") == "13900000001"
        assert Guardian.objects.get(student=here.students[1]).name == "新家长"
        undo_import(done, actor=here.counselor)
        kid.refresh_from_db()
        assert kid.klass_id == here.klass.pk and kid.id_number is None
        assert reveal(Guardian.objects.get(pk=here.guardian.pk), "phone") == "13800000000"


def test_the_same_file_twice_changes_nothing(here):
    data = roster_file(line(identity=identity_number("20120304", 2)))
    with acting_as(here.counselor):
        bring(here, data)
        counts = read(here, data).counts
    assert counts["unchanged"] == 1 and not counts["new"] and not counts["changed"]


TRAPS = {
    "number": (roster_file(line(identity=999999201203040100)), "数字已丢失"),
    "checksum": (roster_file(line(identity=identity_number()[:-1] + "A")), "身份证号"),
    "unknown class": (roster_file(line(klass="9班")), "没有班级"),
    "duplicate": (roster_file(line(), line(name="曾二")), "学号重复"),
    "bad sex": (roster_file(line(sex="甲")), "性别应为"),
    "gb18030": (csv_file([STUDENT_TITLES, line(klass="9班")], "gb18030"), "没有班级"),
    "empty row": (xlsx_file({"名单": [STUDENT_TITLES, line(), [], line("002", klass="9班")]}), "没有班级"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_each_trap_is_refused_at_its_cell_and_nothing_is_written(here, enter, trap):
    data, reason = TRAPS[trap]
    client = enter(here.counselor)
    name = "名单.csv" if trap == "gb18030" else "名单.xlsx"
    page = client.get(upload(client, data, name, school=here.school.pk).url)
    assert reason in page.text and "全部导入</button>" not in page.text
    refused = client.post(page.request["PATH_INFO"] + "commit/", {"seen": page.context["seen"]})
    assert refused.status_code == 409
    errors = client.get(page.request["PATH_INFO"] + "errors.xlsx")
    assert errors.content[:2] == b"PK"
    with acting_as(here.counselor):
        assert Student.objects.count() == 3 and not RosterImport.objects.exists()


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.xlsx", "文件是空的"),
        (b"%PDF-1.4 x", "a.xlsx", "已损坏"),
        (xlsx_file({"表": [["说明"]]}), "a.xlsx", "表头"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_at_the_field(here, enter, data, name, sentence):
    response = upload(enter(here.counselor), data, name, school=here.school.pk)
    assert response.status_code == 422 and sentence in response.text


def test_two_of_the_same_name_in_a_class_are_asked_about_and_kept_apart(here, enter):
    with acting_as("system:demo"):
        make_student(here.klass, "500", "张三", birth_on=None)
    client = enter(here.counselor)
    page = client.get(upload(client, roster_file(line("501", "张三")), school=here.school.pk).url)
    assert "请您确认" in page.text
    url = page.request["PATH_INFO"] + "commit/"
    assert client.post(url, {"seen": page.context["seen"]}).status_code == 409
    assert client.post(url, {"seen": page.context["seen"], "doubt-2": "new"}).status_code == 302
    with acting_as(here.counselor):
        assert Student.objects.filter(name="张三").count() == 2


def test_missing_classes_are_made_when_asked(here):
    with acting_as(here.counselor):
        data = roster_file(line(klass="7班"), line("002", grade="初一", klass="3班"))
        reading = read(here, data, creates_klasses=True)
        assert {klass.name for klass in reading.new_klasses} == {"7班", "3班"} and reading.is_clean
        import_roster(reading, b"", "a.xlsx", actor=here.counselor)
        assert Student.objects.get(number="001").klass.name == "7班"
        assert Student.objects.get(number="002").grade.entry_year == here.grade.entry_year + 1


def test_undo_takes_new_students_with_what_came_with_them(here):
    with acting_as(here.counselor):
        done = bring(here, roster_file(line(), line("002")))
    with acting_as("system:demo"):
        GrowthFile.objects.create(student_id=done.new_ids[0], opened_on=timezone.localdate())
    with acting_as(here.counselor):
        undo_import(done, actor=here.counselor)
        assert Student.objects.count() == 3 and Guardian.objects.count() == 1
        done.refresh_from_db()
        assert done.undone_by_id == here.counselor.pk
        with pytest.raises(ImportRefused, match="已经撤销"):
            undo_import(done, actor=here.counselor)


def test_undo_is_refused_once_something_has_followed(here):
    with acting_as(here.counselor):
        done = bring(here, roster_file(line()))
        kid = Student.objects.get(number="001")
        group = AttentionGroup.objects.first()
        add_attention(kid, group, from_on=timezone.localdate(), source="家访", actor=here.counselor)
        with pytest.raises(ImportRefused, match="重点关注"):
            undo_import(done, actor=here.counselor)
        assert Student.objects.filter(pk=kid.pk).exists()


def test_nobody_else_imports_or_undoes(here, there, enter):
    with acting_as(here.counselor):
        done = bring(here, roster_file(line()))
    client = enter(there.counselor)
    assert client.get(f"/students/imports/{done.pk}/").status_code == 404
    assert client.post(f"/students/imports/{done.pk}/undo/").status_code == 404
    assert upload(client, roster_file(line()), school=here.school.pk).status_code == 422
    refused = pytest.raises(DatabaseError, match="out of sight")
    with acting_as(there.counselor), connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute("SELECT access_undo_import(%s)", [done.pk])


@pytest.mark.parametrize("role", ["homeroom", "principal", "county_officer", "system_admin", "revoked", "nobody"])
def test_roles_without_the_verb_get_403(here, enter, role):
    assert enter(here.users[role]).get(URL).status_code == 403


def test_a_draft_is_its_uploaders_alone(here, there, enter):
    client = enter(here.counselor)
    url = upload(client, roster_file(line()), school=here.school.pk).url
    assert enter(there.counselor).get(url).status_code == 404


def test_the_command_prints_the_preview_and_writes_only_on_commit(here, tmp_path):
    file = tmp_path / "名单.xlsx"
    file.write_bytes(roster_file(line(), line("002", "曾二")))
    out = io.StringIO()
    call_command("import_roster", str(file), school=here.school.code, stdout=out)
    shown = json.loads(out.getvalue())
    assert shown["clean"] and shown["counts"]["new"] == 2
    with acting_as(here.counselor):
        assert Student.objects.count() == 3
    call_command("import_roster", str(file), school=here.school.code, commit=True, stdout=io.StringIO())
    with acting_as(here.counselor):
        assert Student.objects.count() == 5 and RosterImport.objects.get().by_id == here.counselor.pk


@pytest.mark.parametrize(
    ("school", "username", "sentence"),
    [
        ("none", "", "没有标识码"),
        ("S-甲", "principal-甲", "没有在岗的心理教师"),
        ("S-甲", "counselor-乙", "没有在岗的心理教师"),
    ],
)
def test_the_command_refuses_in_chinese_with_exit_2(here, there, tmp_path, school, username, sentence):
    file = tmp_path / "a.xlsx"
    file.write_bytes(roster_file(line()))
    with pytest.raises(CommandError, match=sentence) as refusal:
        call_command("import_roster", str(file), school=school, username=username, commit=True)
    assert refusal.value.returncode == 2
