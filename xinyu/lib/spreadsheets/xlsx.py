"""An .xlsx file: archive and extent are checked first, then python-calamine reads the checked parts."""

from python_calamine import CalamineError, CalamineWorkbook

from .archive import Archive, repack
from .contents import RELATIONS, WORKBOOK, SheetPart, worksheets
from .errors import DamagedFile, EmptyFile, MacroWorkbook, TooManyCells, TooManyColumns, TooManyRows
from .extent import Extent, measure
from .limits import Limits
from .sheet import Sheet, Value, Workbook
from .xml_events import parse

SHARED_STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
# What the reader needs besides the worksheets. Nothing outside this list is inflated or handed on.
SUPPORTING_PARTS = ("[Content_Types].xml", "_rels/.rels", WORKBOOK, RELATIONS, SHARED_STRINGS, STYLES)


def read(data: bytes, limits: Limits, *, is_macro_name: bool = False) -> Workbook:
    """The worksheets of an .xlsx file. Raises subclasses of SpreadsheetError."""
    archive = Archive(data, limits)
    if is_macro_name:
        raise MacroWorkbook
    parts = {name: archive.read(name) for name in SUPPORTING_PARTS if name in archive}
    if RELATIONS not in parts:
        raise DamagedFile
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise MacroWorkbook
    _refuse_entities(parts)
    listed = worksheets(parts[WORKBOOK], parts[RELATIONS], archive)
    if len(listed) > limits.sheets:
        raise TooManyCells
    extents = {}
    for sheet in listed:
        parts[sheet.part] = archive.read(sheet.part)
        extents[sheet.part] = _bounded(sheet, parts[sheet.part], limits)
    if sum(extent.rows * extent.columns for extent in extents.values()) > limits.cells:
        raise TooManyCells
    _bound_shared_text(parts, extents, limits)
    return Workbook(_read_sheets(parts, listed, extents))


def _refuse_entities(parts: dict[str, bytes]) -> None:
    for name, content in parts.items():
        if name == SHARED_STRINGS:
            continue  # walked once, by _shared_lengths
        parse(content, lambda _name, _attributes: None)


def _bounded(sheet: SheetPart, content: bytes, limits: Limits) -> Extent:
    extent = measure(content)
    if extent.columns > limits.columns:
        raise TooManyColumns(sheet.name, limits.columns)
    if extent.rows > limits.rows:
        raise TooManyRows(sheet.name, limits.rows)
    return extent


def _bound_shared_text(parts: dict[str, bytes], extents: dict[str, Extent], limits: Limits) -> None:
    """One long shared string may be pointed at from every cell, and the reader copies it each time."""
    lengths = _shared_lengths(parts.get(SHARED_STRINGS, b""))
    cells = sum(extent.cells for extent in extents.values())
    if max(lengths, default=0) * cells <= limits.text_bytes:
        return
    total = 0
    for part in extents:
        uses = measure(parts[part], with_shared=True).shared
        total += sum(lengths[int(i)] * n for i, n in uses.items() if i.isdecimal() and int(i) < len(lengths))
    if total > limits.text_bytes:
        raise TooManyCells


def _shared_lengths(content: bytes) -> list[int]:
    lengths: list[int] = []
    if not content:
        return lengths

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            # Four bytes hold any character, in the reader and in Python alike.
            lengths[-1] += 4 * len(data)

    parse(content, start, text=text)
    return lengths


def _read_sheets(parts: dict[str, bytes], listed: list[SheetPart], extents: dict[str, Extent]) -> tuple[Sheet, ...]:
    try:
        with repack(parts) as packed:
            book = CalamineWorkbook.from_filelike(packed)
            sheets = tuple(
                Sheet(
                    name=sheet.name,
                    rows=_with_formulas(
                        book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False),
                        extents[sheet.part],
                    ),
                    formulas=frozenset(extents[sheet.part].formulas),
                    is_hidden=sheet.is_hidden,
                )
                for sheet in listed
            )
    except (CalamineError, ValueError) as error:
        raise DamagedFile from error
    if not any(sheet.rows for sheet in sheets):
        raise EmptyFile
    return sheets


def _with_formulas(rows: list[list[Value]], extent: Extent) -> list[list[Value]]:
    """The reader ends at the last stored value; formulas below it, which have none, keep their rows."""
    last = max((row for row, _column in extent.formulas), default=-1)
    blank: list[Value] = [""]
    return rows + [blank] * (last + 1 - len(rows))
