"""From the sheets of a sitting to the rows that its end leaves: results without answers, and flags. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from assessments.answers import Sheet, Sheets
from assessments.flag_due import flag_due_at
from assessments.scoring import Definition, ScoreSheet, critical, score
from assessments.scoring.definition import LEVELS
from xinyu.organisations.calendar import SchoolCalendar

#: 本区设定: the main band from which a sheet without a critical answer is talked about all the same (重度, 中偏重)
BAND_CONCERN = 3
BAND_LEVEL = "same_day"


@dataclass(frozen=True)
class Person:
    """Facts as of the invitation; None where unknown."""

    sex: str | None
    age: int | None
    grade: int | None


@dataclass(frozen=True)
class FlagDraft:
    level: str
    source: str
    scale: str
    item: int | None


@dataclass(frozen=True)
class ResultDraft:
    """One row of assessments_result. `sheet` names no answer: values of critical items are taken out."""

    version_id: int
    scale: str
    is_complete: bool
    is_valid: bool
    total: Decimal | None
    band: str
    band_order: int | None
    sheet: dict[str, Any]

    def as_row(self) -> dict[str, Any]:
        return vars(self) | {"total": None if self.total is None else str(self.total)}


def scored(
    battery: Sequence[tuple[int, Definition]], sheets: Sheets, person: Person
) -> tuple[list[ResultDraft], list[FlagDraft]]:
    """Results and flags of every scale of the battery, [(version id, definition)]; a missing sheet is all blank."""
    results, flags = [], []
    for version_id, definition in battery:
        sheet = sheets.get(definition.code) or Sheet((None,) * len(definition.items))
        found = score(
            definition,
            sheet.values,
            form=definition.printed,
            sex=person.sex or None,
            grade=person.grade,
            age=person.age,
            seconds=sheet.seconds,
        )
        results.append(_result(version_id, found))
        flags += _flags(found)
    return results, flags


def informant_scored(
    version_id: int, definition: Definition, answers: Sequence[int | None], *, role: str, form: str
) -> tuple[ResultDraft, list[FlagDraft]]:
    """A paper sheet that somebody else filled in about a student: only a critical answer flags, no band of theirs."""
    found = score(definition, answers, role=role, form=form)
    flags = [FlagDraft(flag.level, "item", found.scale, flag.item) for flag in found.flags]
    return _result(version_id, found), flags


def critical_only(battery: Sequence[tuple[int, Definition]], *several: Sheets) -> list[FlagDraft]:
    """What cannot wait, of a sitting whose answers are otherwise not used: the student declined. The most urgent answer
    to an item counts, whether it had been saved or was only on the page."""
    found: dict[tuple[str, int], FlagDraft] = {}
    for _, definition in battery:
        for sheets in several:
            sheet = sheets.get(definition.code)
            for flag in critical(definition, sheet.values, form=definition.printed) if sheet else ():
                draft, known = FlagDraft(flag.level, "item", definition.code, flag.item), (definition.code, flag.item)
                if known not in found or LEVELS.index(draft.level) > LEVELS.index(found[known].level):
                    found[known] = draft
    return list(found.values())


def with_due(flags: Sequence[FlagDraft], now: datetime, calendar: SchoolCalendar) -> list[dict[str, Any]]:
    """Rows for assessments_flag."""
    return [asdict(flag) | {"due_at": flag_due_at(flag.level, now, calendar).isoformat()} for flag in flags]


def _result(version_id: int, found: ScoreSheet) -> ResultDraft:
    shown: Mapping[str, Any] = found.as_dict()
    without = {name: value for name, value in shown.items() if name != "flags"}
    return ResultDraft(
        version_id=version_id,
        scale=found.scale,
        is_complete=found.complete,
        is_valid=found.valid,
        total=None if found.total is None else round(Decimal(str(found.total)), 2),
        band=found.band.label_zh[:60] if found.band else "",
        band_order=found.band.concern if found.band else None,
        sheet=without,
    )


def _flags(found: ScoreSheet) -> list[FlagDraft]:
    items = [FlagDraft(flag.level, "item", found.scale, flag.item) for flag in found.flags]
    if not items and _concern(found) >= BAND_CONCERN:
        return [FlagDraft(BAND_LEVEL, "band", found.scale, None)]
    return items


def _concern(found: ScoreSheet) -> int:
    """Of the main band; of a scale that has factors and no total, of its highest factor."""
    bands = [found.bands[0]] if found.bands else []
    if not bands and found.total is None and found.valid:
        bands = [factor.bands[0] for factor in found.factors if factor.bands]
    return max((band.concern for band in bands), default=0)
