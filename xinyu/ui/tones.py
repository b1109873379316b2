"""Tones: five quiet ways to say how much something matters. Colour is never alone: each has an icon and words.

Source: house.md "Facts about a choice live with the choice"; the palette keeps 4.5:1 contrast on white.
"""

from typing import NamedTuple


class Tone(NamedTuple):
    """`name` is the CSS suffix (`xy-tone-<name>`), `icon` the default icon, `spoken` what a screen reader hears."""

    name: str
    icon: str
    spoken: str


TONES = {
    "neutral": Tone("neutral", "circle", ""),
    "info": Tone("info", "info-circle", "提示"),
    "good": Tone("good", "circle-check", "完成"),
    "notice": Tone("notice", "alert-circle", "请留意"),
    "urgent": Tone("urgent", "bell-ringing", "请尽快处理"),
}

# What Django's messages framework, Bootstrap and earlier habits call the same five things.
_ALIASES = {
    "debug": "neutral",
    "secondary": "neutral",
    "primary": "info",
    "success": "good",
    "warning": "notice",
    "danger": "urgent",
    "error": "urgent",
}


def tone_of(value: object) -> Tone:
    """The tone for a name, an alias, a `tags` string of a message or an object with `.tone`; neutral when unknown."""
    name = getattr(value, "tone", value)
    for word in reversed(str(name or "").split()):
        if word in TONES:
            return TONES[word]
        if word in _ALIASES:
            return TONES[_ALIASES[word]]
    return TONES["neutral"]
