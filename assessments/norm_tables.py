"""Norms from a spreadsheet: a row per point (raw score, standard score), or one row with mean and deviation. Pure.

The file holds all norms of the version, so that what is in force is what stands in one file. Errors name the cell.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.band_editing import Document, measure_words, plain
from xinyu.lib.spreadsheets import SheetRefused, address, formula_errors, said

HEADER = (
    "分数",
    "性别",
    "年级从",
    "年级到",
    "年龄从",
    "年龄到",
    "类型",
    "平均数",
    "标准差",
    "原始分",
    "标准分",
    "来源",
    "年份",
)
KINDS = {"T 分": "T", "百分位": "percentile", "标准分": "standard"}
SEXES = {"女": "F", "男": "M", "": None}
#: a file with more mistakes than this is another file
MOST_ERRORS = 20
FIRST_YEAR = 1950


class NormsRefused(SheetRefused):
    """The file does not fit the scale; `errors` are Chinese sentences with the address of their cell."""


@dataclass(frozen=True)
class _Line:
    """One row, read: the group it belongs to, and its point or its mean and deviation."""

    at: int
    group: tuple[Any, ...]
    point: tuple[float, float] | None
    moments: tuple[float, float] | None


def template_rows(document: Document) -> list[list[str | int | float]]:
    """The norms of the document as the file says them; without any, an example line per score to write over."""
    words, kinds = measure_words(document), {code: name for name, code in KINDS.items()}
    rows: list[list[str | int | float]] = []
    for norm in document.get("norms", ()):
        when = norm.get("when") or {}
        sex = next(name for name, code in SEXES.items() if code == when.get("sex"))
        spans = [*(when.get("grade") or ("", "")), *(when.get("age") or ("", ""))]
        head = [words[norm.get("on", "total")], sex, *spans, kinds[norm["kind"]]]
        tail = [norm["source"], norm.get("year") or ""]
        if norm.get("points"):
            rows += [[*head, "", "", raw, standard, *tail] for raw, standard in norm["points"]]
        else:
            rows.append([*head, norm["mean"], norm["sd"], "", "", *tail])
    return rows or [[name, "", "", "", "", "", "T 分", "", "", "", "", "", ""] for name in words.values()]


def read_norms(
    document: Document, rows: Sequence[Sequence[object]], formulas: Collection[tuple[int, int]] = ()
) -> list[dict[str, Any]]:
    """Norms for the document. Raises NormsRefused with every mistake found."""
    head = [said(cell) for cell in rows[0]] if rows else []
    lacking = [title for title in HEADER if title not in head]
    if lacking:
        raise NormsRefused(f"第 1 行应是表头，缺“{'”“'.join(lacking)}”，请用本页的模板。")
    errors = formula_errors(formulas)
    names = {name: on for on, name in measure_words(document).items()}
    lines: list[_Line] = []
    for at, row in enumerate(rows[1:], 2):
        cells = [said(cell) for cell in row] + [""] * (len(head) - len(row))
        if any(cells):
            reader = _Reader(dict(zip(head, cells, strict=False)), head, at)
            line = reader.line(names)
            errors += reader.errors
            lines += [line] if line else []
    if not lines and not errors:
        errors.append("文件里没有一行常模。")
    if errors:
        raise NormsRefused(*errors[:MOST_ERRORS])
    return _grouped(lines, head)


class _Reader:
    """One row of the file; collects its mistakes."""

    def __init__(self, cells: Mapping[str, str], head: Sequence[str], at: int):
        self.cells, self.head, self.at, self.errors = cells, head, at, list[str]()

    def refuse(self, title: str, what: str) -> None:
        self.errors.append(f"{address(self.head, title, self.at)} {what}")

    def number(self, title: str, *, must: bool = False) -> float | None:
        said = self.cells[title]
        try:
            return float(said) if said or must else None
        except ValueError:
            self.refuse(title, f"“{title}”应是数字" + (f"，收到“{said}”。" if said else "。"))
            return None

    def span(self, name: str, low: int, high: int) -> tuple[int, int] | None:
        """ "7", "9" → (7, 9); one of the two alone is both."""
        given = [self.number(f"{name}{end}") for end in ("从", "到")]
        known = [value for value in given if value is not None]
        if not known:
            return None
        first, last = known[0], known[-1]
        if first > last or first < low or last > high or first % 1 or last % 1:
            self.refuse(f"{name}从", f"{name}应是 {low}—{high} 的整数，从小到大。")
            return None
        return int(first), int(last)

    def line(self, names: Mapping[str, str]) -> _Line | None:
        cells = self.cells
        if cells["分数"] not in names:
            self.refuse("分数", f"没有“{cells['分数']}”这个分数，可用：{'、'.join(names)}。")
        if cells["性别"] not in SEXES:
            self.refuse("性别", f"性别应写男、女或留空，收到“{cells['性别']}”。")
        kind = KINDS.get(cells["类型"].replace("T分", "T 分"))
        if kind is None:
            self.refuse("类型", f"类型应是{'、'.join(KINDS)}之一，收到“{cells['类型']}”。")
        if len(cells["来源"]) < 4:
            self.refuse("来源", "请写明常模的来源（作者、年份、刊物或文件）。")
        grade, age = self.span("年级", 1, 12), self.span("年龄", 3, 25)
        year = self._year()
        by_moments = bool(cells["平均数"] or cells["标准差"])
        if by_moments and (cells["原始分"] or cells["标准分"]):
            self.refuse("平均数", "一行只写一种：平均数和标准差，或原始分和标准分。")
        if by_moments and kind and kind != "T":
            self.refuse("类型", "只有 T 分可以用平均数和标准差换算。")
        first, second = ("平均数", "标准差") if by_moments else ("原始分", "标准分")
        one, two = self.number(first, must=True), self.number(second, must=True)
        if by_moments and two is not None and two <= 0:
            self.refuse("标准差", "标准差应大于 0。")
        if self.errors or one is None or two is None:
            return None
        group = (names[cells["分数"]], SEXES[cells["性别"]], grade, age, kind, cells["来源"][:200], year)
        return _Line(self.at, group, None if by_moments else (one, two), (one, two) if by_moments else None)

    def _year(self) -> int | None:
        year = self.number("年份")
        if year is not None and not (FIRST_YEAR <= year <= 2100 and year % 1 == 0):
            self.refuse("年份", "年份应是四位数的年份，不知道就留空。")
            return None
        return None if year is None else int(year)


def _grouped(lines: Sequence[_Line], head: Sequence[str]) -> list[dict[str, Any]]:
    groups: dict[tuple[Any, ...], list[_Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    errors, whose = list[str](), dict[tuple[Any, ...], int]()
    made = []
    for group, members in groups.items():
        on, sex, grade, age, kind, source, year = group
        first = whose.setdefault((on, sex, grade, age), members[0].at)
        if first != members[0].at:
            errors.append(f"{address(head, '来源', members[0].at)} 与第 {first} 行是同一组人，类型、来源或年份却不同。")
        moments = [line for line in members if line.moments]
        if len(moments) > 1 or (moments and len(members) > 1):
            errors.append(f"{address(head, '平均数', moments[-1].at)} 同一组人有两种写法或写了两次。")
        raws: dict[float, int] = {}
        for line in members:
            if line.point and raws.setdefault(line.point[0], line.at) != line.at:
                errors.append(f"{address(head, '原始分', line.at)} 原始分 {plain(line.point[0])} 写了两次。")
        conditions = {"sex": sex, "grade": list(grade) if grade else None, "age": list(age) if age else None}
        when = {name: value for name, value in conditions.items() if value}
        norm: dict[str, Any] = {"on": on, "kind": kind, "source": source}
        norm |= {"when": when} if when else {}
        norm |= {"year": year} if year else {}
        if moments and moments[0].moments:
            norm |= {"mean": moments[0].moments[0], "sd": moments[0].moments[1]}
        else:
            norm["points"] = sorted(list(line.point) for line in members if line.point)
        made.append(norm)
    if errors:
        raise NormsRefused(*errors[:MOST_ERRORS])
    # of overlapping groups the first counts: the more conditions, the earlier
    return sorted(made, key=lambda norm: -len(norm.get("when", {})))
