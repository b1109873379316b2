"""A PDF of ours beside bare WeasyPrint of the same HTML."""

from typing import Any

from weasyprint import HTML

from assessments import slips
from tests.bench.measure import line, timed
from tests.cast import World
from xinyu.ui.printing import STYLESHEET, to_pdf

TIMES = 3


def measure(world: World) -> dict[str, Any]:
    many = tuple(
        slips.Slip(f"同学{n}", f"2025{n:04d}", "ABC DE2 3456", slips.qr_svg(f"http://127.0.0.1/a/?c=ABCDE2{n:04d}"))
        for n in range(50)
    )
    sheet = slips.SlipSheet(world.school.name, "测量", "八年级3班", "http://127.0.0.1/a/", many)
    return {"pdf_slips": _beside(lambda: slips.render(sheet), lambda html: to_pdf(html)[0])}


def _beside(render, to_pdf) -> dict[str, Any]:
    """`render` → html, `to_pdf`: html → bytes. Both warm; the best of a few."""
    html = render()
    to_pdf(html)
    ours = min((timed(lambda: to_pdf(render())) for _ in range(TIMES)), key=lambda one: one.seconds)
    limit = min((timed(lambda: _bare(html)) for _ in range(TIMES)), key=lambda one: one.seconds)
    return line(
        ours.seconds * 1000, limit.seconds * 1000, "ms", cpu_ms=round(ours.cpu_ms), html_bytes=len(html),
        limit_is="bare WeasyPrint, same HTML, warm",
    )  # fmt: skip


def _bare(html: str) -> bytes:
    return HTML(string=html).write_pdf(stylesheets=[str(STYLESHEET)])
