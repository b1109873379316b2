"""Resident identity numbers (GB 11643-1999) and national student numbers (学籍号).

18 characters: 6 region, 8 birth date, 3 sequence (odd: male, even: female), 1 check digit. The region is never judged:
codes retire, 81/82/83 are residence permits of Hong Kong, Macao and Taiwan, and 9 is the permanent residence card of
2023, all with the same layout. A student number is "G" + identity number, or "L" + a temporary code of 18 characters.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import mul
from typing import Literal

from .widths import half_width

Sex = Literal["M", "F"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
ASCII_ZEROS = ord("0") * sum(WEIGHTS)  # what the codes of the digits weigh too much
SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
EARLIEST = date(1900, 1, 1)


class IdentityNumberError(ValueError):
    """Why a number cannot be accepted, in Chinese; never contains the number."""


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A checked number and the facts it carries."""

    number: str
    birth_on: date
    sex: Sex

    def __repr__(self) -> str:
        return "IdentityNumber(…)"


def normalise(text: str) -> str:
    """Half-width, without spaces and dashes, with a capital X."""
    return re.sub(r"[\s\u200b\ufeff'’‘\-–—]", "", half_width(text)).upper()


def check_digit(body: str) -> str:
    """The eighteenth character for the first seventeen digits."""
    return CHECK_DIGITS[(sum(map(mul, body.encode(), WEIGHTS)) - ASCII_ZEROS) % 11]


def parse(text: str) -> IdentityNumber:
    """Raises IdentityNumberError for a wrong length, character, date or check digit."""
    number = text if SHAPE.fullmatch(text) else normalise(text)
    if len(number) == 15 and number.isascii() and number.isdecimal():
        raise IdentityNumberError("这是旧的 15 位身份证号，请填写 18 位号码")
    if len(number) != 18:
        raise IdentityNumberError(f"身份证号应为 18 位，这里是 {len(number)} 位；其他证件请留空")
    if not SHAPE.fullmatch(number):
        raise IdentityNumberError("身份证号只能是 17 位数字加 1 位数字或 X")
    birth_on = _birth_on(number[6:14])
    if birth_on is None:
        raise IdentityNumberError("身份证号中的出生日期不存在")
    if check_digit(number[:17]) != number[17]:
        raise IdentityNumberError("身份证号校验码不对，请核对每一位")
    return IdentityNumber(number, birth_on, "M" if int(number[16]) % 2 else "F")


@lru_cache(maxsize=20_000)  # all days of fifty years; a day alone tells nobody anything
def _birth_on(digits: str) -> date | None:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return born_on if born_on >= EARLIEST else None


def parse_registration(text: str) -> str:
    """A 学籍号, normalised. Raises IdentityNumberError."""
    number = normalise(text)
    if len(number) != 19 or number[0] not in "GL":
        raise IdentityNumberError("学籍号应为 G 加 18 位身份证号，或 L 加 18 位临时号，共 19 位")
    if number[0] == "G":
        try:
            parse(number[1:])
        except IdentityNumberError as error:
            raise IdentityNumberError(f"学籍号 G 后面的号码有误：{error}") from None
    elif not re.fullmatch(r"[0-9A-Z]{18}", number[1:]):
        raise IdentityNumberError("学籍号 L 后面只能是 18 位数字或字母")
    return number


def in_registration(registration: str) -> str | None:
    """The identity number inside a normalised 学籍号; None for a temporary one."""
    return registration[1:] if registration.startswith("G") else None
