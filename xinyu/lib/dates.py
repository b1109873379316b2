"""Days as people type them, ages, and the Chinese school year (1 September to 31 August)."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from .widths import half_width

_TYPED = re.compile(r"(\d{4})\s*[-/.．。年]\s*(\d{1,2})\s*[-/.．。月]\s*(\d{1,2})\s*[日号]?(?:\s+0{1,2}:00(?::00)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CODE = re.compile(r"(\d{4})-(\d{4})-([12])")
FIRST_MONTH = 9
SECOND_TERM_MONTHS = range(2, 9)  # February to August; a county's calendar holds the exact days


class DateError(ValueError):
    """Why a text is not a day, in Chinese."""


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """One half of a school year. `year` is the calendar year in which the school year begins."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """Such as 2026-2027-1."""
        return f"{self.year}-{self.year + 1}-{self.number}"

    @property
    def label(self) -> str:
        """Such as 2026—2027学年第一学期."""
        return f"{self.year}—{self.year + 1}学年第{'一二'[self.number - 1]}学期"

    @classmethod
    def from_code(cls, code: str) -> "Term":
        """Raises DateError when the code is malformed or its years do not follow each other."""
        match = _CODE.fullmatch(code)
        if match is None or int(match[2]) != int(match[1]) + 1:
            raise DateError("学期代码应形如 2026-2027-1")
        return cls(int(match[1]), int(match[3]))

    def next(self) -> "Term":
        return Term(self.year, 2) if self.number == 1 else Term(self.year + 1, 1)


def school_year(on: date) -> int:
    """The calendar year in which the school year of `on` began: 2027-03-01 → 2026."""
    return on.year if on.month >= FIRST_MONTH else on.year - 1


def term(on: date) -> Term:
    """The term by month; where a county has entered term days, those decide instead."""
    return Term(school_year(on), 2 if on.month in SECOND_TERM_MONTHS else 1)


def years_since_entry(entry_year: int, on: date) -> int:
    """0 in the first school year after entry in September of `entry_year`."""
    return school_year(on) - entry_year


def age(born_on: date, on: date) -> int:
    """Full years. Somebody born on 29 February completes a year on 1 March of other years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def parse_date(value: object) -> date:
    """A day from a date cell or from 2012-03-04, 2012/3/4, 2012.3.4, 2012年3月4日, 20120304 (text or number).

    Raises DateError.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise DateError("不是日期")
    text = half_width(value).strip() if isinstance(value, str) else _digits(value)
    match = _TYPED.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        raise DateError(_explain(text))
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise DateError("日期不存在，请核对年月日") from None


def _digits(value: int | float) -> str:
    return str(int(value)) if value == value and abs(value) < 1e15 and int(value) == value else str(value)


def _explain(text: str) -> str:
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return "这像是表格软件的日期序号，请把该列格式设为“日期”或写成 2012-03-04"
    if re.fullmatch(r"\d{2}\D\d{1,2}\D\d{1,2}\D?", text):
        return "年份请写四位，例如 2012-03-04"
    return "日期应写成 2012-03-04、2012/3/4 或 2012年3月4日"
