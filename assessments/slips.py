"""Slips handed to the students of a class: facts → html → PDF, each step testable alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import qrcode
from django.template.loader import render_to_string
from django.utils.html import format_html

from assessments.choices import WAITING, SittingState
from assessments.codes import SittingOwner, code_index, grouped, open_code, screening_key, short_code
from assessments.models import Screening, ScreeningKey, ScreeningKlass, Sitting
from assessments.queries.screenings import klass_sittings


@dataclass(frozen=True)
class Slip:
    """One student's slip. `short`: the six digits for the short way, in two groups. `qr` is an SVG of the address, made
    here, so it is safe to print as it is."""

    name: str
    number: str
    code: str
    qr: str
    short: str = ""


@dataclass(frozen=True)
class SlipSheet:
    school: str
    title: str
    klass: str
    address: str
    slips: tuple[Slip, ...]
    #: '' for a screening that was planned before there were class codes
    klass_code: str = ""

    @property
    def pairs(self) -> list[tuple[Slip, ...]]:
        return [self.slips[n : n + 2] for n in range(0, len(self.slips), 2)]


def waiting(screening: Screening, klass_id: int, *, with_begun: bool) -> list[Sitting]:
    """Who of the class still has something to answer. `with_begun`: a code opens what its student has chosen so far, so
    those who have begun get it again from the counselor alone."""
    states = WAITING if with_begun else (SittingState.INVITED,)
    return list(klass_sittings(screening, klass_id).filter(state__in=states, code_sealed__isnull=False))


def gather(screening: Screening, klass_id: int, klass_name: str, sittings: Sequence[Sitting], door: str) -> SlipSheet:
    """Slips of these sittings of one class. `door`: absolute address of the door."""
    key = screening_key(screening.pk, ScreeningKey.objects.get(screening=screening).wrapped)
    slips = []
    for sitting in sittings:
        code = open_code(bytes(sitting.code_sealed or b""), SittingOwner(screening.pk, sitting.student_id, key))
        short, qr = short_code(code_index(code)), qr_svg(f"{door}?c={code}")
        slips.append(Slip(sitting.student.name, sitting.student.number, grouped(code), qr, f"{short[:3]} {short[3:]}"))
    klass_code = klass_code_of(screening, klass_id)
    return SlipSheet(screening.school.name, screening.title, klass_name, door, tuple(slips), klass_code)


def klass_code_of(screening: Screening, klass_id: int) -> str:
    """What stands on the blackboard of this class, '' for none."""
    chosen = ScreeningKlass.objects.filter(screening=screening, klass_id=klass_id).first()
    return chosen.code or "" if chosen else ""


def qr_svg(text: str) -> str:
    """One path of horizontal runs: a square per module takes WeasyPrint three times as long."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make()
    runs = "".join(f"M{x},{y}h{width}v1h-{width}z" for y, row in enumerate(code.modules) for x, width in _runs(row))
    size = len(code.modules)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"><path d="{}"/></svg>', size, size, runs
    )


def _runs(row: list[bool | None]) -> list[tuple[int, int]]:
    """[(start, length)] of the dark modules of one row."""
    out, x = [], 0
    for dark, modules in groupby(row, key=bool):
        length = len(list(modules))
        if dark:
            out.append((x, length))
        x += length
    return out


def render(sheet: SlipSheet) -> str:
    return render_to_string("print/slips.html", {"sheet": sheet, "title": sheet.title, "school": sheet.school})
