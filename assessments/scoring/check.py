"""What a well-formed document may still get wrong: keys that miss, repeat or misplace an item.

The rules come from mistakes found in published scale code: factors with an item twice, a lie-scale item counted into
a content factor, items no factor owns, cut-offs no total can reach.
"""

from collections.abc import Iterable

from .definition import BandTable, Definition, ItemTest, Measure
from .reader import refuse


def check_definition(scale: Definition) -> None:
    """Raises `DefinitionError` for the first contradiction found."""
    _check_items(scale)
    _check_forms(scale)
    for place, factor in enumerate(scale.factors):
        _check_measure(scale, factor, f"factors[{place}]", {f.code for f in scale.factors[:place]})
    _check_measure(scale, scale.total, "total", {f.code for f in scale.factors})
    _check_range(scale)
    _check_bands(scale)
    _check_norms(scale)
    _check_tests(scale)
    _check_lists(scale)


def reach(scale: Definition, measure: Measure) -> tuple[float, float]:
    """Lowest and highest value a measure can take before `multiply`."""
    if measure.parts:
        known = {factor.code: factor for factor in scale.factors}
        ends = [tuple(x * known[part].multiply for x in reach(scale, known[part])) for part in measure.parts]
    else:
        values = {item.number: [option.value for option in item.options] for item in scale.items}
        ends = [(min(values[number]), max(values[number])) for number in measure.items]
    low, high = sum(end[0] for end in ends), sum(end[1] for end in ends)
    return (low / len(ends), high / len(ends)) if measure.aggregate == "mean" else (low, high)


def _check_items(scale: Definition) -> None:
    if [item.number for item in scale.items] != list(range(1, len(scale.items) + 1)) or not scale.items:
        raise refuse("item_numbers", "items", "题号应从 1 起连续，不重不漏")
    for item in scale.items:
        where = f"items[{item.number - 1}]"
        values = [option.value for option in item.options]
        if len(values) < 2 or len(set(values)) != len(values):
            raise refuse("item_options", where, f"第 {item.number} 题至少要有两个选项，分值不能重复")
        if scale.text_status != "none" and not item.text_zh.strip():
            raise refuse("missing_text", where, f"第 {item.number} 题没有题目文字")
        if scale.text_status == "none" and item.text_zh:
            raise refuse("unlicensed_text", where, "不带题目文字的量表里出现了题目文字")
        if item.ask_if and item.ask_if.item >= item.number:
            raise refuse("condition_order", where, f"第 {item.number} 题只能以前面的题为条件")
        if item.ask_if and not item.unscored and item.otherwise not in values:
            raise refuse("condition_value", where, f"第 {item.number} 题跳过时按哪个选项计分，没有写明")
    low, high = scale.ages
    if low < 0 or (high is not None and high < low):
        raise refuse("bad_range", "ages", "年龄范围有误")


def _check_forms(scale: Definition) -> None:
    everything = [item.number for item in scale.items]
    if len({form.code for form in scale.forms}) != len(scale.forms):
        raise refuse("form_twice", "forms", "题序代号重复")
    for place, form in enumerate(scale.forms):
        if sorted(form.order) != everything:
            raise refuse("form_order", f"forms[{place}].order", "每道题都要出现一次，且只出现一次")


def _check_measure(scale: Definition, measure: Measure, where: str, earlier: set[str]) -> None:
    if measure.aggregate == "none":
        return
    if bool(measure.items) == bool(measure.parts):
        raise refuse("empty_measure", where, "items 与 of 必须且只能写一个")
    if not set(measure.parts) <= earlier or len(set(measure.parts)) != len(measure.parts):
        raise refuse("unknown_factor", f"{where}.of", "只能由写在前面的因子合成，且不能重复")
    _check_scored(scale, measure.items, f"{where}.items")
    lie_items = set(scale.validity.items) if scale.validity else set()
    if lie_items & set(measure.items):
        raise refuse("validity_item_scored", f"{where}.items", "效度题不能计入总分或因子")
    if measure.items and measure.up_to >= len(measure.items):
        raise refuse("bad_missing_rule", where, "容许的空白题数必须少于题数")
    if not measure.multiply > 0:
        raise refuse("bad_multiply", where, "系数应大于 0")


def _check_scored(scale: Definition, numbers: Iterable[int], where: str) -> None:
    seen: set[int] = set()
    for number in numbers:
        if number not in scale.scored_items:
            raise refuse("unknown_item", where, f"没有计分的第 {number} 题")
        if number in seen:
            raise refuse("item_twice", where, f"第 {number} 题出现了两次")
        seen.add(number)


def _check_range(scale: Definition) -> None:
    if scale.total.aggregate == "none" or scale.total_range is None:
        return
    low, high = reach(scale, scale.total)
    if scale.total_range != (low, high):
        raise refuse("range_mismatch", "total.range", f"按题目算出的范围是 {low}–{high}，与所写不符")


def _ends(scale: Definition, on: str) -> tuple[float, float] | None:
    """Range of what a band table or norm refers to; None for norm scores, whose range is open. KeyError: unknown."""
    if on.startswith("count:"):
        sizes = {f"count:{count.code}": len(count.items) for count in scale.counts}
        return 0, sizes[on]
    if on.startswith("norm:"):
        _ends(scale, on.removeprefix("norm:"))
        if on.removeprefix("norm:") not in {norm.on for norm in scale.norms}:
            raise KeyError(on)
        return None
    measures = {factor.code: factor for factor in scale.factors}
    if scale.total.aggregate != "none":
        measures |= {"total": scale.total, "display": scale.total}
    low, high = reach(scale, measures[on])
    factor = 1 if on == "total" else measures[on].multiply
    return low * factor, high * factor


def _check_bands(scale: Definition) -> None:
    settled: set[tuple[str, str]] = set()
    for table in scale.band_tables:
        where = f"bands.{table.name}.{table.on}"
        try:
            ends = _ends(scale, table.on)
        except KeyError:
            raise refuse("unknown_factor", where, f"没有“{table.on}”这个分数") from None
        _check_rows(table, ends, where)
        concerns = [band.concern for band in table.bands]
        if table.on in ("total", "display") and concerns != sorted(concerns, reverse=scale.higher_is_better):
            raise refuse("band_direction", where, "关注程度的排列与“分数越高越好／越差”的方向不符")
        if (table.name, table.on) in settled:
            raise refuse("unreachable_table", where, "无条件的分级表之后，同名的表不会再被用到")
        if table.when.is_open:
            settled.add((table.name, table.on))


def _check_rows(table: BandTable, ends: tuple[float, float] | None, where: str) -> None:
    if list(table.edges) != sorted(set(table.edges)):
        raise refuse("band_order", where, "各级的下限应由低到高，且不重复")
    if len({band.code for band in table.bands}) != len(table.bands):
        raise refuse("band_twice", where, "分级代号重复")
    if ends and (table.bands[0].start > ends[0] or table.edges[0][1]):
        raise refuse("band_gap", where, f"最低一级应从 {ends[0]} 起")
    if ends and table.bands[-1].start > ends[1]:
        raise refuse("band_out_of_reach", where, f"最高可能得分是 {ends[1]}，达不到最高一级")


def _check_norms(scale: Definition) -> None:
    for place, norm in enumerate(scale.norms):
        where = f"norms[{place}]"
        try:
            _ends(scale, norm.on)
        except KeyError:
            raise refuse("unknown_factor", where, f"没有“{norm.on}”这个分数") from None
        if ":" in norm.on:
            raise refuse("unknown_factor", where, f"常模不能建立在“{norm.on}”上")
        raws = [raw for raw, _ in norm.points]
        by_mean = norm.mean is not None and norm.sd is not None and norm.sd > 0 and norm.kind == "T"
        if by_mean == bool(norm.points) or raws != sorted(set(raws)):
            raise refuse("bad_norm", where, "常模应写由低到高的 points，或（T 分）写 mean 与 sd")


def _check_tests(scale: Definition) -> None:
    for place, critical in enumerate(scale.critical):
        _check_test(scale, critical.test, f"critical[{place}]")
    for item in scale.items:
        if item.ask_if:
            _check_test(scale, item.ask_if, f"items[{item.number - 1}].ask_if")
    for place, contradiction in enumerate(scale.quality.contradictions):
        if len(contradiction.tests) < 2:
            raise refuse("lonely_contradiction", f"quality.contradictions[{place}]", "至少要两道题才谈得上矛盾")
        for test in contradiction.tests:
            _check_test(scale, test, f"quality.contradictions[{place}]")


def _check_test(scale: Definition, test: ItemTest, where: str) -> None:
    """A test that no answer can meet is a shifted item number or a wrong coding, and would never alert."""
    if not 1 <= test.item <= len(scale.items):
        raise refuse("unknown_item", where, f"没有第 {test.item} 题")
    if not any(test.holds(option.value) for option in scale.items[test.item - 1].options):
        raise refuse("test_never_holds", where, f"第 {test.item} 题没有一个选项落在这个范围里")


def _check_lists(scale: Definition) -> None:
    codes = [factor.code for factor in scale.factors]
    if len(set(codes)) != len(codes) or {"total", "display"} & set(codes):
        raise refuse("factor_twice", "factors", "因子代号重复，或用了保留的代号")
    _check_scored(scale, scale.reverse, "reverse")
    for place, count in enumerate(scale.counts):
        _check_scored(scale, count.items, f"counts[{place}].items")
        if count.code in {earlier.code for earlier in scale.counts[:place]}:
            raise refuse("count_twice", f"counts[{place}]", "计数的代号重复")
    lie_items = scale.validity.items if scale.validity else ()
    _check_scored(scale, lie_items, "validity.items")
    if scale.partition:
        owned = [number for factor in scale.factors for number in factor.items] + list(lie_items)
        if sorted(owned) != list(scale.scored_items):
            raise refuse("not_a_partition", "factors", "每道计分题应恰好属于一个因子")
