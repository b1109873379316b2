"""The arithmetic: sums, means, prorating, multipliers, the validity scale. Works on scored values by place."""

from collections.abc import Mapping, Sequence
from math import floor

from .definition import Measure
from .key import CompiledMeasure, Key

Scored = Sequence[int | None]
Values = Mapping[str, float | None]


def factor_values(key: Key, scored: Scored) -> dict[str, float | None]:
    """Factor code → value after the factor's multiplier; None where too much is blank."""
    values: dict[str, float | None] = {}
    for factor in key.factors:  # composites come after their parts, the definition was checked for it
        values[factor.measure.code] = scaled(factor.measure, _whole(factor, scored, values))
    return values


def total_value(key: Key, scored: Scored, factors: Values) -> float | None:
    """The total before its multiplier; None where too much is blank or the scale has no total."""
    return None if key.total.measure.aggregate == "none" else _whole(key.total, scored, factors)


def scaled(measure: Measure, value: float | None) -> float | None:
    if value is None or (measure.multiply == 1 and not measure.floor):
        return value
    product = value * measure.multiply
    # The tiny addition keeps a product that is whole on paper from falling one short in binary.
    return floor(product + 1e-9) if measure.floor else product


def reasons_invalid(key: Key, scored: Scored, total: float | None, factors: Values) -> tuple[str, ...]:
    """ "missing": too much blank for a total (without a total: for any factor), or for the validity scale to be known;
    "validity": its cut is reached."""
    if key.total.measure.aggregate == "none":
        missing = all(value is None for value in factors.values())
    else:
        missing = total is None
    lied = False
    lie = key.definition.validity
    if key.validity and lie:
        # Answered items only: reaching the cut with blanks left is reaching it all the same.
        known = sum(value for value in key.validity.pick(scored) if value is not None)
        lied = known >= lie.cut
        missing = missing or (not lied and known + _room(key, scored, key.validity) >= lie.cut)
    return (("missing",) if missing else ()) + (("validity",) if lied else ())


def _room(key: Key, scored: Scored, chosen: CompiledMeasure) -> int:
    """How much the blank items could still add."""
    blank = [key.decoders[p] for p in chosen.places if scored[p] is None]
    return sum(max(value for value in decoder.values() if value is not None) for decoder in blank)


def _whole(chosen: CompiledMeasure, scored: Scored, factors: Values) -> float | None:
    measure = chosen.measure
    given: Sequence[float | None]
    given = [factors[part] for part in measure.parts] if measure.parts else chosen.pick(scored)
    if None in given:
        return None if measure.parts else _prorated(measure, given)
    whole: float = sum(given)  # type: ignore[arg-type]  # no None left
    return whole / len(given) if measure.aggregate == "mean" else whole


def _prorated(measure: Measure, given: Sequence[float | None]) -> float | None:
    known = [value for value in given if value is not None]
    if len(given) - len(known) > measure.up_to:
        return None
    if measure.aggregate == "mean":
        return sum(known) / len(known)
    # Mean × items, rounded half up in whole numbers without a float in between.
    return (2 * sum(known) * len(given) + len(known)) // (2 * len(known))
