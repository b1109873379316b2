"""What readers of an uploaded table share: a cell as somebody typed it, where it stands, why a file is refused."""

from collections.abc import Collection, Sequence

from .sheet import column_letter


class SheetRefused(Exception):
    """The table does not say what it should; `errors` are Chinese sentences with the address of their cell."""

    def __init__(self, *errors: str):
        super().__init__("；".join(errors))
        self.errors = errors


def said(cell: object) -> str:
    """The cell as typed: a spreadsheet keeps a typed 3 as 3.0."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell if cell is not None else "").strip()


def address(head: Sequence[str], title: str, row: int) -> str:
    """'C4' of the column under `title`."""
    return f"{column_letter(head.index(title))}{row}"


def formula_errors(formulas: Collection[tuple[int, int]]) -> list[str]:
    """A sentence for each formula cell, (row, column) from 0: its value may be anybody's."""
    return [f"{column_letter(c)}{r + 1} 是公式，请粘贴为数值后再上传。" for r, c in sorted(formulas)]
