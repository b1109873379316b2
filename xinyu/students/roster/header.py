"""Finding the sheet with the names and, below titles and blank lines, the row of column titles."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xinyu.lib.spreadsheets import Sheet, Value, Workbook
from xinyu.lib.widths import half_width

from .fields import BY_NAME, BY_TITLE, REQUIRED, TELLS_SEX
from .shapes import RosterRefused, RosterWarning

SEARCHED_ROWS = 30
REMARK = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|[\s*:：、/#]|(必填|选填)$")


@dataclass(frozen=True, slots=True)
class Header:
    """`index` counts rows from 0; `columns` maps field → column index; `unknown` lists titles nobody reads."""

    index: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]


def find(workbook: Workbook, wanted: str | None = None) -> tuple[Sheet, Header, list[RosterWarning]]:
    """The one sheet to read. Raises RosterRefused when none has column titles, or several have and none is wanted."""
    sheets = [sheet for sheet in workbook.sheets if not sheet.is_empty]
    if wanted is not None:
        sheets = [sheet for sheet in sheets if sheet.name == wanted]
        if not sheets:
            raise RosterRefused(f"文件中没有工作表“{wanted}”")
    found = [(sheet, header) for sheet in sheets if not sheet.is_hidden and (header := _header(sheet))]
    if not found:
        raise RosterRefused("没有找到表头：需要有一行写明“学号”“姓名”“班级”，可先下载模板对照")
    if len(found) > 1:
        listed = "、".join(f"“{sheet.name}”" for sheet, _ in found)
        raise RosterRefused(f"有 {len(found)} 个工作表含有名单：{listed}。请选择其中一个，或合并到一个工作表")
    sheet, header = found[0]
    _check(header)
    return sheet, header, _warnings(sheet, header, sheets)


def tidy(value: Value) -> str:
    """A column title without remarks, asterisks and blanks: "姓 名（必填）*" → "姓名"."""
    return REMARK.sub("", half_width(value)).strip() if isinstance(value, str) else ""


def _header(sheet: Sheet) -> Header | None:
    for index, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        names = [BY_TITLE.get(tidy(cell)) for cell in row]
        known = {name for name in names if name}
        if "name" in known and len(known) >= 3:
            return _header_at(index, row, names)
    return None


def _header_at(index: int, row: list[Value], names: list[str | None]) -> Header:
    columns: dict[str, int] = {}
    titles: dict[str, str] = {}
    repeated = []
    for column, name in enumerate(names):
        if name in columns:
            repeated.append(BY_NAME[name].title)
        elif name:
            columns[name], titles[name] = column, str(row[column]).strip()
    unknown = tuple(str(cell).strip() for cell, name in zip(row, names, strict=True) if not name and str(cell).strip())
    return Header(index, columns, titles, unknown, tuple(repeated))


def _check(header: Header) -> None:
    if header.repeated:
        raise RosterRefused(f"表头中有重复的列：{'、'.join(header.repeated)}，请只保留一列")
    missing = [BY_NAME[name].title for name in REQUIRED if name not in header.columns]
    if missing:
        raise RosterRefused(f"表头（第 {header.index + 1} 行）缺少列：{'、'.join(missing)}")
    if not any(name in header.columns for name in TELLS_SEX):
        raise RosterRefused(f"表头（第 {header.index + 1} 行）缺少列：性别")


def _warnings(sheet: Sheet, header: Header, sheets: list[Sheet]) -> list[RosterWarning]:
    warnings = []
    others = [f"“{other.name}”{'（隐藏）' if other.is_hidden else ''}" for other in sheets if other is not sheet]
    if others:
        warnings.append(RosterWarning(f"只读取了工作表“{sheet.name}”，未读取：{'、'.join(others)}"))
    if header.unknown:
        listed = "、".join(title[:20] for title in header.unknown[:10])
        warnings.append(RosterWarning(f"以下列不在名单字段中，已忽略：{listed}", sheet.name, header.index + 1))
    return warnings
