"""Writing .xlsx files that are handed out: templates, error sheets, lists.

A text that a spreadsheet program would run as a formula gets an apostrophe in front, the way a person would type it.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

Cell = str | int | float | bool | date | datetime | time | None
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
TEXT_FORMAT = "@"
HEADER_FONT = Font(bold=True)
HEADER_FILL = PatternFill("solid", start_color="FFE8EEF4")


@dataclass(frozen=True, slots=True)
class OutSheet:
    """One worksheet to write: its tab name, header row, rows in order, and column widths in characters."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()


def neutralise(text: str) -> str:
    """`text` without control characters, and with an apostrophe in front if it could be taken for a formula.

    >>> neutralise("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    prefix = "'" if text.startswith(FORMULA_STARTS) else ""
    return prefix + ILLEGAL_CHARACTERS_RE.sub("", text)


def write_workbook(sheets: Iterable[OutSheet]) -> bytes:
    """The .xlsx file. All columns are formatted as text, so typed identity numbers keep their digits."""
    workbook = Workbook(write_only=True)
    for sheet in sheets:
        _write(workbook, sheet)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _write(workbook: Workbook, sheet: OutSheet) -> None:
    worksheet = workbook.create_sheet(sheet.name)
    for index, _title in enumerate(sheet.header):
        column = worksheet.column_dimensions[get_column_letter(index + 1)]
        column.width = sheet.widths[index] if index < len(sheet.widths) else 14
        column.number_format = TEXT_FORMAT
    worksheet.freeze_panes = "A2"
    worksheet.append([_header_cell(worksheet, title) for title in sheet.header])
    for row in sheet.rows:
        worksheet.append([_cell(worksheet, value) for value in row])


def _header_cell(worksheet: object, title: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(worksheet, neutralise(title))
    cell.font, cell.fill, cell.alignment = HEADER_FONT, HEADER_FILL, Alignment(vertical="center")
    return cell


def _cell(worksheet: object, value: Cell) -> object:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(worksheet, neutralise(value))
    # openpyxl guesses a formula from a leading "="; neutralised text has none, and this says so for good.
    cell.data_type = "s"
    cell.number_format = TEXT_FORMAT
    return cell
