"""Reading rosters: every trap by its name, each refused or accepted at the cell where it sits."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from tests.students.traps import STUDENT_TITLES, csv_file, identity_number, roster_file, xlsx_file
from xinyu.lib.spreadsheets import read_workbook
from xinyu.students.roster import RosterRefused, parse, template_workbook

ON = date(2026, 11, 23)
BOY = identity_number("20120304", 1)
GIRL = identity_number("20120304", 2)


def student(
    number="001", name="张三", sex="男", grade="七年级", klass="1班", identity=BOY, guardian="张大", phone="13812345678"
):
    return (number, name, sex, grade, klass, identity, guardian, phone)


def read(data: bytes, filename: str = "名单.xlsx", sheet: str | None = None):
    return parse(read_workbook(data, filename), on=ON, sheet=sheet)


def only_refusal(roster):
    assert len(roster.rejected) == 1, roster.rejected
    cell = roster.rejected[0]
    return f"{cell.column}{cell.line}", cell.header, cell.reason


def test_a_plain_roster_is_read_with_facts_from_the_number():
    roster = read(roster_file(student(sex=None)))
    row = roster.rows[0]
    assert (row.number, row.name, row.sex, row.birth_on, row.line) == ("001", "张三", "M", date(2012, 3, 4), 2)
    assert row.guardians[0].name == "张大" and row.guardians[0].phone == "13812345678"
    assert not roster.rejected and not roster.warnings


def test_numbers_and_names_never_stand_in_a_repr():
    shown = repr(read(roster_file(student())))
    assert BOY not in shown and "张三" not in shown and "13812345678" not in shown


def test_identity_number_stored_as_a_number_is_refused_at_its_cell():
    where, header, reason = only_refusal(read(roster_file(student(identity=999999201203040100))))
    assert (where, header) == ("F2", "身份证号") and "数字已丢失" in reason


@pytest.mark.parametrize("damaged", ["9.99999E+17", "1.2E+17", "9.99999201203040E17"])
def test_identity_number_in_scientific_notation_is_refused(damaged):
    _where, _header, reason = only_refusal(read(csv_file([STUDENT_TITLES, student(identity=damaged)]), "a.csv"))
    assert "科学计数法" in reason


def test_damaged_trailing_zeros_are_refused_or_warned_about():
    damaged = BOY[:15] + "000"
    _where, _header, reason = only_refusal(read(roster_file(student(identity=damaged))))
    assert "末尾是 000" in reason
    chance = next(
        n
        for s in range(0, 1000, 100)
        for r in range(100000, 100100)
        if (n := identity_number("20120304", s, str(r))).endswith("000")
    )
    roster = read(roster_file(student(identity=chance, sex="女")))
    assert len(roster.rows) == 1 and "末三位是 000" in roster.warnings[0].message


def test_merged_title_above_the_header_and_blank_lines_are_passed_over():
    rows = [["某某学校学生名单"], [], ["填表日期：2026-09-01"], STUDENT_TITLES, student()]
    roster = read(xlsx_file({"名单": rows}, merged="A1:H1"))
    assert roster.header_line == 4 and roster.rows[0].line == 5


def test_second_sheet_without_names_is_ignored_and_named():
    roster = read(
        xlsx_file({"名单": [STUDENT_TITLES, student()], "填写说明": [["说明"]], "旧": [STUDENT_TITLES]}, hidden="旧")
    )
    assert "填写说明" in roster.warnings[0].message and "旧”（隐藏）" in roster.warnings[0].message


def test_two_sheets_with_names_are_refused_unless_one_is_chosen():
    data = xlsx_file({"初一": [STUDENT_TITLES, student()], "初二": [STUDENT_TITLES, student("002", "李四")]})
    with pytest.raises(RosterRefused, match="“初一”、“初二”"):
        read(data)
    assert read(data, sheet="初二").rows[0].name == "李四"
    with pytest.raises(RosterRefused, match="没有工作表“初三”"):
        read(data, sheet="初三")


def test_empty_row_in_the_middle_does_not_cut_the_list():
    roster = read(roster_file(student(), (), ("", " "), student("002", "李四", "女", identity=GIRL)))
    assert [row.line for row in roster.rows] == [2, 5]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig"])
def test_csv_in_gbk_and_utf8_gives_the_same_rows(encoding):
    roster = read(csv_file([STUDENT_TITLES, student()], encoding), "a.csv")
    assert roster.rows[0].name == "张三" and roster.rows[0].id_number == BOY


def test_twins_share_birth_date_and_guardian_and_are_two_rows():
    twin = identity_number("20120304", 3)
    roster = read(roster_file(student(), student("002", "张四", identity=twin)))
    assert len(roster.rows) == 2 and not roster.rejected


def test_two_students_of_one_name_in_one_class_are_two_rows():
    roster = read(roster_file(student(), student("002", identity=identity_number("20120511", 5))))
    assert [row.number for row in roster.rows] == ["001", "002"]


def test_full_width_digits_and_lower_case_x_are_normalised():
    with_x = next(n for s in range(1, 999, 2) if (n := identity_number("20120304", s)).endswith("X"))
    wide = "".join(chr(ord(c) + 0xFEE0) for c in with_x.lower())
    row = read(roster_file(student(number="００１", identity=wide, phone="１３８１２３４５６７８"))).rows[0]
    assert (row.number, row.id_number, row.guardians[0].phone) == ("001", with_x, "13812345678")


@pytest.mark.parametrize(("typed", "kept"), [("买买提•吐尔逊", "买买提·吐尔逊"), ("𠮷䶮", "𠮷䶮"), ("张 三", "张三")])
def test_dots_and_rare_characters_in_names_are_kept(typed, kept):
    assert read(roster_file(student(name=typed))).rows[0].name == kept
    assert read(csv_file([STUDENT_TITLES, student(name=typed)], "gb18030"), "a.csv").rows[0].name == kept


def test_formula_cell_is_refused_at_its_cell():
    where, _header, reason = only_refusal(read(roster_file(student(name='="张"&"三"'))))
    assert where == "B2" and "公式" in reason


def test_duplicate_student_number_names_both_cells():
    roster = read(
        roster_file(student(), student(name="李四", sex="女", identity=GIRL), student("003", "王五", identity=""))
    )
    assert [f"{cell.column}{cell.line}" for cell in roster.rejected] == ["A2", "A3"]
    assert all("A2、A3" in cell.reason for cell in roster.rejected)
    assert [row.number for row in roster.rows] == ["003"]


def test_duplicate_identity_number_names_both_cells():
    roster = read(roster_file(student(), student("002", "李四")))
    assert [cell.reason for cell in roster.rejected] == ["身份证号重复：F2、F3"] * 2
    assert BOY not in repr(roster.rejected)


def test_bad_checksum_is_refused_and_shown_masked():
    wrong = BOY[:17] + ("0" if BOY[17] != "0" else "1")
    roster = read(roster_file(student(identity=wrong)))
    assert "校验码" in only_refusal(roster)[2]
    assert roster.rejected[0].shown == "999" + "*" * 14 + wrong[-1] and not roster.rows


def test_unknown_region_is_no_reason_to_refuse():
    for region in ("999999", "810000", "830000", "911568"):
        assert len(read(roster_file(student(identity=identity_number("20120304", 1, region)))).rows) == 1


def test_birth_date_and_sex_must_agree_with_the_number():
    titles = ("学号", "姓名", "性别", "班级", "身份证号", "出生日期")
    roster = read(roster_file(("001", "张三", "女", "1班", BOY, "2012-03-05"), titles=titles))
    assert [(cell.column, "不一致" in cell.reason) for cell in roster.rejected] == [("C", True), ("F", True)]


def test_birth_dates_are_read_as_typed_or_as_dates():
    titles = ("学号", "姓名", "性别", "班级", "出生日期")
    typed = ["2012-03-04", "2012年3月4日", 20120304, date(2012, 3, 4), "2012.3.4"]
    roster = read(roster_file(*((f"{i}", "张三", "男", "1班", day) for i, day in enumerate(typed)), titles=titles))
    assert [row.birth_on for row in roster.rows] == [date(2012, 3, 4)] * 5
    serial = read(roster_file(("1", "张三", "男", "1班", 40972), titles=titles))
    assert "日期序号" in only_refusal(serial)[2]


def test_missing_identity_number_is_allowed_with_a_warning():
    roster = read(roster_file(student(identity=None)))
    assert roster.rows[0].id_number == "" and roster.rows[0].sex == "M"
    assert any(warning.line == 2 and "没有身份证号" in warning.message for warning in roster.warnings)


def test_registration_carries_the_identity_number_and_must_agree():
    titles = ("学号", "姓名", "性别", "班级", "身份证号", "学籍号")
    roster = read(
        roster_file(
            ("1", "张三", "", "1班", "", "G" + BOY),
            ("2", "李四", "", "1班", GIRL, "G" + identity_number("20110101", 4)),
            ("3", "王五", "男", "1班", "", "L430000202612345678"),
            titles=titles,
        )
    )
    assert roster.rows[0].id_number == BOY and roster.rows[1].registration.startswith("L")
    assert only_refusal(roster)[0] == "F3"


def test_identity_number_in_the_student_number_column_is_refused():
    where, _header, reason = only_refusal(read(roster_file(student(number=GIRL))))
    assert where == "A2" and "校内学号" in reason


def test_class_turned_into_a_date_is_refused():
    assert "日期" in only_refusal(read(roster_file(student(klass=date(2026, 7, 1)))))[2]


def test_missing_cells_are_refused_where_they_belong():
    roster = read(
        roster_file(student(number=None), student("2", name=" "), student("3", klass=None, identity=GIRL, sex="女"))
    )
    assert [f"{cell.column}{cell.line} {cell.reason[:4]}" for cell in roster.rejected] == [
        "A2 学号为空",
        "B3 姓名为空",
        "E4 班级为空",
    ]


def test_one_bad_phone_is_refused_once_and_masked():
    roster = read(roster_file(student(phone="1381234567")))
    assert only_refusal(roster)[:2] == ("H2", "监护人电话") and roster.rejected[0].shown == "1********7"


def test_header_synonyms_and_remarks_are_understood():
    titles = (
        "学生学号*",
        "姓 名\n（必填）",
        "性别",
        "所在班级",
        "身份证号码",
        "是否住校",
        "家长姓名",
        "与学生关系",
        "联系电话",
        "血型",
    )
    roster = read(roster_file(("1", "张三", "男", 1, BOY, "住校", "张大", "父亲", "13812345678", "A"), titles=titles))
    row = roster.rows[0]
    assert (row.klass, row.boarding, row.guardians[0].relation) == ("1", "boarding", "父亲")
    assert "血型" in roster.warnings[0].message


@pytest.mark.parametrize(
    ("titles", "message"),
    [
        (("学号", "姓名", "性别"), "缺少列：班级"),
        (("学号", "姓名", "班级"), "缺少列：性别"),
        (("学号", "姓名", "性别", "班级", "姓名"), "重复的列：姓名"),
        (("甲", "乙", "丙"), "没有找到表头"),
    ],
)
def test_header_that_cannot_work_is_refused_as_a_whole(titles, message):
    with pytest.raises(RosterRefused, match=message):
        read(roster_file(["1"] * len(titles), titles=titles))


def test_header_without_students_is_refused():
    with pytest.raises(RosterRefused, match="下面没有学生"):
        read(roster_file())


def test_footer_is_not_a_student():
    roster = read(roster_file(student(), ("合计", "1人")))
    assert len(roster.rows) == 1 and not roster.rejected and "表尾" in roster.warnings[0].message


def test_impossible_age_is_a_warning():
    roster = read(roster_file(student(identity=identity_number("19700101", 1))))
    assert "56 岁" in roster.warnings[0].message


def test_template_is_read_back_and_keeps_text_columns():
    with pytest.raises(RosterRefused, match="下面没有学生"):
        read(template_workbook())


def test_error_cells_are_refused():
    workbook = Workbook()
    for row in (STUDENT_TITLES, student(klass="#REF!")):
        workbook.active.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    assert only_refusal(read(buffer.getvalue()))[0] == "E2"


def test_row_of_formulas_without_stored_values_is_not_taken_for_an_empty_one():
    roster = read(roster_file(student(), tuple(f"=A{n}" for n in range(1, 9))))
    assert len(roster.rows) == 1 and {cell.line for cell in roster.rejected} == {3}
