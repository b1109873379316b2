"""Full-width characters, which Chinese input methods produce, and their ASCII twins."""

FULL_WIDTH: dict[int, int] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}


def half_width(text: str) -> str:
    """Full-width letters, digits and punctuation as ASCII; wide and hard spaces as spaces."""
    return text if text.isascii() else text.translate(FULL_WIDTH)
