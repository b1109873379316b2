"""PDFs of ours beside bare WeasyPrint of the same HTML, both warm."""

from datetime import date, datetime, timedelta
from typing import Any

from weasyprint import HTML

from assessments import slips
from tests.bench.measure import line, timed
from xinyu.reports import render
from xinyu.reports.shapes import Beside, Entry, GrowthFile, Imported, Score, Section, Trend
from xinyu.ui.printing import STYLESHEET, to_pdf

TIMES = 3
WORDS = "课间与同桌有说有笑，作业按时完成；说最近睡得晚，想调整作息，约好下周再聊一次。"


def measure() -> dict[str, Any]:
    return {"pdf_growth_file": _beside(lambda: render.growth_file(file())), "pdf_slips": _beside(lambda: paper_slips())}


def file() -> GrowthFile:
    """Six years of somebody invented: about six pages with tables and a drawing."""
    first = date(2020, 9, 10)
    days = [first + timedelta(days=30 * n) for n in range(60)]
    entries = [Entry(day, f"第 {n} 次记录", WORDS * 2, "王老师") for n, day in enumerate(days, start=1)]
    scores = [
        Score(day, "学期普测", "近两周情绪状况（PHQ-9）", str(n % 9), "提示：轻", "完整")
        for n, day in enumerate(days[::5])
    ]
    trend = Trend("近两周情绪状况（PHQ-9）", [f"{day:%Y-%m}" for day in days[::5]], [float(n % 9) for n in range(12)])
    voices, totals = [("学生本人", days[0]), ("家长（母亲）", days[1])], [("9", "未提示"), ("15", "提示：稍高")]
    beside = Beside("行为与情绪", voices, [("总分", totals)], ["划分依据一"])
    imported = [Imported(day, "近两周情绪状况", "7", "轻", "原平台，2024年9月1日由华晨知导入") for day in days[:4]]
    return GrowthFile(
        school="溪东区第二初级中学", name="欧阳听溪", klass="初二3班", number="20250301",
        basics=[("性别", "女"), ("入学日期", "2020年9月1日")],
        attentions=entries[:2], decisions=entries[2:6], scores=scores, trends=[trend],
        beside=[beside], imported=imported,
        sections=[Section("日常观察", entries[:30]), Section("访谈", entries[30:])], readings=entries[:8],
        reader="华晨知", printed_at=datetime(2026, 11, 23, 9, 30), purpose="学期末归档",
    )  # fmt: skip


def paper_slips() -> str:
    many = tuple(
        slips.Slip(f"同学{n}", f"2025{n:04d}", "ABC DE2 3456", slips.qr_svg(f"http://127.0.0.1/a/?c=ABCDE2{n:04d}"))
        for n in range(50)
    )
    return slips.render(slips.SlipSheet("溪东区第二初级中学", "测量", "八年级3班", "http://127.0.0.1/a/", many))


def _beside(render_html) -> dict[str, Any]:
    """`render_html` → html, then our PDF of it; the limit renders no template. The best of a few."""
    html = render_html()
    _, pages = to_pdf(html)
    ours = min((timed(lambda: to_pdf(render_html())) for _ in range(TIMES)), key=lambda one: one.seconds)
    limit = min((timed(lambda: _bare(html)) for _ in range(TIMES)), key=lambda one: one.seconds)
    return line(
        ours.seconds * 1000, limit.seconds * 1000, "ms", pages=pages, cpu_ms=round(ours.cpu_ms), html_bytes=len(html),
        limit_is="bare WeasyPrint, same HTML, warm", limit_cpu_ms=round(limit.cpu_ms),
    )  # fmt: skip


def _bare(html: str) -> bytes:
    return HTML(string=html).write_pdf(stylesheets=[str(STYLESHEET)])
