"""Bytes of .xlsx, .csv and broken files. Nothing here is a real person: region 999999 belongs to nobody."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from xinyu.lib.identity_numbers import check_digit

STUDENT_TITLES = ("学号", "姓名", "性别", "年级", "班级", "身份证号", "监护人姓名", "监护人电话")


def identity_number(birth: str = "20120304", sequence: int = 1, region: str = "999999") -> str:
    """A number with a right check digit; odd sequences are boys."""
    body = f"{region}{birth}{sequence:03d}"
    return body + check_digit(body)


def xlsx_file(sheets: dict[str, Sequence[Sequence[object]]], *, merged: str = "", hidden: str = "") -> bytes:
    """Sheets by name, rows as given; `merged` is a range of the first sheet, `hidden` a sheet's name."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        worksheet = workbook.create_sheet(name)
        for row in rows:
            worksheet.append(list(row))
        worksheet.sheet_state = "hidden" if name == hidden else "visible"
    if merged:
        workbook.worksheets[0].merge_cells(merged)
    return _saved(workbook)


def roster_file(*rows: Sequence[object], titles: Sequence[str] = STUDENT_TITLES) -> bytes:
    """One sheet with titles in row 1."""
    return xlsx_file({"名单": [titles, *rows]})


def csv_file(rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def ole_file(*, stream: str) -> bytes:
    """The container of old Office files, with one stream named in its directory."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 512


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The archive `data` with one part added or replaced."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return buffer.getvalue()


def _saved(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
