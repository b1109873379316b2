"""The rows that were refused, as they were typed, with the reasons beside them: to correct and import again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from xinyu.lib.sheets_out import Cell, OutSheet, write_workbook
from xinyu.lib.spreadsheets import Value

from .existing import Doubt
from .shapes import RejectedCell, RosterSheet

ADDED_TITLES = ("原行号", "问题")


def error_rows(
    roster: RosterSheet, rejected: Iterable[RejectedCell], doubtful: Iterable[Doubt] = ()
) -> Iterator[list[Cell]]:
    """The title row, then one row per refused or doubtful line: original cells, line number, reasons."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for cell in rejected:
        reasons[cell.line].append(f"{cell.column}{cell.line} {cell.header}：{cell.reason}")
    for doubt in doubtful:
        reasons[doubt.row.line].append(f"待确认：{doubt.reason}")
    titles = roster.source.rows[roster.header_line - 1]
    width = len(titles)
    yield [*(_plain(title) for title in titles), *ADDED_TITLES]
    for line in sorted(reasons):
        cells = [_plain(value) for value in roster.source.rows[line - 1][:width]]
        yield [*cells, *[""] * (width - len(cells)), line, "；".join(reasons[line])]


def error_workbook(roster: RosterSheet, rejected: Iterable[RejectedCell], doubtful: Iterable[Doubt] = ()) -> bytes:
    """The same as an .xlsx file. It holds personal data: hand it only to the person who uploaded the roster."""
    rows = error_rows(roster, rejected, doubtful)
    header = [str(title) for title in next(rows)]
    return write_workbook([OutSheet("需更正", header, rows, widths=[*[16] * (len(header) - 1), 80])])


def _plain(value: Value) -> Cell:
    """Numbers as text, so that nothing is rounded a second time."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10G}"
    return value if isinstance(value, str) else str(value)
