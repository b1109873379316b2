"""What a roster file says, cell by cell. Numbers of people never appear in a repr."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from xinyu.lib.spreadsheets import Sheet

Sex = Literal["M", "F"]
Boarding = Literal["boarding", "day"]


class RosterRefused(ValueError):
    """The file as a whole is no roster; the message is Chinese and names what is missing."""


@dataclass(frozen=True, slots=True)
class Guardian:
    """One guardian as written in the row; phone normalised, empty strings where nothing was written."""

    name: str = field(repr=False)
    relation: str = ""
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One student as the file describes her; every value already normalised and checked on its own.

    `line` is the row number in the file, counted from 1. `grade` and `klass` are as typed. Empty cells are "" or None.
    """

    line: int
    number: str
    name: str = field(repr=False)
    sex: Sex
    grade: str
    klass: str
    entry_year: int | None = None
    birth_on: date | None = None
    id_number: str = field(default="", repr=False)
    registration: str = field(default="", repr=False)
    boarding: Boarding | None = None
    guardians: tuple[Guardian, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class RejectedCell:
    """A cell that keeps its row out. `shown` is masked; `header` is the title as typed; `column` a letter."""

    sheet: str
    line: int
    column: str
    header: str
    shown: str
    reason: str


@dataclass(frozen=True, slots=True)
class RosterWarning:
    """Something to look at that stops nothing. Without `line` it is about the file."""

    message: str
    sheet: str = ""
    line: int | None = None
    column: str = ""
    header: str = ""


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """The one worksheet that was read. `columns` maps field → column index, `titles` field → title as typed."""

    sheet: str
    header_line: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    rows: tuple[RosterRow, ...] = field(repr=False)
    rejected: tuple[RejectedCell, ...] = field(repr=False)
    warnings: tuple[RosterWarning, ...] = field(repr=False)
    source: Sheet = field(repr=False)
