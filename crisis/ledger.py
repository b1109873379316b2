"""排查表 and 台账 (4-workflow D6): columns and cells of what is already known; nothing is typed for them. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

#: a bureau's form knows two classes; red and orange are the grave one
GRAVE = frozenset({"red", "orange"})
NOTHING = "—"
#: width of the column 序号, in characters as the others
NUMBER = 5


@dataclass(frozen=True)
class Line:
    """One open case. Texts are '' and days None where nothing is known or the reader may not see it."""

    school: str
    code: str
    name: str
    national_number: str
    sex: str
    born: date | None
    is_boarding: bool
    grade: str
    klass: str
    guardians: str
    groups: str
    found_by: str
    signs: str
    colour: str
    level: str
    level_until: date
    changes: str
    has_plan: bool
    owner: str
    helpers: str
    talks: int
    last_on: date | None
    told_on: date | None
    proof: str
    medical: str
    pairs: str
    next_on: date | None
    state: str


@dataclass(frozen=True)
class Column:
    title: str
    width: int
    cell: Callable[[Line], str]


@dataclass(frozen=True)
class Ledger:
    """`heading` is the bureau's wording and stands on paper alone; pages say `label`."""

    code: str
    label: str
    heading: str
    columns: Sequence[Column]

    def header(self) -> list[str]:
        return ["序号", *(column.title for column in self.columns)]

    def widths(self) -> list[int]:
        """Of all columns, in characters; print.css has a rule for each."""
        return [NUMBER, *(column.width for column in self.columns)]

    def rows(self, lines: Sequence[Line]) -> list[list[str]]:
        return [
            [str(number), *(column.cell(line) or NOTHING for column in self.columns)]
            for number, line in enumerate(lines, 1)
        ]


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def _short(day: date | None) -> str:
    return f"{day:%y-%m-%d}" if day else ""


def _yes(value: bool) -> str:
    return "是" if value else "否"


NAME = Column("姓名", 10, lambda line: line.name)
KLASS = Column("班级", 10, lambda line: line.klass)
CHECK = Ledger(
    "check",
    "排查表",
    "心理高危学生排查表",
    (
        NAME,
        Column("年级", 8, lambda line: line.grade),
        KLASS,
        Column("学校", 18, lambda line: line.school),
        Column("危机类别", 8, lambda line: "重大" if line.colour in GRAVE else "一般"),
        Column("是否已制定干预方案", 10, lambda line: _yes(line.has_plan)),
        Column("联系人及电话", 26, lambda line: line.guardians),
    ),
)
REGISTER = Ledger(
    "register",
    "台账",
    "心理高危学生工作台账",
    (
        Column("编号", 13, lambda line: line.code),
        NAME,
        Column("学籍号", 12, lambda line: line.national_number),
        Column("性别", 4, lambda line: line.sex),
        Column("出生", 14, lambda line: _day(line.born)),
        Column("住校", 4, lambda line: _yes(line.is_boarding)),
        KLASS,
        Column("重点群体", 10, lambda line: line.groups),
        Column("发现途径", 9, lambda line: line.found_by),
        Column("主要表现", 26, lambda line: line.signs),
        Column("级别", 14, lambda line: f"{line.level} 至 {_short(line.level_until)}"),
        Column("级别变化", 16, lambda line: line.changes),
        Column("干预方案", 5, lambda line: _yes(line.has_plan)),
        Column("责任人与帮扶", 12, lambda line: "、".join(filter(None, (line.owner, line.helpers)))),
        Column("结对帮扶", 10, lambda line: line.pairs),
        Column("告知监护人", 12, lambda line: _short(line.told_on)),
        Column("告知书", 8, lambda line: line.proof),
        Column("就医", 9, lambda line: line.medical),
        Column("干预次数", 5, lambda line: str(line.talks)),
        Column("最近跟进", 12, lambda line: _short(line.last_on)),
        Column("下次随访", 12, lambda line: _short(line.next_on)),
        Column("目前状态", 8, lambda line: line.state),
    ),
)
LEDGERS = {ledger.code: ledger for ledger in (CHECK, REGISTER)}
