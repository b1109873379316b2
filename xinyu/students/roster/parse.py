"""From a workbook to checked rows. Works column by column, so 100,000 rows take about a second."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from xinyu.lib.collector import paused_collector
from xinyu.lib.spreadsheets import Sheet, Value, Workbook, column_letter

from . import header as headers
from .cells import CellRefused
from .checks import Checked, check_row
from .fields import BY_NAME, Field
from .shapes import RejectedCell, RosterRefused, RosterRow, RosterSheet, RosterWarning

FOOTERS = ("合计", "总计", "备注", "说明", "注：", "注:", "填表", "制表", "审核")
SHOWN_ONCE = {"id_number": "身份证号", "number": "学号", "registration": "学籍号"}


@paused_collector()
def parse(workbook: Workbook, *, on: date, sheet: str | None = None) -> RosterSheet:
    """The roster in `workbook`; `on` is the day on which ages are judged, `sheet` names one of several worksheets.

    A row with any rejected cell is not among `rows`. Raises RosterRefused when there is no list of names at all.
    """
    source, header, warnings = headers.find(workbook, sheet)
    reader = _Reader(source, header)
    lines = list(reader.filled_lines())
    if not lines:
        raise RosterRefused(f"工作表“{source.name}”的表头下面没有学生")
    columns = {name: reader.column(BY_NAME[name], lines) for name in header.columns}
    rows = []
    for line, values in zip(lines, zip(*columns.values(), strict=True), strict=True):
        checked = check_row(line + 1, dict(zip(columns, values, strict=True)), on)
        if checked.refusals or checked.warnings:
            reader.add(line, checked)
        if checked.row is not None and line not in reader.refused:
            rows.append(checked.row)
    rows = reader.without_duplicates(rows)
    rejected = tuple(sorted(reader.rejected, key=lambda cell: (cell.line, len(cell.column), cell.column)))
    everything = (*warnings, *reader.warnings)
    return RosterSheet(
        source.name, header.index + 1, header.columns, header.titles, tuple(rows), rejected, everything, source
    )


class _Reader:
    """Collects what one sheet's cells gave; lines are row indices counted from 0."""

    def __init__(self, sheet: Sheet, header: headers.Header) -> None:
        self.sheet, self.header = sheet, header
        self.rejected: list[RejectedCell] = []
        self.warnings: list[RosterWarning] = []
        self.refused: set[int] = set()
        self.refused_cells: set[tuple[int, str]] = set()

    def filled_lines(self) -> Iterator[int]:
        """Every row below the titles that has something in it; an empty row ends nothing."""
        wanted = tuple(self.header.columns.values())
        klass = self.header.columns["klass"]
        # A formula may have no value stored beside it; its row is not empty all the same.
        computed = {line for line, column in self.sheet.formulas if column in wanted}
        for line in range(self.header.index + 1, len(self.sheet.rows)):
            row = self.sheet.rows[line]
            typed = row[klass] if klass < len(row) else ""
            if line in computed or (isinstance(typed, str) and len(typed) > 1 and typed.endswith("班")):
                yield line  # nothing but a student has a class; saves looking at every cell
                continue
            filled = [row[column] for column in wanted if column < len(row) and row[column] not in ("", None)]
            if not filled or all(isinstance(value, str) and not value.strip() for value in filled):
                continue
            if len(filled) <= 2 and isinstance(filled[0], str) and filled[0].strip().startswith(FOOTERS):
                message = f"第 {line + 1} 行看起来是表尾说明，未读取"
                self.warnings.append(RosterWarning(message, self.sheet.name, line + 1))
                continue
            yield line

    def column(self, field: Field, lines: list[int]) -> list[Any]:
        """The values of one column; None where the cell was refused."""
        column, rows, formulas = self.header.columns[field.name], self.sheet.rows, self.sheet.formulas
        read = lru_cache(maxsize=10_000, typed=True)(field.read) if field.repeats else field.read
        cells = [rows[line][column] if column < len(rows[line]) else "" for line in lines]
        if not formulas:
            try:
                return list(map(read, cells))
            except CellRefused:
                pass  # at least one cell is wrong: read them singly and say which
        values: list[Any] = []
        for line, cell in zip(lines, cells, strict=True):
            try:
                if formulas and (line, column) in formulas:
                    raise CellRefused("单元格是公式，请复制后“粘贴为数值”")
                values.append(read(cell))
            except CellRefused as refusal:
                values.append(None)
                self.reject(line, field.name, str(refusal))
        return values

    def reject(self, line: int, name: str, reason: str) -> None:
        """`name` may be a field the sheet has no column for; then the class column stands for the row."""
        column = self.header.columns.get(name, self.header.columns["klass"])
        row = self.sheet.rows[line]
        value = row[column] if column < len(row) else ""
        title = self.header.titles.get(name, BY_NAME[name].title)
        shown = shown_masked(BY_NAME[name], value)
        self.rejected.append(RejectedCell(self.sheet.name, line + 1, column_letter(column), title, shown, reason))
        self.refused.add(line)
        self.refused_cells.add((line, name))

    def add(self, line: int, checked: Checked) -> None:
        for name, reason in checked.refusals:
            if (line, name) not in self.refused_cells:
                self.reject(line, name, reason)
        if line in self.refused:
            return
        for name, message in checked.warnings:
            column = self.header.columns.get(name)
            letter = "" if column is None else column_letter(column)
            title = self.header.titles.get(name, BY_NAME[name].title)
            self.warnings.append(RosterWarning(message, self.sheet.name, line + 1, letter, title))

    def without_duplicates(self, rows: list[RosterRow]) -> list[RosterRow]:
        """Of rows that share a number all are refused, since nobody can tell which one is right."""
        for name, what in SHOWN_ONCE.items():
            if name not in self.header.columns:
                continue
            letter = column_letter(self.header.columns[name])
            for lines in _shared(rows, name):
                cells = "、".join(f"{letter}{line}" for line in lines[:10])
                for line in lines:
                    self.reject(line - 1, name, f"{what}重复：{cells}")
        return [row for row in rows if row.line - 1 not in self.refused]


def shown_masked(field: Field, value: Value) -> str:
    """A cell as it may be shown on a page: masked by the kind of its column."""
    if isinstance(value, float) and not isinstance(value, bool) and abs(value) >= 1e15:
        return f"{value:.2E}"
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return field.mask(text)


def _shared(rows: list[RosterRow], name: str) -> list[list[int]]:
    values = [value for row in rows if (value := getattr(row, name))]
    if len(set(values)) == len(values):
        return []
    several = {value for value, times in Counter(values).items() if times > 1}
    lines: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if (value := getattr(row, name)) in several:
            lines[value].append(row.line)
    return list(lines.values())
