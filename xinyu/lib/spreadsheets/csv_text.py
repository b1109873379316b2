"""A .csv file: UTF-8 (with or without a byte order mark), GBK or GB18030; comma, semicolon or tab."""

import csv
import io
import re

from .errors import EmptyFile, NotASpreadsheet, SpreadsheetError, TooManyColumns, TooManyRows, UnknownEncoding
from .limits import Limits
from .sheet import Sheet, Value, Workbook

CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
MARKUP = re.compile(r"\s*(<!doctype|<html|<\?xml|<table|\{\\rtf|%pdf)", re.IGNORECASE)
LONGEST_CELL = 32_767  # characters, Excel's own limit


def read(data: bytes, name: str, limits: Limits) -> Workbook:
    """One sheet named after the file. Cells are strings; a cell that starts with "=" counts as a formula."""
    text = _decode(data)
    if MARKUP.match(text):
        raise NotASpreadsheet
    rows = _rows(text, name, limits)
    if not any(cell.strip() for row in rows for cell in row):
        raise EmptyFile
    formulas = frozenset(
        (i, j) for i, row in enumerate(rows) for j, cell in enumerate(row) if cell.lstrip().startswith("=")
    )
    values: list[list[Value]] = [list(row) for row in rows]
    return Workbook((Sheet(name or "CSV", values, formulas),), kind="csv")


def _decode(data: bytes) -> str:
    """UTF-8 when it is valid UTF-8, which GBK text practically never is; else GB18030, which contains GBK."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16")
    if CONTROL_BYTES.search(data):
        raise NotASpreadsheet
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strict(data, "gb18030")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnknownEncoding from error


def _rows(text: str, name: str, limits: Limits) -> list[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            if len(row) > limits.columns and any(row[limits.columns :]):
                raise TooManyColumns(name, limits.columns)
            rows.append(row[: limits.columns])
            if len(rows) > limits.rows:
                raise TooManyRows(name, limits.rows)
    except csv.Error as error:
        raise SpreadsheetError from error
    return rows


def _delimiter(text: str) -> str:
    """Whichever of comma, tab and semicolon occurs most in the first lines."""
    head = "\n".join(text[:20_000].splitlines()[:20])
    return max(",\t;", key=head.count)
