"""Texts that a card can start from at a school: the platform's, worded anew or hidden by the school, and its own."""

from dataclasses import dataclass

from crisis.card_templates import CardTemplate, card_templates
from crisis.models import SchoolCardTemplate


@dataclass(frozen=True)
class TemplateLine:
    """`version` 0: the platform's text as it came. `origin`: the platform's, where there is one."""

    text: CardTemplate
    version: int
    is_shown: bool
    origin: CardTemplate | None


def templates_of(school_id: int) -> list[TemplateLine]:
    """The platform's first, in its order, then the school's own by code; hidden ones included."""
    newest: dict[str, SchoolCardTemplate] = {}
    for row in SchoolCardTemplate.objects.filter(school=school_id).order_by("code", "version"):
        newest[row.code] = row
    lines = []
    for origin in card_templates():
        own = newest.pop(origin.code, None)
        lines.append(_line(own, origin) if own else TemplateLine(origin, 0, True, origin))
    return lines + [_line(row, None) for row in newest.values()]


def _line(row: SchoolCardTemplate, origin: CardTemplate | None) -> TemplateLine:
    text = CardTemplate(row.code, row.title, row.watch, row.say, row.call)
    return TemplateLine(text, row.version, row.is_shown, origin)


def shown_templates(school_id: int) -> list[CardTemplate]:
    return [line.text for line in templates_of(school_id) if line.is_shown]
