"""Showing just enough of a number or name to recognise it.

With region and birth date known from elsewhere, the four final digits of an identity number complete it; so only the
first three and the last one are shown.
"""

STAR = "*"


def mask_id(number: str) -> str:
    """ "110105194912310021" → "110**************1"; a 学籍号 keeps its leading letter as well."""
    lead = 4 if number[:1].isalpha() else 3
    return _mask(number, lead, 1)


def mask_phone(number: str) -> str:
    """ "13812345678" → "138****5678", "0731-88712345" → "0731-******45"."""
    area, dash, rest = number.partition("-")
    if dash:
        return f"{area}-{_mask(rest, 0, 2)}"
    return _mask(number, 3, 4) if len(number) >= 11 else _mask(number, 1, 1)


def mask_name(name: str) -> str:
    """ "张三" → "张*", "欧阳小明" → "欧**明", "买买提·吐尔逊" → "买*****逊"."""
    return _mask(name, 1, 1 if len(name) > 2 else 0)


def masked_label(name: str, number: str) -> str:
    """Whom a page without a log-in is about, at most 40 characters: "张*（学号尾号 07）"."""
    return f"{mask_name(name)[:24]}（学号尾号 {number[-2:]}）"


def _mask(text: str, lead: int, tail: int) -> str:
    if len(text) <= lead + tail:
        return text[:1] + STAR * (len(text) - 1) if len(text) > 1 else STAR * len(text)
    return text[:lead] + STAR * (len(text) - lead - tail) + text[len(text) - tail :]
