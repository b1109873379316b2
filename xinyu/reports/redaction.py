"""A text for somebody outside the school: names of other people and numbers give way to words. Pure."""

import re
from collections.abc import Mapping

#: mobile and landline numbers, identity numbers
NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8})(?!\d)")
HIDDEN_NUMBER = "（号码已隐去）"
#: a name of one letter would hide every word that contains it
SHORTEST = 2


class Redactor:
    """`names`: {name: word that stands for it}; `kept`: the student's own name, which stays."""

    def __init__(self, names: Mapping[str, str], kept: str):
        self.words = {name: word for name, word in names.items() if len(name) >= SHORTEST and name != kept}
        longest_first = sorted({*self.words, *([kept] if kept else [])}, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        text = NUMBER.sub(HIDDEN_NUMBER, text)
        if self.pattern is None:
            return text
        return self.pattern.sub(lambda found: self.words.get(found.group(), found.group()), text)
