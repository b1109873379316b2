"""What the reader accepts, and that everything dangerous is refused before it costs memory."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.students.traps import csv_file, ole_file, with_part, xlsx_file
from xinyu.lib import spreadsheets
from xinyu.lib.sheets_out import OutSheet, neutralise, write_workbook
from xinyu.lib.spreadsheets import Limits, column_letter, read_workbook
from xinyu.lib.spreadsheets.extent import measure

PLAIN = {"甲": [("学号", "姓名"), ("001", "张三")]}
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_xml(body: bytes) -> bytes:
    return (
        b'<?xml version="1.0" encoding="UTF-8"?><worksheet '
        + NAMESPACE
        + b"><sheetData>"
        + body
        + b"</sheetData></worksheet>"
    )


def test_reader_keeps_addresses_when_the_first_rows_and_columns_are_empty():
    data = xlsx_file({"甲": [(), (), (None, None, "姓名"), (None, None, "张三")]})
    rows = read_workbook(data, "a.xlsx").sheets[0].rows
    assert rows[2][2] == "姓名" and rows[3][2] == "张三" and rows[0] == ["", "", ""]


def test_reader_lists_sheets_and_says_which_are_hidden():
    data = xlsx_file({"名单": PLAIN["甲"], "字典": [("男",)]}, hidden="字典")
    assert [(sheet.name, sheet.is_hidden) for sheet in read_workbook(data, "a.xlsx").sheets] == [
        ("名单", False),
        ("字典", True),
    ]


def test_reader_knows_formula_cells_even_when_they_hold_no_value():
    sheet = read_workbook(xlsx_file({"甲": [("x", "=1+1"), ("=A1", "y")]}), "a.xlsx").sheets[0]
    assert sheet.formulas == {(0, 1), (1, 0)}


def test_formulas_hidden_behind_a_prefix_or_another_encoding_are_found():
    prefixed = b'<x:worksheet xmlns:x="m"><x:row r="1"><x:c r="B1"><x:f>1</x:f></x:c></x:row></x:worksheet>'
    plain = '<?xml version="1.0" encoding="UTF-16"?><worksheet><row r="2"><c r="A2"><f>1</f></c></row></worksheet>'
    assert measure(prefixed).formulas == {(0, 1)}
    assert measure(plain.encode("utf-16")).formulas == {(1, 0)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_is_read_in_every_usual_encoding(encoding):
    book = read_workbook(csv_file([("学号", "姓名"), ("001", "张三")], encoding), "名单.csv")
    assert book.kind == "csv" and book.sheets[0].rows[1] == ["001", "张三"]


def test_csv_with_semicolons_or_tabs_is_split():
    assert read_workbook("学号;姓名\n1;张三".encode(), "a.csv").sheets[0].rows == [["学号", "姓名"], ["1", "张三"]]
    assert read_workbook("学号\t姓名\n1\t张三".encode(), "a.csv").sheets[0].rows[1] == ["1", "张三"]


def zip_bomb() -> bytes:
    return with_part(xlsx_file(PLAIN), SHEET, sheet_xml(b" " * 60_000_000))


def far_cell() -> bytes:
    return with_part(
        xlsx_file(PLAIN), SHEET, sheet_xml(b'<row r="1"><c r="A1"/></row><row r="9"><c r="XFD1048576"/></row>')
    )


def far_cell_in_disguise() -> bytes:
    body = b"<row r='1048000'><c s='1' r='A1048000'/></row>"
    return with_part(xlsx_file(PLAIN), SHEET, sheet_xml(body))


def entity_bomb() -> bytes:
    xml = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet ' + NAMESPACE + b"><sheetData>&a;</sheetData></worksheet>"
    return with_part(xlsx_file(PLAIN), SHEET, xml)


def shared_text_bomb() -> bytes:
    strings = b"<sst " + NAMESPACE + b"><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 20_000))
    return with_part(with_part(xlsx_file(PLAIN), "xl/sharedStrings.xml", strings), SHEET, sheet_xml(cells))


def doubled_part() -> bytes:
    return with_part(xlsx_file(PLAIN), "xl/Workbook.xml", b"<workbook/>")


REFUSED = {
    "empty file": (lambda: b"", "a.xlsx", "EmptyFile"),
    "blank file": (lambda: b" \r\n", "a.csv", "EmptyFile"),
    "empty sheet": (lambda: xlsx_file({"甲": []}), "a.xlsx", "EmptyFile"),
    "not a spreadsheet": (lambda: b"\x89PNG\r\n\x1a\n\0\0", "a.png", "NotASpreadsheet"),
    "a page with another suffix": (lambda: b"<html><table><tr><td>1", "a.csv", "NotASpreadsheet"),
    "a document in a zip": (lambda: _zip({"word/document.xml": b"<w/>"}), "a.xlsx", "NotASpreadsheet"),
    "text called xlsx": (lambda: b"hello", "a.xlsx", "DamagedFile"),
    "cut off": (lambda: xlsx_file(PLAIN)[:-200], "a.xlsx", "DamagedFile"),
    "old format": (lambda: ole_file(stream="Workbook"), "a.xls", "OldFormat"),
    "password": (lambda: ole_file(stream="EncryptedPackage"), "a.xlsx", "PasswordProtected"),
    "macro": (lambda: with_part(xlsx_file(PLAIN), "xl/vbaProject.bin", b"x"), "a.xlsx", "MacroWorkbook"),
    "macro by name": (lambda: xlsx_file(PLAIN), "a.xlsm", "MacroWorkbook"),
    "external link": (
        lambda: with_part(xlsx_file(PLAIN), "xl/externalLinks/externalLink1.xml", b"<x/>"),
        "a.xlsx",
        "ExternalLinks",
    ),
    "zip bomb": (zip_bomb, "a.xlsx", "InflatesTooMuch"),
    "far cell": (far_cell, "a.xlsx", "TooManyColumns"),
    "far cell in disguise": (far_cell_in_disguise, "a.xlsx", "TooManyRows"),
    "entities": (entity_bomb, "a.xlsx", "UnsafeXml"),
    "shared text": (shared_text_bomb, "a.xlsx", "TooManyCells"),
    "doubled part": (doubled_part, "a.xlsx", "DamagedFile"),
    "too many columns": (lambda: xlsx_file({"甲": [["x"] * 60]}), "a.xlsx", "TooManyColumns"),
    "too many columns in csv": (lambda: csv_file([["x"] * 60]), "a.csv", "TooManyColumns"),
    "another encoding": (lambda: b"\xff\xfd\xfc\x80\x80", "a.csv", "UnknownEncoding"),
    "too large": (lambda: b"x" * (5 * 1024 * 1024 + 1), "a.csv", "FileTooLarge"),
}


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("trap", REFUSED)
def test_dangerous_or_foreign_file_is_refused_with_a_chinese_reason(trap):
    build, filename, error = REFUSED[trap]
    with pytest.raises(spreadsheets.SpreadsheetError) as refusal:
        read_workbook(build(), filename)
    assert type(refusal.value).__name__ == error
    assert any("\u4e00" <= character <= "\u9fff" for character in str(refusal.value))


def test_row_limit_counts_rows_of_both_kinds():
    limits = Limits(rows=3)
    rows = [("1", "x")] * 4
    for data, name in ((xlsx_file({"甲": rows}), "a.xlsx"), (csv_file(rows), "a.csv")):
        with pytest.raises(spreadsheets.TooManyRows, match="3 行"):
            read_workbook(data, name, limits)


def test_a_small_file_that_packs_very_well_is_read():
    data = with_part(xlsx_file(PLAIN), SHEET, sheet_xml(b'<row r="1"><c r="A1"><v>1</v></c></row>' + b" " * 3_000_000))
    assert read_workbook(data, "a.xlsx").sheets[0].rows == [[1.0]]


def test_column_letters_go_beyond_z():
    assert [column_letter(n) for n in (0, 25, 26, 51, 701, 702)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_written_text_never_becomes_a_formula(text):
    data = write_workbook([OutSheet("表", ["列"], [[text]])])
    sheet = read_workbook(data, "out.xlsx").sheets[0]
    assert not sheet.formulas
    assert sheet.rows[1][0].startswith("'") and neutralise(text) == "'" + text


def test_written_columns_are_text_so_that_typed_numbers_keep_their_digits():
    sheet = load_workbook(io.BytesIO(write_workbook([OutSheet("表", ["身份证号"], [["001"]])]))).active
    assert sheet.column_dimensions["A"].number_format == "@" and sheet["A2"].value == "001"


WHOLE = xlsx_file({"甲": [("学号", "姓名"), ("001", "张三"), (2, "=A1")]})


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(changes):
    damaged = bytearray(WHOLE)
    for place, byte in changes:
        damaged[place] = byte
    try:
        book = read_workbook(bytes(damaged), "a.xlsx")
    except spreadsheets.SpreadsheetError as refusal:
        assert str(refusal)
    else:
        assert book.sheets
