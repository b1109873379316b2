"""A ledger on paper or as a sheet: written from the rows of this moment, kept in the log with everybody it shows."""

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from crisis.ledger import Ledger, Line
from crisis.queries.ledgers import ledger_cases, ledger_lines
from xinyu.audit.entries import record, record_view
from xinyu.lib.sheets_out import OutSheet, write_workbook
from xinyu.ui.printing import to_pdf
from xinyu.ui.wording import moment

VERB = "crisis.print_papers"
FORMATS = {"xlsx": "Excel 表格", "pdf": "PDF（带水印）"}


@transaction.atomic
def print_ledger(ledger: Ledger, kind: str, *, actor, purpose: str) -> bytes:
    """The file. `kind` is one of FORMATS. Each student in it is a look that the school can see."""
    now = timezone.localtime()
    cases = ledger_cases(VERB)
    lines = ledger_lines(cases, now.date())
    write = _sheet if kind == "xlsx" else _paper
    content = write(ledger, lines, actor.name, purpose, moment(now))
    record("crisis.print_ledger", subject=f"ledger:{ledger.code}", detail={"rows": len(lines), "format": kind})
    record_view([case.student for case in cases], "ledger", purpose=purpose)
    return content


def _sheet(ledger: Ledger, lines: list[Line], reader: str, purpose: str, printed_at: str) -> bytes:
    notes = [["内部资料，注意保密，用后及时删除。"], [f"{reader} 于 {printed_at} 导出"], [f"用途：{purpose}"]]
    sheet = OutSheet(ledger.label, ledger.header(), ledger.rows(lines), ledger.widths())
    return write_workbook([sheet, OutSheet("说明", ["说明"], notes, (60,))])


def _paper(ledger: Ledger, lines: list[Line], reader: str, purpose: str, printed_at: str) -> bytes:
    context = {
        "title": ledger.heading,
        "school": "、".join(sorted({line.school for line in lines})),
        "header": ledger.header(),
        "widths": ledger.widths(),
        "rows": ledger.rows(lines),
        "reader": reader,
        "purpose": purpose,
        "printed_at": printed_at,
        "watermark": f"{reader} {printed_at}",
        "confidential": "内部资料 注意保密",
    }
    return to_pdf(render_to_string("print/ledger.html", context))[0]
