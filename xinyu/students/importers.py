"""From an uploaded file to a preview: the school is loaded once, the comparing is the pure roster package's."""

from dataclasses import dataclass, replace
from datetime import date

from xinyu.lib.collector import paused_collector
from xinyu.lib.spreadsheets import read_workbook
from xinyu.organisations.calendar import school_year
from xinyu.organisations.choices import FIRST_GRADE, GRADE_NAMES, STAGES_OF_KIND
from xinyu.organisations.models import Grade, Klass, School
from xinyu.vault.fields import find_by

from . import roster
from .models import Student
from .roster.klasses import read_klass


@dataclass(frozen=True)
class NewKlass:
    """A class that the file names and the school has not: the key of a class until the import makes it."""

    stage: str
    entry_year: int
    name: str

    def label_on(self, on: date) -> str:
        return Grade(stage=self.stage, entry_year=self.entry_year).name_on(on) + self.name


@dataclass(frozen=True)
class Reading:
    """A file as read (`sheet`), beside the school (`preview`), and the classes it would make."""

    school: School
    sheet: roster.RosterSheet
    preview: roster.Preview
    new_klasses: tuple[NewKlass, ...]
    on: date

    @property
    def counts(self) -> dict[str, int]:
        names = ("new", "changed", "moved", "unchanged", "absent", "doubtful", "rejected", "warnings")
        return {name: len(getattr(self.preview, name)) for name in names} | {"new_klasses": len(self.new_klasses)}

    @property
    def is_clean(self) -> bool:
        return self.preview.is_clean


def digest(number: str) -> bytes:
    """The blind index under which identity and national numbers are kept."""
    return find_by("id", number)


def klasses_of(school: School, on: date) -> list[roster.Klass]:
    rows = Klass.objects.filter(grade__school=school).select_related("grade")
    return [roster.Klass(k.pk, k.grade.entry_year, k.grade.name_on(on), k.name) for k in rows]


@paused_collector()
def existing_students(school: School) -> list[roster.ExistingStudent]:
    columns = ("id", "number", "name", "sex", "birth_on", "klass_id", "id_index", "national_index")
    rows = Student.objects.filter(school=school).values_list(*columns, "is_boarding", "left_on")
    return [
        roster.ExistingStudent(
            pk,
            number,
            name,
            sex,
            birth_on,
            klass_id,
            id_index and bytes(id_index),
            national_index and bytes(national_index),
            "boarding" if is_boarding else "day",
            left_on is not None,
        )
        for pk, number, name, sex, birth_on, klass_id, id_index, national_index, is_boarding, left_on in rows.iterator(
            chunk_size=5000
        )
    ]


def missing_klasses(
    sheet: roster.RosterSheet, school: School, known: list[roster.Klass], on: date
) -> tuple[NewKlass, ...]:
    """Classes with a plain number that the school could have and has not entered yet."""
    index = roster.KlassIndex(known)
    found: dict[NewKlass, None] = {}
    for grade, klass, entry_year in {(row.grade, row.klass, row.entry_year): None for row in sheet.rows}:
        try:
            index.find(grade, klass, entry_year)
        except roster.KlassUnknown:
            wanted = read_klass(grade, klass, entry_year)
            if (new := _possible(wanted, school, on)) is not None:
                found[new] = None
    return tuple(found)


def _possible(wanted, school: School, on: date) -> NewKlass | None:
    core = wanted.klass.lstrip("0")
    if not (core.isdecimal() and len(core) <= 2):
        return None
    year = school_year(on)
    for stage in STAGES_OF_KIND[school.kind]:
        for number in range(len(GRADE_NAMES[stage])):
            level, entry = FIRST_GRADE[stage] + number, year - number
            if wanted.grade in (str(level), GRADE_NAMES[stage][number]) or (
                not wanted.grade and wanted.entry_year == entry
            ):
                return NewKlass(stage, entry, f"{core}班") if wanted.entry_year in (None, entry) else None
    return None


def read_roster(school: School, data: bytes, file_name: str, *, on: date, creates_klasses: bool = False) -> Reading:
    """Raises SpreadsheetError or RosterRefused (both with a Chinese sentence) when there is nothing to compare."""
    sheet = roster.parse(read_workbook(data, file_name), on=on)
    known = klasses_of(school, on)
    new = missing_klasses(sheet, school, known, on) if creates_klasses else ()
    imagined = [
        roster.Klass(k, k.entry_year, Grade(stage=k.stage, entry_year=k.entry_year).name_on(on), k.name) for k in new
    ]
    preview = roster.diff(sheet, existing_students(school), [*known, *imagined], digest=digest)
    return Reading(school, sheet, preview, new, on)


def without(reading: Reading, lines: set[int]) -> Reading:
    """The reading with doubtful rows left out: the person has looked and wants them not imported now."""
    preview = reading.preview
    kept = tuple(doubt for doubt in preview.doubtful if doubt.row.line not in lines)
    return replace(reading, preview=replace(preview, doubtful=kept))


def as_new(reading: Reading, lines: set[int]) -> Reading:
    """Doubtful rows that are another person of the same name, as newcomers; only where no number collides."""
    preview, known = reading.preview, existing_students(reading.school)
    numbers, digests = {s.number for s in known}, {s.id_digest for s in known if s.id_digest}
    newcomers, kept = [], []
    for doubt in preview.doubtful:
        id_digest = digest(doubt.row.id_number) if doubt.row.id_number else None
        is_free = doubt.row.number not in numbers and id_digest not in digests
        if doubt.row.line in lines and is_free:
            newcomers.append(roster.Newcomer(doubt.row, doubt.klass, id_digest))
        else:
            kept.append(doubt)
    return replace(reading, preview=replace(preview, new=(*preview.new, *newcomers), doubtful=tuple(kept)))
