"""A roster beside what is known: who is new, changed, moved, unchanged, absent, and who cannot be told.

Sets and dictionaries only; nothing is looked up per row anywhere else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from xinyu.lib.collector import paused_collector
from xinyu.lib.spreadsheets import column_letter

from .existing import Change, Doubt, ExistingStudent, Match, Newcomer, Preview
from .klasses import Klass, KlassIndex, KlassUnknown
from .matching import KnownStudents, Unclear
from .shapes import RejectedCell, RosterRow, RosterSheet

Digest = Callable[[str], bytes]
SEX_LABELS = {"M": "男", "F": "女"}
BOARDING_LABELS = {"boarding": "住校", "day": "走读", None: ""}


@dataclass(slots=True)
class _Sorted:
    new: list[Newcomer] = field(default_factory=list)
    changed: list[Match] = field(default_factory=list)
    moved: list[Match] = field(default_factory=list)
    unchanged: list[Match] = field(default_factory=list)
    doubtful: list[Doubt] = field(default_factory=list)
    rejected: list[RejectedCell] = field(default_factory=list)


@paused_collector()
def diff(
    roster: RosterSheet,
    existing: Iterable[ExistingStudent],
    klasses: Iterable[Klass],
    *,
    digest: Digest,
    whole_school: bool = False,
) -> Preview:
    """`digest` is the keyed hash `ExistingStudent.id_digest` and `.registration_digest` were made with."""
    sorted_rows = _Sorted()
    placed = _placed(roster, KlassIndex(klasses), sorted_rows)
    known = KnownStudents(existing)
    digests = [digest(row.id_number) if row.id_number else None for row, _ in placed]
    matched = known.match([(row, klass.key) for row, klass in placed], digests)
    for (row, klass), id_digest, answer in zip(placed, digests, matched, strict=True):
        if answer is None:
            sorted_rows.new.append(Newcomer(row, klass, id_digest))
        elif isinstance(answer, Unclear):
            sorted_rows.doubtful.append(Doubt(row, klass, answer.reason, answer.candidates))
        else:
            changes = _changes(row, answer, id_digest, digest)
            _file(Match(row, klass, answer, changes, id_digest), sorted_rows)
    keys = None if whole_school else {klass.key for _, klass in placed}
    absent = tuple(s for s in known.unnamed() if not s.has_left and (keys is None or s.klass_key in keys))
    return _preview(sorted_rows, roster, absent)


def _preview(out: _Sorted, roster: RosterSheet, absent: tuple[ExistingStudent, ...]) -> Preview:
    return Preview(
        new=tuple(out.new),
        changed=tuple(out.changed),
        moved=tuple(out.moved),
        unchanged=tuple(out.unchanged),
        absent=_without_rejected(absent, roster, out),
        doubtful=tuple(out.doubtful),
        rejected=tuple(sorted((*roster.rejected, *out.rejected), key=lambda cell: (cell.line, cell.column))),
        warnings=roster.warnings,
    )


def _placed(roster: RosterSheet, index: KlassIndex, out: _Sorted) -> list[tuple[RosterRow, Klass]]:
    """Rows with the class they name; rows with an unknown class are rejected at their class cell."""
    placed = []
    letter, title = column_letter(roster.columns["klass"]), roster.titles["klass"]
    for row in roster.rows:
        try:
            placed.append((row, index.find(row.grade, row.klass, row.entry_year)))
        except KlassUnknown as unknown:
            out.rejected.append(RejectedCell(roster.sheet, row.line, letter, title, row.klass, str(unknown)))
    return placed


def _file(match: Match, out: _Sorted) -> None:
    if match.is_moved:
        out.moved.append(match)
    elif match.changes:
        out.changed.append(match)
    else:
        out.unchanged.append(match)


def _changes(row: RosterRow, student: ExistingStudent, id_digest: bytes | None, digest: Digest) -> tuple[Change, ...]:
    """Fields that differ; an empty cell never erases what is known."""
    changes = []
    if row.number != student.number:
        changes.append(Change("number", "学号", student.number, row.number))
    if row.name != student.name:
        changes.append(Change("name", "姓名", student.name, row.name))
    if row.sex != student.sex:
        changes.append(Change("sex", "性别", SEX_LABELS[student.sex], SEX_LABELS[row.sex]))
    if row.birth_on is not None and row.birth_on != student.birth_on:
        changes.append(Change("birth_on", "出生日期", str(student.birth_on or ""), str(row.birth_on)))
    if row.boarding is not None and row.boarding != student.boarding:
        old, new = BOARDING_LABELS[student.boarding], BOARDING_LABELS[row.boarding]
        changes.append(Change("boarding", "住宿方式", old, new))
    if student.has_left:
        changes.append(Change("has_left", "在校状态", "离校", "在校"))
    changes += _sealed_change("id_number", "身份证号", student.id_digest, id_digest)
    registration = digest(row.registration) if row.registration else None
    changes += _sealed_change("registration", "学籍号", student.registration_digest, registration)
    return tuple(changes)


def _sealed_change(name: str, label: str, old: bytes | None, new: bytes | None) -> list[Change]:
    if new is None or new == old:
        return []
    return [Change(name, label, "已有" if old else "", "更正" if old else "补录")]


def _without_rejected(
    absent: tuple[ExistingStudent, ...], roster: RosterSheet, out: _Sorted
) -> tuple[ExistingStudent, ...]:
    """A student whose row was refused is in the file all the same: she is not absent."""
    lines = {cell.line for cell in (*roster.rejected, *out.rejected)}
    column = roster.columns["number"]
    typed = set()
    for line in lines:
        row = roster.source.rows[line - 1]
        value = row[column] if column < len(row) else ""
        typed.add(str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip())
    return tuple(student for student in absent if student.number not in typed)
