"""From answers to a score sheet. A blank is never a zero, and a critical answer flags whatever else is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .answers import Answers, decode
from .bands import count_bands, norm_score, place, tables_for
from .definition import SEXES, Band, BandTable, Definition, Norm
from .errors import AnswerError
from .key import Key, compile_key
from .measures import factor_values, reasons_invalid, scaled, total_value
from .quality import remarks
from .sheet import FactorScore, Flag, NormScore, ScoreSheet

TOTAL_PLACES = ("total", "display", "norm:total", "norm:display")
Numbers = dict[str, float | None]


def score(
    definition: Definition,
    answers: Answers,
    *,
    role: str = "self",
    form: str | None = None,
    sex: str | None = None,
    grade: int | None = None,
    age: int | None = None,
    seconds: float | None = None,
) -> ScoreSheet:
    """Score one sheet. `answers`: one option value or None (blank) per item, in the order of `form`; `sex` "F" | "M";
    `grade` 1-12; `age` in years; `seconds` spent. Raises AnswerError (wrong number of answers, value not among the
    options, unknown form, role or sex)."""
    return _sheet(compile_key(definition, form), Filled(answers, role, sex, grade, age, seconds))


@dataclass(frozen=True, slots=True)
class Filled:
    """One sheet of a pile: what `score` takes by name."""

    answers: Answers
    role: str = "self"
    sex: str | None = None
    grade: int | None = None
    age: int | None = None
    seconds: float | None = None


def score_many(definition: Definition, pile: Iterable[Filled], *, form: str | None = None) -> list[ScoreSheet]:
    """A pile of sheets of one scale and order, in their order, by one compiled key: the same `ScoreSheet` as `score`
    gives for each. Raises AnswerError for the first sheet that is refused, named by its place in the pile (from 1);
    nothing of the pile is returned then."""
    key, found = compile_key(definition, form), []
    for nth, filled in enumerate(pile, 1):
        try:
            found.append(_sheet(key, filled))
        except AnswerError as wrong:
            raise AnswerError(wrong.rule, f"第 {nth} 份：{wrong}", wrong.position) from None
    return found


def _sheet(key: Key, filled: Filled) -> ScoreSheet:
    definition, answers, role, age = key.definition, filled.answers, filled.role, filled.age
    _check_person(definition, role, filled.sex)
    scored = decode(key, answers)
    numbers, reasons = _numbers(key, scored)
    tables, norms = tables_for(definition, role, filled.sex, filled.grade, age)
    standard = _norms(norms, numbers)
    missing = tuple(sorted(key.numbers[p] for p in key.scored.places if scored[p] is None)) if None in scored else ()
    return ScoreSheet(
        scale=definition.code,
        version=definition.version,
        digest=definition.digest,
        form=key.form,
        role=role,
        complete=not missing,
        valid=not reasons,
        invalid_because=reasons,
        answered=len(key.scored.places) - len(missing),
        missing=missing,
        prorated=bool(missing) and numbers["total"] is not None and any(scored[p] is None for p in key.total.places),
        total=numbers["total"],
        display_total=numbers["display"],
        bands=_bands(tables, numbers, TOTAL_PLACES) + count_bands(key, tables, scored, reasons),
        factors=_factors(definition, tables, numbers),
        counts=_counts(key, scored),
        norms=standard,
        flags=_flags(key, answers),
        quality=remarks(key, answers, filled.seconds, age),
    )


def critical(
    definition: Definition, answers: Answers | Mapping[int, int | None], *, form: str | None = None
) -> tuple[Flag, ...]:
    """The critical answers given so far, also while a sheet is still being filled in.

    `answers`: the first places of the form, or a mapping item number → value of whatever is known. Raises AnswerError
    for an item or value the scale does not have.
    """
    key = compile_key(definition, form)
    if isinstance(answers, Mapping):
        if unknown := set(answers) - set(key.numbers):
            raise AnswerError("unknown_item", f"{definition.code} 没有第 {min(unknown)} 题")
        answers = [answers.get(number) for number in key.numbers]
    padded = [*answers, *[None] * (len(key.numbers) - len(answers))]
    decode(key, padded)
    return _flags(key, padded)


def _check_person(definition: Definition, role: str, sex: str | None) -> None:
    if role not in definition.roles:
        known = "、".join(definition.roles)
        raise AnswerError("unknown_role", f"{definition.code} 没有由“{role}”填写的版本，可用：{known}")
    if sex is not None and sex not in SEXES:
        raise AnswerError("unknown_sex", f"性别应为 F 或 M，收到“{sex}”")


def _numbers(key: Key, scored: list[int | None]) -> tuple[Numbers, tuple[str, ...]]:
    """Factor codes, "total" and "display" → value or None; and why the sheet is invalid, if it is."""
    numbers: Numbers = dict(factor_values(key, scored))
    total = total_value(key, scored, numbers)
    reasons = reasons_invalid(key, scored, total, numbers)
    if "validity" in reasons:
        numbers = dict.fromkeys(numbers)
    numbers["total"] = None if reasons else total
    numbers["display"] = scaled(key.total.measure, numbers["total"])
    return numbers, reasons


def _norms(norms: Mapping[str, Norm], numbers: Numbers) -> tuple[NormScore, ...]:
    """Standard scores of what has a value; adds them to `numbers` as "norm:…", so that bands can stand on them."""
    found = []
    for on, norm in norms.items():
        value = numbers[on]
        standard = norm_score(norm, value) if value is not None else None
        if standard:
            numbers[f"norm:{on}"] = standard.value
            found.append(standard)
    return tuple(found)


def _bands(tables: Mapping[str, tuple[BandTable, ...]], numbers: Numbers, places: tuple[str, ...]) -> tuple[Band, ...]:
    found = []
    for on in places:
        if on in tables and (value := numbers.get(on)) is not None:
            found += [band for table in tables[on] if (band := place(table, value)) is not None]
    return tuple(found)


def _factors(
    definition: Definition, tables: Mapping[str, tuple[BandTable, ...]], numbers: Numbers
) -> tuple[FactorScore, ...]:
    return tuple(
        FactorScore(f.code, f.title_zh, numbers[f.code], _bands(tables, numbers, (f.code, f"norm:{f.code}")))
        for f in definition.factors
    )


def _counts(key: Key, scored: list[int | None]) -> tuple[tuple[str, int], ...]:
    return tuple(
        (code, sum(1 for value in chosen.pick(scored) if value is not None and value >= low))
        for code, chosen, low in key.counts
    )


def _flags(key: Key, answers: Answers) -> tuple[Flag, ...]:
    found = []
    for index, number, levels in key.critical:
        value = answers[index]
        if value is not None and value in levels:
            found.append(Flag(number, index + 1, value, levels[value]))
    return tuple(found)
