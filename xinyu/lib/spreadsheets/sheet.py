"""A table as it was typed: values and addresses, no styles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Value = str | int | float | bool | date | datetime | time | timedelta
"""What one cell holds; an empty cell is the empty string."""


def column_letter(index: int) -> str:
    """0 → "A", 25 → "Z", 26 → "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The inverse of `column_letter`."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet. `rows[0]` is row 1 of the file and `rows[n][0]` is column A, empty areas included.

    `formulas` holds (row index, column index) of cells computed by a formula, both counted from 0.
    """

    name: str
    rows: list[list[Value]] = field(repr=False)
    formulas: frozenset[tuple[int, int]] = field(default=frozenset(), repr=False)
    is_hidden: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(cell not in ("", None) for row in self.rows for cell in row)


@dataclass(frozen=True, slots=True)
class Workbook:
    """The worksheets of a file in their order; `kind` is "xlsx" or "csv"."""

    sheets: tuple[Sheet, ...]
    kind: str = "xlsx"

    def by_name(self) -> Mapping[str, Sheet]:
        return {sheet.name: sheet for sheet in self.sheets}
