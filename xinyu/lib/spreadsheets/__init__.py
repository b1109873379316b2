"""Reading spreadsheets that strangers upload: checked before any reader sees them.

`read_workbook(data, filename)` takes the bytes of an .xlsx or .csv file and returns a `Workbook` of plain cell
values with the addresses of its formula cells. Everything it refuses is a `SpreadsheetError` with a Chinese message.
"""

from pathlib import PurePath

from xinyu.lib.collector import paused_collector

from . import csv_text, xlsx
from .cells import SheetRefused, address, formula_errors, said
from .errors import (
    DamagedFile,
    EmptyFile,
    ExternalLinks,
    FileTooLarge,
    InflatesTooMuch,
    MacroWorkbook,
    NotASpreadsheet,
    OldFormat,
    PasswordProtected,
    SpreadsheetError,
    TooManyCells,
    TooManyColumns,
    TooManyRows,
    UnknownEncoding,
    UnsafeXml,
)
from .limits import DEFAULT_LIMITS, Limits
from .sheet import Sheet, Value, Workbook, column_letter

__all__ = [
    "DEFAULT_LIMITS",
    "DamagedFile",
    "EmptyFile",
    "ExternalLinks",
    "FileTooLarge",
    "InflatesTooMuch",
    "Limits",
    "MacroWorkbook",
    "NotASpreadsheet",
    "OldFormat",
    "PasswordProtected",
    "Sheet",
    "SheetRefused",
    "SpreadsheetError",
    "TooManyCells",
    "TooManyColumns",
    "TooManyRows",
    "UnknownEncoding",
    "UnsafeXml",
    "Value",
    "Workbook",
    "address",
    "column_letter",
    "formula_errors",
    "read_workbook",
    "said",
]

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
ZIP_SIGNATURE = b"PK\x03\x04"
OTHER_FORMATS = frozenset(
    {".ods", ".xlsb", ".xltm", ".xlam", ".et", ".numbers", ".pdf", ".doc", ".docx", ".zip", ".rar", ".7z", ".html"}
)


@paused_collector()
def read_workbook(data: bytes, filename: str, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """The sheets of an uploaded .xlsx or .csv file. The content decides, the file name only helps to explain.

    Raises a subclass of `SpreadsheetError` for anything that is not a plain, complete, harmless table.
    """
    suffix = PurePath(filename).suffix.lower()
    if not data.strip():
        raise EmptyFile
    if len(data) > limits.file_bytes:
        raise FileTooLarge(limits.file_bytes)
    if data.startswith(OLE_SIGNATURE):
        raise PasswordProtected if ENCRYPTED_STREAM in data else OldFormat
    if data.startswith(ZIP_SIGNATURE):
        return xlsx.read(data, limits, is_macro_name=suffix == ".xlsm")
    if suffix == ".xlsx":
        raise DamagedFile
    if suffix == ".xlsm":
        raise MacroWorkbook
    if suffix in OTHER_FORMATS:
        raise NotASpreadsheet
    return csv_text.read(data, PurePath(filename).stem, limits)
