"""Band tables of a scale's document as something a person edits, and what differs between two documents. Pure.

The key (items, reversal, factors, critical answers) is not touched here: only where a band starts, what it says, how
much it asks for attention, its source, and from which sum a validity scale makes a sheet one that is not interpreted.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROLE_WORDS = {"self": "学生自评", "parent": "家长填写", "teacher": "教师填写", "interviewer": "访谈者填写"}
SEX_WORDS = {"F": "女", "M": "男"}
#: what the tables of one score are called, where there are several
TABLE_WORDS = {"screen": "筛查界值", "norm": "按常模"}
CONCERNS = (0, 1, 2, 3, 4)
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A band from `start` on (from just above it where `above`)."""

    start: float
    above: bool
    label: str
    concern: int
    code: str = ""

    @property
    def words(self) -> str:
        return f"{'高于' if self.above else '达到'} {plain(self.start)}：{self.label}"


@dataclass(frozen=True)
class EditTable:
    """`key` names its place in the document: "t0", "f2t0", or "n:total" for one that is still to be added."""

    key: str
    title: str
    source: str
    rows: tuple[Row, ...]


def plain(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def condition_words(when: Document | None) -> str:
    """ "女，7—9 年级，13—17 岁，家长填写"; '' for everybody."""
    said: Document = when or {}
    parts = [SEX_WORDS[said["sex"]]] if said.get("sex") else []
    for name, unit in (("grade", "年级"), ("age", "岁")):
        if said.get(name):
            low, high = said[name]
            parts.append(f"{low} {unit}" if low == high else f"{low}—{high} {unit}")
    return "，".join([*parts, *([ROLE_WORDS[said["role"]]] if said.get("role") else [])])


def measure_words(document: Document) -> dict[str, str]:
    """Name of everything a table or a norm can stand on: {"total": "总分", "display": "换算分", factor: title}."""
    total = document.get("total") or {}
    words = {} if total.get("aggregate") == "none" else {"total": total.get("title_zh", "总分")}
    if words and (total.get("multiply", 1) != 1 or total.get("floor")):
        words["display"] = "换算分"
    return words | {factor["code"]: factor["title_zh"] for factor in document.get("factors", ())}


def on_words(document: Document, on: str) -> str:
    counts = {f"count:{count['code']}": count["title_zh"] for count in document.get("counts", ())}
    if on in counts:
        return counts[on]
    name = measure_words(document).get(on.removeprefix("norm:"), on)
    return f"{name}的常模分" if on.startswith("norm:") else name


def _places(document: Document) -> Iterator[tuple[str, str, Document]]:
    """(key, what the table stands on, the table) in the order in which the definition reads them."""
    for i, table in enumerate(document.get("bands", ())):
        yield f"t{i}", table.get("on", "total"), table
    for i, factor in enumerate(document.get("factors", ())):
        for j, table in enumerate(factor.get("bands", ())):
            yield f"f{i}t{j}", factor["code"], table


def _row(row: Document) -> Row:
    above = row.get("above") is not None
    return Row(row["above"] if above else row["min"], above, row["label_zh"], row["concern"], row["code"])


def tables_of(document: Document) -> list[EditTable]:
    """Every band table, and an empty one for each norm that has none."""
    found, standing = [], set()
    for key, on, table in _places(document):
        condition = condition_words(table.get("when"))
        name = TABLE_WORDS.get(table.get("name", "severity"), "")
        title = on_words(document, on) + (f" · {name}" if name else "") + (f"（{condition}）" if condition else "")
        found.append(EditTable(key, title, table["source"], tuple(_row(row) for row in table["rows"])))
        standing.add(on)
    for on in dict.fromkeys(f"norm:{norm.get('on', 'total')}" for norm in document.get("norms", ())):
        if on not in standing:
            found.append(EditTable(f"n:{on.removeprefix('norm:')}", on_words(document, on), "", ()))
    return found


def _as_document(rows: Sequence[Row]) -> list[dict[str, Any]]:
    taken, made = {row.code for row in rows}, []
    for row in rows:
        code = row.code
        if not code:
            code = next(name for n in range(1, 99) if (name := f"b{n}") not in taken)
            taken.add(code)
        start = int(row.start) if float(row.start).is_integer() else row.start
        where = {"above": start} if row.above else {"min": start}
        made.append(where | {"code": code, "concern": row.concern, "label_zh": row.label})
    return made


def with_tables(document: Document, tables: Mapping[str, EditTable], cut: int | None = None) -> dict[str, Any]:
    """A copy with these tables in place of the old ones (by key); `cut`: the new cut of the validity scale."""
    made = copy.deepcopy(dict(document))
    for key, _, table in list(_places(made)):
        if key in tables:
            table["source"], table["rows"] = tables[key].source, _as_document(tables[key].rows)  # type: ignore[index]
    for key, edited in tables.items():
        if key.startswith("n:") and edited.rows:
            on = f"norm:{key.removeprefix('n:')}"
            rows = _as_document(edited.rows)
            made.setdefault("bands", []).append({"name": "norm", "on": on, "source": edited.source, "rows": rows})
    if cut is not None and made.get("validity"):
        made["validity"] = made["validity"] | {"cut": cut}
    return made


@dataclass(frozen=True)
class Difference:
    """One table (or the norms, or the validity cut) before and after. '' on one side: it was not there."""

    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    source_before: str = ""
    source_after: str = ""

    @property
    def lines(self) -> list[tuple[str, str, bool]]:
        """[(before, after, differs)] line by line."""
        height = max(len(self.before), len(self.after))
        olds, news = ([*side, *[""] * (height - len(side))] for side in (self.before, self.after))
        return [(old, new, old != new) for old, new in zip(olds, news, strict=True)]


def norm_words(document: Document) -> list[str]:
    """A line per norm group: whom it is for, how it is written, where it is from."""
    found = []
    for norm in document.get("norms", ()):
        name = measure_words(document).get(norm.get("on", "total"), "")
        whom = condition_words(norm.get("when")) or "所有人"
        points = norm.get("points")
        how = f"{len(points)} 个对照点" if points else f"平均数 {plain(norm['mean'])}，标准差 {plain(norm['sd'])}"
        year = f"，{norm['year']} 年" if norm.get("year") else ""
        found.append(f"{name}（{whom}）：{how}；来源 {norm['source']}{year}")
    return found


def differences(old: Document, new: Document) -> list[Difference]:
    """What somebody who puts the new one in force must have seen, old beside new."""
    before, after = ({table.key: table for table in tables_of(one) if table.rows} for one in (old, new))
    found = []
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was != now:
            some = now or was
            assert some is not None  # a key comes from one of the two
            found.append(
                Difference(
                    some.title,
                    tuple(row.words for row in was.rows) if was else (),
                    tuple(row.words for row in now.rows) if now else (),
                    was.source if was else "",
                    now.source if now else "",
                )
            )
    cuts = [(one.get("validity") or {}).get("cut") for one in (old, new)]
    if cuts[0] != cuts[1]:
        found.append(Difference("不作解释的界值（效度分）", (f"达到 {cuts[0]}",), (f"达到 {cuts[1]}",)))
    if old.get("norms", []) != new.get("norms", []):
        found.append(Difference("常模", tuple(norm_words(old)), tuple(norm_words(new))))
    return found
