"""What the school already knows, and what a roster would change about it."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date

from .klasses import Klass
from .shapes import Boarding, RejectedCell, RosterRow, RosterWarning, Sex


@dataclass(frozen=True, slots=True)
class ExistingStudent:
    """A student of the school. Digests are the blind index of the number, None where it is not known.

    `has_left` students are matched (they may come back) but never listed as absent.
    """

    id: int
    number: str
    name: str = field(repr=False)
    sex: Sex
    birth_on: date | None
    klass_key: Hashable
    id_digest: bytes | None = field(default=None, repr=False)
    registration_digest: bytes | None = field(default=None, repr=False)
    boarding: Boarding | None = None
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. For encrypted fields `old` and `new` only say that there is something."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    row: RosterRow
    klass: Klass
    id_digest: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Match:
    """A row and the student it certainly is."""

    row: RosterRow
    klass: Klass
    student: ExistingStudent
    changes: tuple[Change, ...] = ()
    id_digest: bytes | None = field(default=None, repr=False)

    @property
    def is_moved(self) -> bool:
        return self.klass.key != self.student.klass_key


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row somebody must decide about: `reason` is Chinese, `candidates` are the students it might be."""

    row: RosterRow
    klass: Klass
    reason: str
    candidates: tuple[ExistingStudent, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row of the file is in exactly one of new, changed, moved, unchanged, doubtful, or has rejected cells.

    `moved` may carry changes as well. `absent` are present students of the classes in the file (or of the whole
    school, if asked) whom no row names: nothing happens to them until a person says that they left.
    """

    new: tuple[Newcomer, ...]
    changed: tuple[Match, ...]
    moved: tuple[Match, ...]
    unchanged: tuple[Match, ...]
    absent: tuple[ExistingStudent, ...]
    doubtful: tuple[Doubt, ...]
    rejected: tuple[RejectedCell, ...]
    warnings: tuple[RosterWarning, ...]

    @property
    def is_clean(self) -> bool:
        """Whether all of it may be written at once."""
        return not self.rejected and not self.doubtful
