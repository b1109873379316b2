"""Mainland telephone numbers in one spelling: 13812345678 for mobiles, 0731-88712345 for landlines."""

import re

from .widths import half_width

_MOBILE = re.compile(r"1[3-9]\d{9}")
# 010 and 02x have three digits of area code, all others four; local numbers have seven or eight.
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})(?:(?:转|EXT\.?|X|#)(\d{1,6}))?")
_WRITTEN = re.compile(r"(?:010|02\d|0[3-9]\d{2})-\d{7,8}(?:-\d{1,6})?")
_COUNTRY = re.compile(r"(?:\+|00)?86(?=1[3-9]\d{9}$|0\d{9,11}$)|(?:\+|00)86(?=[1-9]\d{8,10}$)")
_NOISE = re.compile(r"[\s\-–—_().·'\u200b-\u200f\u202a-\u202e\ufeff]")


class PhoneError(ValueError):
    """Why a number cannot be accepted, in Chinese; never contains the number."""


def normalise(text: str) -> str:
    """A mobile as 11 digits, a landline as area-number or area-number-extension. Raises PhoneError."""
    if len(text) == 11 and text.isascii() and _MOBILE.fullmatch(text):
        return text
    if _WRITTEN.fullmatch(text):
        return text
    digits = _NOISE.sub("", half_width(text)).upper()
    country = _COUNTRY.match(digits)
    if country:
        rest = digits[country.end() :]
        digits = rest if rest.startswith("0") or _MOBILE.fullmatch(rest) else "0" + rest
    if _MOBILE.fullmatch(digits):
        return digits
    landline = _LANDLINE.fullmatch(digits)
    if landline:
        return "-".join(part for part in landline.groups() if part)
    raise PhoneError(_explain(digits))


def is_mobile(number: str) -> bool:
    """Whether a normalised number can receive a text message."""
    return _MOBILE.fullmatch(number) is not None


def _explain(digits: str) -> str:
    if re.search(r"[,;/、，；]", digits):
        return "一格只能写一个电话，第二个请写在第二监护人"
    if re.search(r"[^\d]", digits):
        return "电话只能写数字"
    if digits.startswith("1"):
        return f"手机号应为 11 位，这里是 {len(digits)} 位" if len(digits) != 11 else "手机号的号段不存在"
    if 7 <= len(digits) <= 8:
        return "座机请写区号，例如 0731-88712345"
    return "电话号码不正确"
