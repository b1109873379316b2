"""Paper: HTML → PDF with the platform's print style, and nothing fetched from anywhere."""

from pathlib import Path

from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

# for templates that extend print/base_print.html; given as a file, so print pages need no address
STYLESHEET = Path(__file__).parent / "static" / "ui" / "print.css"


class AddressRefused(Exception):
    """Paper carries everything with it; whatever asks for an address is a mistake or an attack."""


class Refusing(URLFetcher):
    """Ends the rendering: WeasyPrint would swallow any other error and go on."""

    def fetch(self, url, headers=None):
        raise FatalURLFetchingError(url.partition(":")[0])


def to_pdf(html: str) -> tuple[bytes, int]:
    """(PDF, pages). Raises AddressRefused when the HTML asks for an address."""
    try:
        document = HTML(string=html, url_fetcher=Refusing()).render(stylesheets=[str(STYLESHEET)])
        return document.write_pdf(), len(document.pages)
    except FatalURLFetchingError as error:  # a BaseException, which would end the process
        raise AddressRefused(str(error)) from None
