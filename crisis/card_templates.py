"""Texts that an action card starts from, by behaviour; the counselor edits them before the card is given. Pure."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
#: a card ends by itself after this many days at most; another one can be written
LONGEST_DAYS = 60


@dataclass(frozen=True)
class CardTemplate:
    code: str
    title: str
    watch: str
    say: str
    call: str


@cache
def card_templates(version: str = "2026.1") -> tuple[CardTemplate, ...]:
    raw = json.loads((DATA / f"action-cards-{version}.json").read_text("utf-8"))
    return tuple(CardTemplate(**row) for row in raw["cards"])
