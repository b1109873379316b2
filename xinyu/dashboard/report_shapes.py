"""The report of a screening as tables of counts, and what of them may be shown to somebody who is not the counselor.
Pure.

The tables of one screening stand over the same students, so a row total that is hidden in one of them must not be read
in another: hidden totals are carried into every table until nothing changes any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xinyu.dashboard.suppression import HIDDEN_LABEL, Position, Published, Table, suppress

VOID, NO_BAND = "不作解释", "没有总分分级"


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
    """Small groups hidden with their complements, over all tables together."""
    hidden: frozenset[Position] = frozenset()
    while True:
        published = [suppress(table, threshold, _totals(hidden, table)) for _, table in named]
        now = hidden | {place for one in published for place in _hidden_totals(one)}
        if now == hidden:
            return [_shape(title, one) for (title, _), one in zip(named, published, strict=True)]
        hidden = now


#: columns differ from scale to scale: a total of a row is named by column −1 while it travels between tables
def _hidden_totals(one: Published) -> set[Position]:
    rows = {(i, -1) for i, total in enumerate(one.row_totals) if total is None}
    return rows | ({(len(one.rows), -1)} if one.total is None else set())


def _totals(hidden: frozenset[Position], table: Table) -> frozenset[Position]:
    return frozenset((i, len(table.columns)) for i, _ in hidden)


def _shape(title: str, one: Published) -> ScaleTable:
    return ScaleTable(title, one.rows, one.columns, one.cells, one.row_totals, one.column_totals, one.total)
