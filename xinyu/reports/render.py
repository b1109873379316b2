"""Shape → HTML → PDF. No queries, no clock, no network: everything that is printed is in the shape."""

from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from xinyu.ui.printing import STYLESHEET

from .lines import drawing
from .shapes import GrowthFile


class AddressRefused(Exception):
    """Paper carries everything with it; whatever asks for an address is a mistake or an attack."""


class Refusing(URLFetcher):
    """Ends the rendering: WeasyPrint would swallow any other error and go on."""

    def fetch(self, url, headers=None):
        raise FatalURLFetchingError(url.partition(":")[0])


def growth_file(shape: GrowthFile) -> str:
    """The file as HTML for paper."""
    moment = f"{shape.printed_at:%Y年%-m月%-d日 %H:%M}"
    context = {
        "file": shape,
        "drawings": [(trend.title, drawing(trend.days, trend.values)) for trend in shape.trends],
        "title": "一生一册",
        "school": shape.school,
        "reader": shape.reader,
        "printed_at": moment,
        "watermark": f"{shape.reader} {moment}",
        "confidential": f"{shape.name} · 内部资料 注意保密",
    }
    return render_to_string("print/growth_file.html", context)


def to_pdf(html: str) -> tuple[bytes, int]:
    """(PDF, pages). Raises AddressRefused when the HTML asks for an address."""
    try:
        document = HTML(string=html, url_fetcher=Refusing()).render(stylesheets=[str(STYLESHEET)])
        return document.write_pdf(), len(document.pages)
    except FatalURLFetchingError as error:  # a BaseException, which would end the worker
        raise AddressRefused(str(error)) from None
