"""How much an uploaded table may hold."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, counts and one ratio; the defaults hold a district's roster of 100,000 students.

    `ratio` (inflated to packed) is applied only above `ratio_floor` bytes, since a nearly empty sheet packs very well.
    `text_bytes` bounds what shared strings expand to once every cell that points at one has its own copy.
    """

    file_bytes: int = 5 * MEBIBYTE
    inflated_bytes: int = 100 * MEBIBYTE
    ratio: int = 100
    ratio_floor: int = 4 * MEBIBYTE
    entries: int = 1000
    rows: int = 120_000
    columns: int = 50
    sheets: int = 40
    cells: int = 6_000_000
    text_bytes: int = 200 * MEBIBYTE


DEFAULT_LIMITS = Limits()
