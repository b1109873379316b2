"""Small-cell suppression with complements for a two-way table of counts with its totals. Pure.

What is promised: a reader who has every published number, and knows this code's zero policy, cannot narrow any hidden
cell to a range narrower than the threshold. What is not: two versions of a table are not compared here (versions are
published at fixed times for that reason), and a large cell that is a whole row shows what everybody in the row has.
Tables that share numbers are each safe alone, not together: publish one of them, or pass `also_hidden`.

Zero policy: a zero is always shown (nobody is in it) and never used as a complement. So a hidden number is known to be
at least 1, and the protection below already counts on a reader who knows that.

How: cells and totals are arcs of a circulation (grand total → row totals → cells → column totals → grand total): every
line that adds up is a node where what flows in flows out. A hidden arc is protected when flow can be shifted around a
cycle of hidden arcs by threshold − 1. Each small cell gets the cheapest such cycle; its other arcs are the complements.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

THRESHOLD = 5
HIDDEN_LABEL = "已隐藏"
HIDDEN_NOTE = "人数少于 {threshold} 的格子及其互补格子已隐藏，以保护学生隐私；0 如实显示。"
# What it costs to hide: a total is missed more than a cell, the grand total most.
CELL_COST, LINE_TOTAL_COST, GRAND_TOTAL_COST = 1.0, 4.0, 20.0

Position = tuple[int, int]
Node = tuple[str, int]


class Exposed(Exception):
    """Nothing can be hidden beside this number so that it cannot be worked out; `row` is a row it stands in."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


@dataclass(frozen=True)
class Table:
    """Counts of persons: `counts[row][column]`, non-negative, every person in exactly one cell."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if len(self.counts) != len(self.rows) or any(len(row) != len(self.columns) for row in self.counts):
            raise ValueError("counts must have one row per label and one number per column")
        if any(value < 0 for row in self.counts for value in row):
            raise ValueError("counts must not be negative")


@dataclass(frozen=True)
class Published:
    """The table as it may be shown: None where a number is hidden. Percentages exist only between shown numbers."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    threshold: int

    def row_percent(self, row: int, column: int) -> float | None:
        """Share of the row, 0–100, one decimal; None when the cell or its total is hidden or the total is 0."""
        return _percent(self.cells[row][column], self.row_totals[row])

    def column_percent(self, row: int, column: int) -> float | None:
        return _percent(self.cells[row][column], self.column_totals[column])

    @property
    def note(self) -> str:
        """The sentence under the table; empty when nothing is hidden."""
        shown = (*self.row_totals, *self.column_totals, self.total, *(cell for row in self.cells for cell in row))
        return HIDDEN_NOTE.format(threshold=self.threshold) if None in shown else ""


def suppress(
    table: Table,
    threshold: int = THRESHOLD,
    also_hidden: frozenset[Position] = frozenset(),
    *,
    are_totals_known: bool = False,
) -> Published:
    """Hide cells and totals from 1 to threshold − 1, and complements until no hidden number can be worked out.

    also_hidden  (row, column) hidden elsewhere already: in an earlier version, or in a table that shares this number.
                 Row len(rows) and column len(columns) are the totals. A zero stays shown.
    are_totals_known  the reader has the totals of the rows and of all from another page: they stay shown and hide
                      nothing. Then a number can be Exposed, which is raised: merge its row with another one.
    """
    grid = _with_totals(table)
    height, width = len(table.rows), len(table.columns)
    known = {place for place in grid if place[1] == width} if are_totals_known else set()
    hidden = {place for place, value in grid.items() if value and (value < threshold or place in also_hidden)} - known
    waiting = sorted(hidden, key=lambda place: (grid[place], place))
    movable = {place: value for place, value in grid.items() if value and place not in known}
    for place in waiting:
        hidden |= set(_cheapest_cycle(place, movable, hidden, height, width, threshold - 1))
    shown = {place: None if place in hidden else value for place, value in grid.items()}
    return Published(
        table.rows,
        table.columns,
        tuple(tuple(shown[i, j] for j in range(width)) for i in range(height)),
        tuple(shown[i, width] for i in range(height)),
        tuple(shown[height, j] for j in range(width)),
        shown[height, width],
        threshold,
    )


def suppress_counts(counts: dict[str, int], threshold: int = THRESHOLD) -> tuple[dict[str, int | None], int | None]:
    """One line of counts and its total, as it may be shown: ({label: count or None}, total or None)."""
    shown = suppress(Table(("",), tuple(counts), (tuple(counts.values()),)), threshold)
    return dict(zip(shown.columns, shown.cells[0], strict=True)), shown.total


def _with_totals(table: Table) -> dict[Position, int]:
    """Row index len(rows) and column index len(columns) hold the totals."""
    height, width = len(table.rows), len(table.columns)
    grid = {(i, j): table.counts[i][j] for i in range(height) for j in range(width)}
    grid |= {(i, width): sum(table.counts[i]) for i in range(height)}
    grid |= {(height, j): sum(row[j] for row in table.counts) for j in range(width)}
    return grid | {(height, width): sum(map(sum, table.counts))}


def _arc(place: Position, height: int, width: int) -> tuple[Node, Node]:
    """Tail and head of a number in the circulation: grand → row → column → bottom → grand."""
    i, j = place
    tail, head = ("row", i), ("column", j)
    # A total stands on the other side of its equation, so its arc runs against the direction of a cell's.
    return (tail, head) if (i == height) == (j == width) else (head, tail)


def _cheapest_cycle(
    place: Position, grid: dict[Position, int], hidden: set[Position], height: int, width: int, shift: int
) -> list[Position]:
    """The arcs that close the cheapest cycle through `place` along which it can grow by `shift`.

    There always is one where totals may be hidden: cell, its two totals and the grand total all contain the same
    persons and can grow together. Else raises Exposed.
    """
    tail, head = _arc(place, height, width)
    order = count()
    heap: list[tuple[float, int, Node, tuple[Position, ...]]] = [(0.0, next(order), head, ())]
    done: set[Node] = set()
    while heap:
        cost, _, node, path = heapq.heappop(heap)
        if node == tail:
            return list(path)
        if node in done:
            continue
        done.add(node)
        for other, target in _steps(node, grid, height, width, shift):
            if other != place and target not in done:
                price = 0.0 if other in hidden else _cost(other, grid, height, width)
                heapq.heappush(heap, (cost + price, next(order), target, (*path, other)))
    i, j = place
    raise Exposed(
        i if i < height else min((row for row in range(height) if (row, j) in grid), key=lambda r: grid[r, j])
    )


def _steps(
    node: Node, grid: dict[Position, int], height: int, width: int, shift: int
) -> Iterator[tuple[Position, Node]]:
    """Arcs that can be walked from a node: forward (the number grows), or backward if it stays at 1 or more."""
    for other in _line(node, height, width):
        if other not in grid:  # nobody is in it, or everybody knows it
            continue
        start, end = _arc(other, height, width)
        if start == node:
            yield other, end
        elif grid[other] - shift >= 1:
            yield other, start


def _line(node: Node, height: int, width: int) -> list[Position]:
    kind, index = node
    return [(index, j) for j in range(width + 1)] if kind == "row" else [(i, index) for i in range(height + 1)]


def _cost(place: Position, grid: dict[Position, int], height: int, width: int) -> float:
    totals = (place[0] == height) + (place[1] == width)
    # Between equals the smaller number is hidden: less is lost.
    share = grid[place] / max(grid.values())
    return (CELL_COST, LINE_TOTAL_COST, GRAND_TOTAL_COST)[totals] + share


def _percent(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else round(100 * part / whole, 1)
