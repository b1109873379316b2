"""One reader per kind of cell: the typed value in, a normalised value out, or CellRefused with a Chinese reason."""

import re
from datetime import date, datetime, time, timedelta

from xinyu.lib import dates, identity_numbers, names, phones
from xinyu.lib.spreadsheets import Value
from xinyu.lib.widths import half_width

from .shapes import Boarding, Sex

SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_/]{0,31}")
EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
# Nine cells of ten look like this and need no further reading.
PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
PLAIN_NUMBER = re.compile(r"[0-9]{1,17}")
EXACT_DIGITS = 15  # a number cell keeps no more significant digits than this
SEXES: dict[str, Sex] = {"男": "M", "女": "F", "男性": "M", "女性": "F", "男生": "M", "女生": "F", "M": "M", "F": "F"}
BOARDING: dict[str, Boarding] = {
    **dict.fromkeys(("住校", "住读", "住宿", "寄宿", "寄宿生", "住宿生", "住校生", "是"), "boarding"),
    **dict.fromkeys(("走读", "走读生", "通学", "通学生", "不住校", "否"), "day"),
}  # type: ignore[assignment]


class CellRefused(ValueError):
    """Why one cell cannot be accepted, in Chinese; the value is not repeated."""


def text(value: Value) -> str:
    """Any cell as trimmed text; whole numbers without a decimal point."""
    if isinstance(value, str):
        if value.startswith("#") and value in EXCEL_ERRORS:
            raise CellRefused("单元格是公式错误")
        return value.strip()
    if isinstance(value, date | datetime | time | timedelta):
        raise CellRefused("内容被表格软件改成了日期或时间，请把该列格式设为“文本”后重新填写")
    if isinstance(value, bool):
        raise CellRefused("内容被表格软件改成了逻辑值，请改为文本")
    if isinstance(value, float) and not value.is_integer():
        raise CellRefused("不应有小数")
    return str(int(value))


def short_text(value: Value) -> str:
    """Grade, class, relation: at most 30 characters, half-width."""
    typed = half_width(text(value))
    if len(typed) > 30:
        raise CellRefused("内容超过 30 个字")
    return typed


def student_number(value: Value) -> str:
    if isinstance(value, str) and PLAIN_NUMBER.fullmatch(value):
        return value
    typed = _digits_kept(value, "学号")
    if not typed:
        raise CellRefused("学号为空")
    number = half_width(typed)
    if not NUMBER.fullmatch(number):
        raise CellRefused("学号只能是字母、数字和短横线，最多 32 位")
    if len(number) in (18, 19) and _is_identity(number):
        raise CellRefused("学号列填的是身份证号或学籍号，请填写校内学号")
    return number


def person_name(value: Value) -> str:
    if isinstance(value, str) and PLAIN_NAME.fullmatch(value):
        return value
    typed = text(value)
    if not typed:
        raise CellRefused("姓名为空")
    return _named(typed)


def guardian_name(value: Value) -> str:
    if isinstance(value, str) and PLAIN_NAME.fullmatch(value):
        return value
    typed = text(value)
    return _named(typed) if typed else ""


def sex(value: Value) -> Sex | None:
    typed = half_width(text(value)).upper()
    if not typed:
        return None
    if typed not in SEXES:
        raise CellRefused("性别应为“男”或“女”")
    return SEXES[typed]


def boarding(value: Value) -> Boarding | None:
    typed = text(value)
    if not typed:
        return None
    if typed not in BOARDING:
        raise CellRefused("住宿方式应为“住校”或“走读”")
    return BOARDING[typed]


def entry_year(value: Value) -> int | None:
    if isinstance(value, date):
        return value.year
    match = re.fullmatch(r"(?:((?:19|20)\d\d)(?:级|年|[-./年]\d{1,2}月?)?)?", half_width(text(value)))
    if match is None:
        raise CellRefused("入学年份应写成四位，例如 2024")
    return int(match[1]) if match[1] else None


def birth_date(value: Value) -> date | None:
    if isinstance(value, str) and not value.strip():
        return None
    try:
        return dates.parse_date(value)
    except dates.DateError as error:
        raise CellRefused(str(error)) from None


def identity(value: Value) -> identity_numbers.IdentityNumber | None:
    typed = _digits_kept(value, "身份证号")
    if not typed:
        return None
    try:
        return identity_numbers.parse(typed)
    except identity_numbers.IdentityNumberError as error:
        hint = "；末尾是 000，可能已被表格软件改坏" if typed.endswith("000") else ""
        raise CellRefused(f"{error}{hint}") from None


def registration(value: Value) -> str:
    typed = _digits_kept(value, "学籍号")
    if not typed:
        return ""
    try:
        return identity_numbers.parse_registration(typed)
    except identity_numbers.IdentityNumberError as error:
        raise CellRefused(str(error)) from None


def phone(value: Value) -> str:
    if isinstance(value, str) and PLAIN_NUMBER.fullmatch(value) and phones.is_mobile(value):
        return value
    typed = _digits_kept(value, "电话")
    if not typed:
        return ""
    try:
        return phones.normalise(typed)
    except phones.PhoneError as error:
        raise CellRefused(str(error)) from None


def _digits_kept(value: Value, what: str) -> str:
    """Digits as text; refused when the spreadsheet has already rounded them away."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**EXACT_DIGITS:
        raise CellRefused(f"{what}以数字格式保存，{EXACT_DIGITS} 位以后的数字已丢失，请把该列设为“文本”后重新填写")
    typed = text(value)
    if SCIENTIFIC.fullmatch(typed):
        raise CellRefused(f"{what}变成了科学计数法（如 1.2E+17），数字已丢失，请把该列设为“文本”后重新填写")
    return typed


def _named(typed: str) -> str:
    try:
        return names.parse(typed)
    except names.PersonNameError as error:
        raise CellRefused(str(error)) from None


def _is_identity(number: str) -> bool:
    try:
        identity_numbers.parse(number[1:] if number[0] in "GgLl" else number)
    except identity_numbers.IdentityNumberError:
        return False
    return True
