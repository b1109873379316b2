"""The report of a screening as tables of counts, and what of them may be shown to somebody who is not the counselor.
Pure.

How many have answered, by class and in all, stands on the board of the screening: a total of a place is no secret that
could protect a number beside it. So totals stay shown, cells protect each other, and places of few are merged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xinyu.dashboard.suppression import HIDDEN_LABEL, Exposed, Published, Table, suppress

VOID, NO_BAND, WITHHELD = "不作解释", "没有总分分级", "人数太少，不分级显示"


@dataclass(frozen=True)
class Counted:
    """So many students of `place` with this band on this scale; `order` sorts bands, None for a sheet without one."""

    scale: str
    place: str
    band: str
    order: int | None
    is_valid: bool
    count: int


@dataclass(frozen=True)
class ScaleTable:
    """Places × bands of one scale. A number is None where it is hidden."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None

    @property
    def is_partly_hidden(self) -> bool:
        return None in (self.total, *self.row_totals, *self.column_totals, *(n for row in self.cells for n in row))

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, str]], str]]:
        """[(place, [(band in short, its number)], total)], the sum last."""
        found = [*zip(self.rows, self.cells, self.row_totals, strict=True)]
        if len(self.rows) > 1:
            found.append(("合计", self.column_totals, self.total))
        return [
            (name, [(short(band), _text(n, whole)) for band, n in zip(self.columns, cells, strict=True)], _text(whole))
            for name, cells, whole in found
        ]

    def as_dict(self) -> dict[str, Any]:
        return vars(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "ScaleTable":
        lists = {name: tuple(kept[name]) for name in ("rows", "columns", "row_totals", "column_totals")}
        return cls(title=kept["title"], total=kept["total"], cells=tuple(map(tuple, kept["cells"])), **lists)


def short(band: str) -> str:
    """ "提示情绪困扰程度：轻" → "轻"."""
    return band.rpartition("：")[2]


def _text(number: int | None, whole: int | None = None) -> str:
    """ "12（8%）"; a share only of a total that is shown, and never of a hidden number."""
    if number is None:
        return HIDDEN_LABEL
    return f"{number}（{round(100 * number / whole)}%）" if whole and number else str(number)


def tables(counted: Iterable[Counted], places: Sequence[str]) -> list[tuple[str, Table]]:
    """[(scale, table)] in the order in which scales come; every place has a row in every table."""
    found = list(counted)
    out = []
    for scale in dict.fromkeys(one.scale for one in found):
        mine = [one for one in found if one.scale == scale]
        bands = sorted({_column(one) for one in mine})
        counts = {(one.place, _column(one)): 0 for one in mine}
        for one in mine:
            counts[one.place, _column(one)] += one.count
        cells = tuple(tuple(counts.get((place, band), 0) for band in bands) for place in places)
        out.append((scale, Table(tuple(places), tuple(words for _, words in bands), cells)))
    return out


def _column(one: Counted) -> tuple[int, str]:
    if not one.is_valid:
        return 99, VOID
    return (98, NO_BAND) if one.order is None or not one.band else (one.order, one.band)


def exact(named: Sequence[tuple[str, Table]]) -> list[ScaleTable]:
    """Every number, for the counselor of these students."""
    return [_shape(title, suppress(table, 1)) for title, table in named]


def guarded(named: Sequence[tuple[str, Table]], threshold: int) -> list[ScaleTable]:
    """Small groups hidden with their complements; small places merged first.

    How many of a place have answered stands on the board of the screening: totals of places are known to the reader.
    """
    return [_guarded(title, table, threshold) for title, table in named]


def _guarded(title: str, table: Table, threshold: int) -> ScaleTable:
    while True:
        sizes = {i: sum(row) for i, row in enumerate(table.counts) if any(row)}
        few = [i for i, size in sizes.items() if size < threshold]
        try:
            if not few:
                return _shape(title, suppress(table, threshold, are_totals_known=True))
            exposed = min(few, key=lambda i: sizes[i])
        except Exposed as found:
            exposed = found.row
        others = [i for i in sizes if i != exposed]
        if not others:
            return _withheld(title, table, threshold)
        table = _merged(table, exposed, min(others, key=lambda i: sizes[i]))


def _merged(table: Table, one: int, other: int) -> Table:
    """Two places as one, where the first of them stood."""
    first, second = sorted((one, other))
    both = tuple(a + b for a, b in zip(table.counts[first], table.counts[second], strict=True))
    rows = [
        (label, counts) for i, (label, counts) in enumerate(zip(table.rows, table.counts, strict=True)) if i != second
    ]
    rows[first] = (f"{table.rows[first]}、{table.rows[second]}", both)
    return Table(tuple(label for label, _ in rows), table.columns, tuple(counts for _, counts in rows))


def _withheld(title: str, table: Table, threshold: int) -> ScaleTable:
    """So few that even the name of a band would tell of somebody: one column without a number."""
    totals = [sum(row) for row in table.counts]
    shown = tuple(None if 0 < n < threshold else n for n in totals)
    total = None if 0 < sum(totals) < threshold else sum(totals)
    return ScaleTable(title, table.rows, (WITHHELD,), tuple((None,) for _ in totals), shown, (None,), total)


def _shape(title: str, one: Published) -> ScaleTable:
    return ScaleTable(title, one.rows, one.columns, one.cells, one.row_totals, one.column_totals, one.total)
