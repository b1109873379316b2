"""From a plain document (JSON) to a `Definition`, or a `DefinitionError` naming the rule and the place."""

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from . import definition as d
from .check import check_definition
from .reader import Node, closed, refuse

DEFAULT_FORM = "A"
#: items that a phone shows at once where the scale says nothing
ITEMS_PER_PAGE = 5


def definition_hash(document: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical JSON of a document: sorted keys, no spaces, UTF-8. Freezes a version.
    Raises DefinitionError for what JSON cannot hold."""
    try:
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as broken:
        raise refuse("not_json", "", "内容无法写成 JSON") from broken
    return hashlib.sha256(text.encode()).hexdigest()


def parse_definition(document: Mapping[str, Any]) -> d.Definition:
    """Read and check one scale. Raises `DefinitionError` (named rule, path) and never returns half a scale."""
    result = closed(Node(document), lambda node: _definition(node, definition_hash(document)))
    check_definition(result)
    return result


def _definition(node: Node, digest: str) -> d.Definition:
    common = node.each("options", _option)
    items = node.each("items", lambda item: _item(item, common))
    validity = node.one("validity", _validity, None)
    scored = tuple(i.number for i in items if not i.unscored and i.number not in (validity.items if validity else ()))
    up_to = node.one("missing", _up_to)
    factors = node.each("factors", _factor)
    # Read before the factors' own tables are appended: the first table on the total is the main band.
    tables = node.each("bands", _band_table) + _factor_tables(node)
    total, total_range = node.one("total", lambda total: _total(total, scored, up_to))
    return d.Definition(
        code=node.text("code"),
        version=node.text("version"),
        title_zh=node.text("title_zh"),
        source=node.text("source"),
        licence=node.one("licence", _licence),
        text_status=node.choice("text_status", d.TEXT_STATUSES),
        needs_licence=node.flag("licence_required"),
        ages=node.one("ages", _ages),
        stages=node.choices("stages", d.STAGES),
        roles=node.choices("roles", d.ROLES, ("self",)),
        recall_zh=node.text("recall_zh", ""),
        intro_zh=node.text("intro_zh", ""),
        items=items,
        reverse=frozenset(node.wholes("reverse", ())),
        factors=factors,
        partition=node.flag("partition"),
        total=total,
        total_range=total_range,
        higher_is_better=node.flag("higher_is_better"),
        band_tables=tables,
        norms=node.each("norms", _norm),
        counts=node.each("counts", lambda count: _count(count, scored)),
        validity=validity,
        forms=node.each("forms", _form) or (d.Form(DEFAULT_FORM, "", tuple(i.number for i in items)),),
        critical=node.each("critical", _critical),
        quality=node.one("quality", _quality, d.QualityRules(None, None, (), None, ())),
        screen=node.one("screen", _screen, d.Screen(ITEMS_PER_PAGE, ITEMS_PER_PAGE, True, True)),
        digest=digest,
    )


def _screen(node: Node) -> d.Screen:
    per_page = _items_at_once(node, "per_page", ITEMS_PER_PAGE)
    young = _items_at_once(node, "young_per_page", per_page)
    return d.Screen(per_page, young, back=node.flag("back", True), skip=node.flag("skip", True))


def _items_at_once(node: Node, name: str, default: int) -> int:
    count = node.whole(name, default)
    if count < 0:
        raise refuse("bad_range", node.at(name), "每屏题数应为 0（一页到底）或正整数")
    return count


def _licence(node: Node) -> d.Licence:
    uses = ("paper", "electronic", "translate", "modify", "charge")
    allowed = node.choices("allowed", uses)
    return d.Licence(
        node.text("owner"), node.text("licence"), node.text("notice_zh"), allowed,
        node.text("checked_on"), node.text("url", ""),
    )  # fmt: skip


def _ages(node: Node) -> tuple[int, int | None]:
    return node.whole("min"), node.whole("max", None)


def _option(node: Node) -> d.Option:
    return d.Option(node.text("label_zh"), node.whole("value"))


def _test(node: Node) -> d.ItemTest:
    test = d.ItemTest(node.whole("item"), node.whole("min", None), node.whole("max", None))
    if test.low is None and test.high is None:
        raise refuse("open_test", node.where, "min 与 max 至少写一个")
    return test


def _item(node: Node, common: tuple[d.Option, ...]) -> d.Item:
    return d.Item(
        number=node.whole("number"),
        text_zh=node.text("text_zh", ""),
        options=node.each("options", _option) or common,
        unscored=node.flag("unscored"),
        ask_if=node.one("ask_if", _test, None),
        otherwise=node.whole("otherwise", None),
    )


def _up_to(node: Node) -> int:
    """How many blanks are prorated: 0 for the rule "invalid"."""
    if node.choice("rule", ("prorate", "invalid")) == "invalid":
        return 0
    up_to: int = node.whole("up_to")
    if up_to < 1:
        raise refuse("bad_missing_rule", node.at("up_to"), "按比例折算时至少容许 1 题空白")
    return up_to


def _factor(node: Node) -> d.Measure:
    node.raw("bands", ())
    return d.Measure(
        code=node.text("code"),
        title_zh=node.text("title_zh"),
        items=node.wholes("items", ()),
        parts=node.words("of"),
        aggregate=node.choice("aggregate", ("sum", "mean"), "sum"),
        multiply=node.number("multiply", 1),
        floor=node.flag("floor"),
        up_to=node.one("missing", _up_to, 0),
    )


def _total(node: Node, scored: tuple[int, ...], up_to: int) -> tuple[d.Measure, tuple[float, float] | None]:
    parts = node.words("of")
    measure = d.Measure(
        code="total",
        title_zh=node.text("title_zh", "总分"),
        items=node.wholes("items", () if parts else scored),
        parts=parts,
        aggregate=node.choice("aggregate", ("sum", "mean", "none"), "sum"),
        multiply=node.number("multiply", 1),
        floor=node.flag("floor"),
        up_to=up_to,
    )
    return measure, node.span("range")


def _when(node: Node) -> d.When:
    sex = node.choice("sex", d.SEXES) if node.has("sex") else None
    role = node.choice("role", d.ROLES) if node.has("role") else None
    return d.When(node.span("age"), node.span("grade"), sex, role)


def _band_table(node: Node, factor: str | None = None) -> d.BandTable:
    name = node.text("name", "severity")
    on = factor or node.text("on", "total")
    source = node.text("source")
    bands = node.each("rows", lambda row: _band(row, name, on, source))
    if not bands:
        raise refuse("empty_band_table", node.where, "分级表没有内容")
    when = node.one("when", _when, d.When(None, None, None, None))
    return d.BandTable(name, on, when, bands, tuple((band.start, int(band.exclusive)) for band in bands))


def _band(node: Node, table: str, on: str, source: str) -> d.Band:
    exclusive = node.has("above")
    if exclusive and node.has("min"):
        raise refuse("two_band_starts", node.where, "min 与 above 只能写一个")
    start = node.number("above" if exclusive else "min")
    return d.Band(table, on, node.text("code"), node.text("label_zh"), node.whole("concern"), start, exclusive, source)


def _factor_tables(node: Node) -> tuple[d.BandTable, ...]:
    """Tables may stand inside the factor they belong to; they then need no `on`."""
    tables: list[d.BandTable] = []
    for place, document in enumerate(node.raw("factors", ())):
        factor = Node(document, f"factors[{place}]")
        code = factor.text("code")
        tables += factor.each("bands", partial(_band_table, factor=code))
    return tuple(tables)


def _norm(node: Node) -> d.Norm:
    return d.Norm(
        on=node.text("on", "total"),
        kind=node.choice("kind", d.NORM_KINDS),
        when=node.one("when", _when, d.When(None, None, None, None)),
        source=node.text("source"),
        year=node.whole("year", None),
        points=node.pairs("points"),
        mean=node.number("mean", None),
        sd=node.number("sd", None),
    )


def _count(node: Node, scored: tuple[int, ...]) -> d.Count:
    return d.Count(node.text("code"), node.text("title_zh"), node.wholes("items", scored), node.whole("min"))


def _validity(node: Node) -> d.Validity:
    return d.Validity(node.text("title_zh"), node.wholes("items"), node.whole("cut"))


def _form(node: Node) -> d.Form:
    return d.Form(node.text("code"), node.text("title_zh", ""), node.wholes("order"))


def _critical(node: Node) -> d.Critical:
    level = node.choice("level", d.LEVELS)
    return d.Critical(_test(node), level)


def _contradiction(node: Node) -> d.Contradiction:
    return d.Contradiction(node.each("when", _test), node.text("text_zh"))


def _quality(node: Node) -> d.QualityRules:
    line = node.one("straight_line", lambda rule: (rule.whole("items"), rule.wholes("except", ())), None)
    return d.QualityRules(
        min_seconds_per_item=node.number("min_seconds_per_item", None),
        straight_line_items=line[0] if line else None,
        straight_line_except=line[1] if line else (),
        pattern_items=node.whole("pattern_items", None),
        contradictions=node.each("contradictions", _contradiction),
    )
