"""How far a worksheet reaches and which of its cells are formulas, known before a reader allocates a grid.

A reader allocates rows × columns, so one cell at XFD1048576 costs gigabytes. Excel, WPS and openpyxl all write
`<c r="B7" …>`; where every cell looks like that, regular expressions over the bytes are enough (0.3 s for 800,000
cells). Anything else (prefixes, other attribute order, other encodings, formulas) is walked by a real parser.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from .errors import DamagedFile
from .sheet import column_index
from .xml_events import parse

ODD_CELL = re.compile(rb'<c(?=[\s/>])(?! r="[A-Z]{1,3}[1-9][0-9]{0,6}")')
CELL_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})')
CELL_ROW = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"')
ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
FORMULA_TAG = re.compile(rb"<f(?=[\s/>])")
# A colon may end a prefix (`<x:c`); its absence in front of these names proves that there are no prefixes to mind.
PREFIXED = (b":c", b":row", b":f")
# Any other declaration is left to the parser, which knows encodings; without one XML is UTF-8.
UTF8_START = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'](?:utf|UTF)-8[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])? ?\?>)?\s*<[A-Za-z]"
)


@dataclass(slots=True)
class Extent:
    """Rows and columns reached (counts), cells written, formula cells, and how often each shared string is used."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)
    shared: Counter[str] = field(default_factory=Counter)


def measure(content: bytes, *, with_shared: bool = False) -> Extent:
    """The extent of one worksheet's XML. `with_shared` counts the uses of shared strings (slow: walks the XML)."""
    if with_shared or not _is_plain(content):
        return _walk(content)
    rows = CELL_ROW.findall(content)
    extent = Extent(cells=len(rows))
    if rows:
        extent.rows = max(map(int, set(rows)))
        extent.columns = 1 + max(column_index(name.decode()) for name in set(CELL_COLUMN.findall(content)))
    return extent


def _is_plain(content: bytes) -> bool:
    if not UTF8_START.match(content) or b"<!" in content or (b"<f" in content and FORMULA_TAG.search(content)):
        return False
    body = max(content.find(b"<sheetData"), 0)
    head = content[:body]
    if any(token in head for token in PREFIXED):
        return False
    if content.find(b":", body) >= 0 and any(content.find(token, body) >= 0 for token in PREFIXED):
        return False
    return not ODD_CELL.search(content)


class _Walker:
    def __init__(self) -> None:
        self.extent = Extent()
        self.row = self.column = -1
        self.is_shared = self.is_in_value = False
        self.value = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = _number(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif name == "c":
            self._cell(attributes)
        elif name == "f":
            self.extent.formulas.add((self.row, self.column))
        elif name == "v":
            self.is_in_value, self.value = True, ""

    def _cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            match = ADDRESS.fullmatch(attributes["r"])
            if match is None:
                raise DamagedFile
            self.column, self.row = column_index(match[1]), int(match[2]) - 1
        else:
            self.column += 1
        self.is_shared = attributes.get("t") == "s"
        extent = self.extent
        extent.cells += 1
        extent.rows = max(extent.rows, self.row + 1)
        extent.columns = max(extent.columns, self.column + 1)

    def end(self, name: str) -> None:
        if name == "v":
            self.is_in_value = False
            if self.is_shared:
                self.extent.shared[self.value.strip()] += 1

    def text(self, data: str) -> None:
        if self.is_in_value:
            self.value += data


def _walk(content: bytes) -> Extent:
    walker = _Walker()
    parse(content, walker.start, walker.end, walker.text)
    return walker.extent


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text):
        raise DamagedFile
    return int(text)
