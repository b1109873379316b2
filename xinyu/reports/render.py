"""Shape → HTML. No queries, no clock, no network: everything that is printed is in the shape."""

from django.template.loader import render_to_string

from .lines import drawing
from .shapes import CaseFile, GrowthFile


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


def case_file(shape: CaseFile) -> str:
    """一人一案 as HTML for paper, whole or for a reader outside the school."""
    moment = f"{shape.printed_at:%Y年%-m月%-d日 %H:%M}"
    kind = "对外副本" if shape.is_redacted else "校内完整件"
    context = {
        "file": shape,
        "title": f"{shape.title} {shape.code}",
        "school": shape.school,
        "reader": shape.reader,
        "printed_at": moment,
        "watermark": f"{shape.reader} {moment}",
        "confidential": f"{shape.name} · {kind} · 注意保密",
        "kind": kind,
    }
    return render_to_string("print/case_file.html", context)
