"""A definition compiled for one printed order: look-ups by place, so that scoring is a few passes over a list.

The same facts written as numbers (`signs`, `offsets`, the places of each measure) are the rows of the matrix that a
batch scorer multiplies by; nothing here depends on how many sheets are scored.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from .definition import LEVELS, Definition, Item, ItemTest, Measure
from .errors import AnswerError

Decoder = Mapping[int | None, int | None]


@dataclass(frozen=True, slots=True)
class CompiledMeasure:
    """`places` are those it rests on, through its parts; `pick` takes them out of a scored list."""

    measure: Measure
    places: tuple[int, ...]
    pick: Callable[[Sequence[int | None]], Sequence[int | None]]


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """Places are 0-based. `decoders[p]` maps a raw value (None for a blank) to the scored one; scored = offset + sign
    × raw. `critical` holds (place, item number, raw value → level). `conditional` holds (place, place of the
    condition, test, raw value when not asked), in item order."""

    definition: Definition
    form: str
    numbers: tuple[int, ...]
    decoders: tuple[Decoder, ...]
    signs: tuple[int, ...]
    offsets: tuple[int, ...]
    scored: CompiledMeasure
    factors: tuple[CompiledMeasure, ...]
    total: CompiledMeasure
    counts: tuple[tuple[str, CompiledMeasure, int], ...]
    validity: CompiledMeasure | None
    critical: tuple[tuple[int, int, Mapping[int, str]], ...]
    conditional: tuple[tuple[int, int, ItemTest, int | None], ...]


@lru_cache(maxsize=256)
def compile_key(definition: Definition, form: str | None = None) -> Key:
    """The key of one printed order. `form` may be left out only where the scale has a single one (AnswerError):
    a key belongs to scale and order, and guessing the order could shift a critical item."""
    if form is None and len(definition.forms) > 1:
        known = "、".join(f.code for f in definition.forms)
        raise AnswerError("form_needed", f"{definition.code} 有几种题序（{known}），请指明用的是哪一种")
    chosen = definition.forms[0] if form is None else definition.form(form)
    if chosen is None:
        raise AnswerError("unknown_form", f"{definition.code} 没有题序“{form}”")
    place = {number: index for index, number in enumerate(chosen.order)}
    items = [definition.items[number - 1] for number in chosen.order]
    turned = [item.number in definition.reverse for item in items]
    lie = definition.validity
    return Key(
        definition=definition,
        form=chosen.code,
        numbers=chosen.order,
        decoders=tuple(_decoder(item, flip) for item, flip in zip(items, turned, strict=True)),
        signs=tuple(-1 if flip else 1 for flip in turned),
        offsets=tuple(_mirror(item) if flip else 0 for item, flip in zip(items, turned, strict=True)),
        scored=_compiled(_bare("scored", definition.scored_items), definition.scored_items, place),
        factors=tuple(_compiled(factor, _owned(definition, factor), place) for factor in definition.factors),
        total=_compiled(definition.total, _owned(definition, definition.total), place),
        counts=tuple((c.code, _compiled(_bare(c.code, c.items), c.items, place), c.low) for c in definition.counts),
        validity=_compiled(_bare("validity", lie.items), lie.items, place) if lie else None,
        critical=_critical(definition, place),
        conditional=tuple(
            (place[item.number], place[item.ask_if.item], item.ask_if, item.otherwise)
            for item in definition.items
            if item.ask_if
        ),
    )


def _mirror(item: Item) -> int:
    values = [option.value for option in item.options]
    return min(values) + max(values)


def _decoder(item: Item, flip: bool) -> dict[int | None, int | None]:
    table: dict[int | None, int | None] = {None: None}
    mirror = _mirror(item)
    table.update({option.value: mirror - option.value if flip else option.value for option in item.options})
    return table


def _bare(code: str, items: tuple[int, ...]) -> Measure:
    return Measure(code, "", items, (), "sum", 1, False, 0)


def _owned(definition: Definition, measure: Measure) -> tuple[int, ...]:
    """The items a measure rests on, through its parts."""
    parts = [factor for factor in definition.factors if factor.code in measure.parts]
    through = [number for part in parts for number in _owned(definition, part)]
    return tuple(dict.fromkeys([*measure.items, *through]))


def _compiled(measure: Measure, items: tuple[int, ...], place: Mapping[int, int]) -> CompiledMeasure:
    places = tuple(place[number] for number in items)
    return CompiledMeasure(measure, places, _picker(places))


def _picker(places: tuple[int, ...]) -> Callable[[Sequence[int | None]], Sequence[int | None]]:
    if len(places) >= 2:
        if places == tuple(range(places[0], places[-1] + 1)):
            return itemgetter(slice(places[0], places[-1] + 1))
        return itemgetter(*places)
    return lambda values: tuple(values[p] for p in places)


def _critical(definition: Definition, place: Mapping[int, int]) -> tuple[tuple[int, int, Mapping[int, str]], ...]:
    """Where two rules meet on one answer, the more urgent one counts."""
    levels: dict[int, dict[int, str]] = {}
    for rule in sorted(definition.critical, key=lambda rule: LEVELS.index(rule.level)):
        for option in definition.items[rule.test.item - 1].options:
            if rule.test.holds(option.value):
                levels.setdefault(rule.test.item, {})[option.value] = rule.level
    return tuple((place[number], number, levels[number]) for number in sorted(levels))
