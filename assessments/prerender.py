"""Pages of a sitting, rendered once per process and cut where a request has something of its own to say.

Rendering 100 items costs 13–16 ms, joining the pieces some microseconds. What differs per request: the anti-forgery
token, who sits there, revision, the client's key, a notice, and which options are checked. The door, the confirmation
and the last page have their own few words; a template of theirs costs 0.5–1 ms.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.forms import Form
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape

from assessments.own_words import plain_title
from assessments.scoring import Definition, compile_key

#: grades that get large type and see the buttons for reading aloud at once (小四–六)
YOUNG = (4, 5, 6)
SLOTS = ("csrf", "label", "revision", "key", "draft", "copy", "notice")
_OPTION = re.compile(r'name="(\d+)" value="(\d+)"')


@dataclass(frozen=True)
class Pieces:
    """Text with holes. `slots`: hole → places in `texts`; `options`: (item, option) → place to say checked after."""

    texts: tuple[str, ...]
    slots: dict[str, tuple[int, ...]]
    options: dict[tuple[int, int], int]

    def filled(self, values: Mapping[str, str], checked: Mapping[int, int]) -> str:
        """`values` are texts per slot, escaped here except the notice, which is our own markup."""
        texts = list(self.texts)
        for slot, places in self.slots.items():
            text = values.get(slot, "")
            for place in places:
                texts[place] = text if slot == "notice" else escape(text)
        for option in checked.items():
            if option in self.options:
                texts[self.options[option]] += " checked"
        return "".join(texts)


@lru_cache(maxsize=128)
def pieces_of(definition: Definition, position: int, count: int, *, is_young: bool = False) -> Pieces:
    """The page of one scale as part `position` (from 1) of `count`. Cached by the definition, that is by its digest."""
    return cut(render_to_string("answer/sheet.html", _context(definition, position, count, is_young)))


def answer(request, template: str, words: Mapping[str, str], form: type[Form] | None = None) -> HttpResponse:
    """A page without a scale, with an empty form of this class. Words fill their holes; an empty word is absent."""
    said = {name: word for name, word in words.items() if word}
    html = _plain(template, tuple(said), form).filled(said | {"csrf": get_token(request)}, {})
    return HttpResponse(html)


@lru_cache(maxsize=32)
def _plain(template: str, slots: tuple[str, ...], form: type[Form] | None) -> Pieces:
    holes = {slot: f"@@{slot}@@" for slot in slots}
    context = holes | {"csrf_token": "@@csrf@@", "form": form() if form else None}
    return cut(render_to_string(template, context), ("csrf", *slots))


def cut(html: str, names: tuple[str, ...] = SLOTS) -> Pieces:
    texts = tuple(re.split("(@@(?:" + "|".join(names) + r')@@|name="\d+" value="\d+")', html))
    slots: dict[str, tuple[int, ...]] = {}
    options: dict[tuple[int, int], int] = {}
    for place, text in enumerate(texts):
        if text.startswith("@@") and text.strip("@") in names:
            slots[text.strip("@")] = (*slots.get(text.strip("@"), ()), place)
        elif match := _OPTION.fullmatch(text):
            options[int(match[1]), int(match[2])] = place
    return Pieces(texts, slots, options)


def items_of(definition: Definition, chosen: Mapping[int, int]) -> list[dict]:
    """The items of the printed form as answer/_item.html reads them; `chosen`: item → place of its option."""
    return [
        {
            "n": number,
            "text": item.text_zh,
            "options": [option.label_zh for option in item.options],
            "answer": chosen.get(number),
        }
        for number in compile_key(definition, definition.printed).numbers
        for item in [definition.items[number - 1]]
    ]


def _context(definition: Definition, position: int, count: int, is_young: bool) -> dict:
    items, screen = items_of(definition, {}), definition.screen
    at_once = (screen.young_per_page if is_young else screen.per_page) or len(items)
    return {
        "is_young": is_young,
        "screen": {"no_back": not screen.back, "no_skip": not screen.skip},
        "scale": {
            "code": definition.code,
            "name": plain_title(definition.title_zh),
            "instructions": definition.intro_zh,
            "question": definition.recall_zh,
        },
        "pages": [{"items": items[at : at + at_once]} for at in range(0, len(items), at_once)],
        "position": position,
        "count": count,
        "is_last": position == count,
        "submit_url": reverse("assessments:answer-page", args=[position]),
        "save_url": reverse("assessments:answer-save", args=[position]),
        "talk_url": reverse("assessments:answer-talk", args=[position]),
        "decline_url": reverse("assessments:answer-decline", args=[position]),
        "not_me_url": reverse("assessments:answer-not-me"),
        **{name: f"@@{slot}@@" for name, slot in _NAMES.items()},
    }


_NAMES = {
    "csrf_token": "csrf",
    "student_label": "label",
    "revision": "revision",
    "client_key": "key",
    "draft_id": "draft",
    "copy_key": "copy",
    "notice": "notice",
}
