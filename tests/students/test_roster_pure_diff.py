"""A roster beside the known students: certain, new, or left to a person."""

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.students.traps import STUDENT_TITLES, identity_number, roster_file
from xinyu.lib.spreadsheets import read_workbook
from xinyu.students.roster import (
    ExistingStudent,
    Klass,
    KlassIndex,
    KlassUnknown,
    diff,
    error_rows,
    error_workbook,
    parse,
)

ON = date(2026, 11, 23)
KLASSES = (
    Klass("7-1", 2026, "七年级", "1班"),
    Klass("7-2", 2026, "七年级", "2班"),
    Klass("8-1", 2025, "八年级", "（1）班"),
    Klass("10-12", 2026, "高一", "12班"),
)
BIRTH = date(2012, 3, 4)
BOY = identity_number("20120304", 1)
OTHER = identity_number("20120304", 3)


def digest(number: str) -> bytes:
    return hashlib.blake2b(number.encode(), key=b"test").digest()


def known(id=1, number="001", name="张三", sex="M", birth_on=BIRTH, klass_key="7-1", identity=BOY, **more):
    return ExistingStudent(id, number, name, sex, birth_on, klass_key, digest(identity) if identity else None, **more)


def typed(number="001", name="张三", sex="男", grade="七年级", klass="1班", identity=BOY):
    return (number, name, sex, grade, klass, identity, "", "")


def preview(rows, existing=(), **more):
    roster = parse(read_workbook(roster_file(*rows), "a.xlsx"), on=ON)
    return diff(roster, existing, KLASSES, digest=digest, **more)


def sizes(result):
    names = ("new", "changed", "moved", "unchanged", "absent", "doubtful", "rejected")
    return {name: len(getattr(result, name)) for name in names if getattr(result, name)}


def test_importing_the_same_roster_again_changes_nothing():
    assert sizes(preview([typed()], [known()])) == {"unchanged": 1}


def test_unknown_student_is_new_with_class_and_digest():
    result = preview([typed()])
    assert sizes(result) == {"new": 1} and result.is_clean
    assert (result.new[0].klass.key, result.new[0].id_digest) == ("7-1", digest(BOY))


def test_another_class_is_a_move_and_another_number_a_change():
    assert sizes(preview([typed(klass="2班")], [known()])) == {"moved": 1}
    changed = preview([typed(number="009")], [known()])
    assert [(change.label, change.old, change.new) for change in changed.changed[0].changes] == [("学号", "001", "009")]


def test_empty_cells_erase_nothing_and_new_numbers_are_not_shown():
    assert sizes(preview([typed(identity="")], [known()])) == {"unchanged": 1}
    added = preview([typed()], [known(identity=None)]).changed[0].changes
    assert [(change.field, change.new) for change in added] == [("id_number", "补录")]


def test_new_name_under_the_same_identity_is_a_change():
    result = preview([typed(name="张山")], [known()])
    assert [change.label for change in result.changed[0].changes] == ["姓名"]


def test_number_of_another_student_is_in_doubt():
    result = preview([typed(name="李四", identity=OTHER)], [known()])
    assert sizes(result) == {"doubtful": 1} and "另一名学生" in result.doubtful[0].reason
    assert not result.is_clean


def test_same_number_and_name_with_another_identity_is_in_doubt():
    assert sizes(preview([typed(identity=OTHER)], [known()])) == {"doubtful": 1}


def test_identity_of_one_and_number_of_another_is_in_doubt():
    result = preview([typed(number="002")], [known(), known(2, "002", "李四", identity=OTHER)])
    assert [student.id for student in result.doubtful[0].candidates] == [1, 2]


def test_two_rows_that_name_one_student_are_both_in_doubt():
    rows = [typed(number="005"), typed(number="001", identity="")]
    assert sizes(preview(rows, [known()])) == {"doubtful": 2}


def test_same_name_in_one_class_is_new_when_identities_differ_and_doubtful_when_unknown():
    assert sizes(preview([typed(), typed("002", identity=OTHER)], [known()])) == {"new": 1, "unchanged": 1}
    assert sizes(preview([typed("002", identity="")], [known()])) == {"doubtful": 1}
    assert sizes(preview([typed(), typed("002", identity="")], [known()])) == {"new": 1, "unchanged": 1}


def test_twins_are_never_merged():
    twin = typed("002", "张四", identity=OTHER)
    assert sizes(preview([typed(), twin], [known()])) == {"new": 1, "unchanged": 1}


def test_absent_students_are_those_of_the_classes_in_the_file():
    others = [known(), known(2, "002", "李四", identity=OTHER), known(3, "003", "王五", klass_key="8-1", identity=None)]
    assert [student.id for student in preview([typed()], others).absent] == [2]
    assert [student.id for student in preview([typed()], others, whole_school=True).absent] == [2, 3]


def test_student_whose_row_was_refused_is_not_absent():
    wrong = typed("002", "李四", identity="123")
    result = preview([typed(), wrong], [known(), known(2, "002", "李四", identity=OTHER)])
    assert sizes(result) == {"unchanged": 1, "rejected": 1}


def test_student_who_had_left_comes_back_and_is_never_absent():
    gone = known(has_left=True)
    assert [change.label for change in preview([typed()], [gone]).changed[0].changes] == ["在校状态"]
    assert sizes(preview([typed("002", "李四", identity=OTHER)], [gone])) == {"new": 1}


def test_unknown_class_is_refused_at_its_cell_with_near_ones():
    cell = preview([typed(klass="9班")]).rejected[0]
    assert (cell.column, cell.line, cell.shown) == ("E", 2, "9班")
    assert "没有班级“七年级9班”" in cell.reason and "七年级1班" in cell.reason


@pytest.mark.parametrize(
    ("grade", "klass", "key"),
    [
        *(("七年级", "1班", "7-1"), ("初一", "1", "7-1"), ("7", "01", "7-1"), ("", "七（1）班", "7-1")),
        *(("", "七年级一班", "7-1"), ("", "初一(2)班", "7-2"), ("七年级", "702", "7-2"), ("", "702班", "7-2")),
        *(("2026级", "2班", "7-2"), ("", "八年级1班", "8-1"), ("高一", "十二班", "10-12"), ("", "12班", "10-12")),
        *(("", "高一（12）班", "10-12"), ("", "2025级1班", "8-1"), ("初中二年级", "１班", "8-1")),
    ],
)
def test_usual_spellings_of_a_class(grade, klass, key):
    assert KlassIndex(KLASSES).find(grade, klass, None).key == key


def test_class_without_grade_is_refused_when_several_fit():
    with pytest.raises(KlassUnknown, match="七年级1班、八年级（1）班"):
        KlassIndex(KLASSES).find("", "1班", None)
    assert KlassIndex(KLASSES).find("", "1班", 2025).key == "8-1"


def test_error_rows_hold_the_original_cells_and_all_reasons():
    roster = parse(read_workbook(roster_file(typed(), typed("002", "=1", identity="123")), "a.xlsx"), on=ON)
    result = diff(roster, [], KLASSES, digest=digest)
    titles, row = error_rows(roster, result.rejected, result.doubtful)
    assert titles == [*STUDENT_TITLES, "原行号", "问题"]
    assert row[0] == "002" and row[5] == "123" and row[8] == 3
    assert "B3 姓名" in row[9] and "F3 身份证号" in row[9]
    sheet = read_workbook(error_workbook(roster, result.rejected), "错误.xlsx").sheets[0]
    assert sheet.rows[1][5] == "123" and not sheet.formulas


people = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(["张三", "李四"]), st.sampled_from(["", BOY, OTHER])), max_size=6
)


@given(people, people)
def test_every_row_has_exactly_one_place(rows, old):
    existing = [known(i, f"{n:03d}", name, identity=None) for i, (n, name, _id) in enumerate(dict.fromkeys(old))]
    lines = [typed(f"{n:03d}", name, identity=identity) for n, name, identity in rows] or [typed()]
    result = preview(lines, existing)
    placed = [
        entry.row.line
        for group in (result.new, result.changed, result.moved, result.unchanged, result.doubtful)
        for entry in group
    ]
    everywhere = placed + sorted({cell.line for cell in result.rejected})
    assert sorted(everywhere) == list(range(2, len(lines) + 2))
    sure = [match.student.id for group in (result.changed, result.moved, result.unchanged) for match in group]
    assert len(sure) == len(set(sure))
