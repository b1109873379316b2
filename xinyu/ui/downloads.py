"""A file as an answer: its type, its Chinese name, and nothing of it in any cache."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_answer(content: bytes, kind: str, name: str, *, is_shown: bool = False) -> HttpResponse:
    """`name` with its suffix. `is_shown`: in the page, to be printed from there; else the browser saves it."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(not is_shown, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
