"""Slips handed to guardians of a class: notice, topics, a code, and lines to sign on paper. Facts → html."""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from assessments.actions.consent import Issued
from assessments.codes import grouped
from assessments.models import Screening
from assessments.queries.consent import Notice
from assessments.slips import qr_svg


@dataclass(frozen=True)
class ConsentSlip:
    """One guardian's sheet. `code` '' where the roster has no telephone: then only paper counts."""

    student: str
    number: str
    guardian: str
    code: str
    qr: str
    until: datetime | None


def slips_of(standings: list, issued: list[Issued]) -> list[ConsentSlip]:
    """A sheet for every guardian who has yet to answer, with a code where there is one."""
    codes = {one.guardian.pk: one for one in issued}
    out = []
    for one in standings:
        for guardian in one.remind:
            name = f"{guardian.name}（{guardian.relation or '监护人'}）"
            found = codes.get(guardian.pk)
            code, until = (found.code, found.link.expires_at) if found else ("", None)
            qr = qr_svg(f"{found.link.address}{code}/") if found else ""
            out.append(
                ConsentSlip(one.student.name, one.student.number, name, grouped(code) if code else "", qr, until)
            )
    return out


def render(screening: Screening, klass: str, notice: Notice, slips: list[ConsentSlip], address: str) -> str:
    context = {"title": "监护人告知书与回执", "school": screening.school.name, "screening": screening, "klass": klass}
    return render_to_string(
        "print/consent_slips.html", {**context, "notice": notice, "slips": slips, "address": address}
    )
