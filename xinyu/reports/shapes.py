"""What a growth file on paper says, as frozen values: gathered once, rendered without a database or a clock. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Score:
    """One scale of one sitting: a screening signal. `said`: the band's plain words or why it is not interpreted, ''
    where the scale has none; `source`: where the band is from; `standing`: proposal or the counselor's reading, whose
    words are `note`."""

    on: date
    screening: str
    title: str
    total: str
    said: str
    state: str
    source: str = ""
    standing: str = ""
    note: str = ""


@dataclass(frozen=True)
class Beside:
    """One scale, filled in by several people: `voices` (who, on which day), `rows` (measure, (value, band) a voice),
    `sources` of the bands."""

    title: str
    voices: Sequence[tuple[str, date]]
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    sources: Sequence[str]


@dataclass(frozen=True)
class Imported:
    """A line of another platform as it was delivered; `source`: which platform, who brought it in, when."""

    on: date
    scale: str
    score: str
    said: str
    source: str


@dataclass(frozen=True)
class Trend:
    """Scores of one scale, oldest first; None is a sheet that is not interpreted."""

    title: str
    days: Sequence[str]
    values: Sequence[float | None]


@dataclass(frozen=True)
class Entry:
    on: date
    title: str
    text: str = ""
    who: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class GrowthFile:
    """Sections that would be empty are not in it. `reader` and `printed_at` stand on every page."""

    school: str
    name: str
    klass: str
    number: str
    basics: Sequence[tuple[str, str]]
    attentions: Sequence[Entry]
    decisions: Sequence[Entry]
    scores: Sequence[Score]
    trends: Sequence[Trend]
    beside: Sequence[Beside]
    imported: Sequence[Imported]
    sections: Sequence[Section]
    readings: Sequence[Entry]
    reader: str
    printed_at: datetime
    purpose: str


@dataclass(frozen=True)
class CaseLine:
    title: str
    text: str
    who: str
    at: str


#: a term or a typed field, and what it says
Pair = tuple[str, str]


@dataclass(frozen=True)
class CaseSection:
    """`signed`: source and version of what was typed; `held_back`: what a copy for outside does not say."""

    number: int
    title: str
    pairs: Sequence[Pair]
    lines: Sequence[CaseLine]
    signed: str = ""
    held_back: str = ""


@dataclass(frozen=True)
class CaseFile:
    """一人一案 on paper. `left_out` is empty for the whole one."""

    school: str
    name: str
    klass: str
    number: str
    code: str
    title: str
    is_one_page: bool
    is_redacted: bool
    left_out: Sequence[str]
    sections: Sequence[CaseSection]
    reader: str
    printed_at: datetime
    purpose: str
