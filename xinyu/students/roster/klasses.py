"""Which class a roster means by "七（1）班", "初一 1班", "701" or "2024级1班"."""

import difflib
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from xinyu.lib.widths import half_width

DIGITS = {character: index for index, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
NUMERAL = re.compile(r"[〇零一二两三四五六七八九]?十[一二三四五六七八九]?|[〇零一二两三四五六七八九]+")
ENTRY = re.compile(r"((?:19|20)\d\d)级")
LEVEL = re.compile(r"(初|高|小学?)(?:中)?(\d)(?:年级)?|(\d{1,2})年级|(\d)(?=\(\d+\))")
LEVEL_OFFSET = {"初": 6, "高": 9, "小": 0, "小学": 0}
NEAREST = 5


class KlassUnknown(ValueError):
    """No class, or more than one, fits; the Chinese message lists classes that come near."""


@dataclass(frozen=True, slots=True)
class Klass:
    """A class the school has. `grade` is its present name such as 七年级, `key` whatever the caller knows it by."""

    key: Hashable
    entry_year: int
    grade: str
    name: str

    @property
    def label(self) -> str:
        return f"{self.grade}{self.name}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Grade (level as "7", or a name) and entry year where they were written, and the bare class."""

    grade: str
    entry_year: int | None
    klass: str


class KlassIndex:
    """All classes of one school, found by any usual spelling."""

    def __init__(self, klasses: Iterable[Klass]) -> None:
        self.klasses = tuple(klasses)
        self._by_name: dict[str, list[tuple[str, Klass]]] = defaultdict(list)
        for klass in self.klasses:
            wanted = read_klass(klass.grade, klass.name, None)
            self._by_name[wanted.klass].append((wanted.grade, klass))
        self._found: dict[tuple[str, str, int | None], Klass | KlassUnknown] = {}

    def find(self, grade: str, klass: str, entry_year: int | None) -> Klass:
        """Raises KlassUnknown."""
        key = (grade, klass, entry_year)
        if key not in self._found:
            try:
                self._found[key] = self._search(read_klass(grade, klass, entry_year), f"{grade}{klass}")
            except KlassUnknown as unknown:
                self._found[key] = unknown
        found = self._found[key]
        if isinstance(found, KlassUnknown):
            raise found
        return found

    def _search(self, wanted: Wanted, typed: str) -> Klass:
        fitting = self._fitting(wanted)
        level_first = re.fullmatch(rf"{re.escape(wanted.grade) or '[0-9]'}0?([1-9]\d?)", wanted.klass)
        if not fitting and level_first and len(wanted.klass) >= 3:
            # 701 is the first class of grade 7, wherever no class is really called 701.
            fitting = self._fitting(Wanted(wanted.grade or wanted.klass[0], wanted.entry_year, level_first[1]))
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise KlassUnknown(f"“{typed}”对应多个班级：{'、'.join(k.label for k in fitting[:NEAREST])}，请写明年级")
        near = self._near(wanted, typed)
        raise KlassUnknown(f"没有班级“{typed}”" + (f"，相近的有：{'、'.join(near)}" if near else "，该校还没有班级"))

    def _fitting(self, wanted: Wanted) -> list[Klass]:
        return [
            klass
            for grade, klass in self._by_name.get(wanted.klass, ())
            if (not wanted.grade or wanted.grade == grade)
            and (wanted.entry_year is None or wanted.entry_year == klass.entry_year)
        ]

    def _near(self, wanted: Wanted, typed: str) -> list[str]:
        labels = {klass.label: klass for klass in self.klasses}
        close = difflib.get_close_matches(typed, labels, n=NEAREST, cutoff=0.5)
        same_grade = [k.label for k in self.klasses if wanted.grade and read_grade(k.grade)[0] == wanted.grade]
        return list(dict.fromkeys([*close, *same_grade, *labels]))[:NEAREST]


def read_klass(grade: str, klass: str, entry_year: int | None) -> Wanted:
    """The parts of grade and class cells; a grade inside the class cell counts where the grade cell is empty."""
    level, year = read_grade(grade)
    core = _plain(klass)
    inside_level, inside_year, core = _split(core)
    core = re.sub(r"[()班第]", "", core)
    core = core.lstrip("0") or core
    return Wanted(level or inside_level, entry_year or year or inside_year, core)


def read_grade(grade: str) -> tuple[str, int | None]:
    """("7", None) for 七年级, 初一 and 7; ("", 2024) for 2024级; otherwise the tidied name."""
    plain = _plain(grade)
    level, year, rest = _split(plain)
    if level or year:
        return level, year
    return rest, None


def _split(plain: str) -> tuple[str, int | None, str]:
    year = ENTRY.match(plain)
    if year:
        level, _none, rest = _split(plain[year.end() :])
        return level, int(year[1]), rest
    match = LEVEL.match(plain)
    if match is None:
        return "", None, plain
    digits = match[2] or match[3] or match[4]
    offset = LEVEL_OFFSET.get(match[1] or "", 0)
    return str(int(digits) + offset), None, plain[match.end() :]


def _plain(typed: str) -> str:
    text = re.sub(r"\s", "", half_width(typed)).upper().translate({0x3014: "(", 0x3015: ")", 0x3010: "(", 0x3011: ")"})
    return NUMERAL.sub(lambda match: _arabic(match[0]), text)


def _arabic(numeral: str) -> str:
    tens, ten, ones = numeral.partition("十")
    if ten:
        return str(10 * DIGITS.get(tens, 1) + DIGITS.get(ones, 0))
    return "".join(str(DIGITS[character]) for character in numeral)
