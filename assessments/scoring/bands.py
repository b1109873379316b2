"""Which band or norm table applies to this person, and where a value falls in it."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache

from .definition import Band, BandTable, Definition, Norm
from .key import Key
from .sheet import NormScore


@lru_cache(maxsize=4096)
def tables_for(
    definition: Definition, role: str, sex: str | None, grade: int | None, age: int | None
) -> tuple[dict[str, tuple[BandTable, ...]], dict[str, Norm]]:
    """Per measure ("total", "display", factor code, "norm:…") its band tables in the definition's order, and its norm.

    Of several tables with one name the first whose condition matches counts, so special groups stand before the rule.
    """
    tables: dict[str, dict[str, BandTable]] = {}
    for table in definition.band_tables:
        if table.when.matches(role, sex, grade, age):
            tables.setdefault(table.on, {}).setdefault(table.name, table)
    norms: dict[str, Norm] = {}
    for norm in definition.norms:
        if norm.when.matches(role, sex, grade, age):
            norms.setdefault(norm.on, norm)
    return {on: tuple(named.values()) for on, named in tables.items()}, norms


def place(table: BandTable, value: float) -> Band | None:
    """The band `value` falls in; None below the lowest one (possible for norm scores only)."""
    index = bisect_right(table.edges, (value, 0)) - 1
    return table.bands[index] if index >= 0 else None


def norm_score(norm: Norm, value: float) -> NormScore | None:
    """Standard score of a raw value; between two points the lower one, None below the first."""
    if norm.mean is not None and norm.sd is not None:
        return NormScore(norm.on, norm.kind, round(50 + 10 * (value - norm.mean) / norm.sd, 1), norm.source, norm.year)
    index = bisect_right([raw for raw, _ in norm.points], value) - 1
    return NormScore(norm.on, norm.kind, norm.points[index][1], norm.source, norm.year) if index >= 0 else None


def count_bands(
    key: Key, tables: Mapping[str, tuple[BandTable, ...]], scored: Sequence[int | None], reasons: Sequence[str]
) -> tuple[Band, ...]:
    """Bands on counts of items. A blank could be one more: only a band that no blank can change is given."""
    found: list[Band] = []
    if "validity" in reasons:
        return ()
    for code, chosen, low in key.counts:
        values = chosen.pick(scored)
        known = sum(1 for value in values if value is not None and value >= low)
        blank = sum(1 for value in values if value is None)
        for table in tables.get(f"count:{code}", ()):
            least, most = place(table, known), place(table, known + blank)
            if least is not None and least == most:
                found.append(least)
    return tuple(found)
