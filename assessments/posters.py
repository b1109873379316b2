"""The poster with a school's help code: facts → html, printed by xinyu/ui/printing.py."""

from dataclasses import dataclass

from django.template.loader import render_to_string

from assessments.models import HelpDoor
from assessments.slips import qr_svg


@dataclass(frozen=True)
class Poster:
    """`qr` is an SVG of the address, made here, so it is safe to print as it is. The place stands in the corner."""

    school: str
    place: str
    room: str
    hotline: str
    address: str
    qr: str


def gather(door: HelpDoor, address: str) -> Poster:
    hotline = str((door.school.county.settings or {}).get("hotline", ""))
    return Poster(door.school.name, door.place, door.room, hotline, address, qr_svg(address))


def render(poster: Poster) -> str:
    return render_to_string(
        "print/help_poster.html", {"poster": poster, "title": "需要帮助，随时可以说", "school": poster.school}
    )
