"""The report of a screening on screen: exact for its counselor, guarded and frozen for the leaders of the school."""

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from assessments.models import Screening
from assessments.standing import schools_as
from xinyu.access.allow import allow
from xinyu.audit.entries import record
from xinyu.dashboard.report_shapes import short
from xinyu.dashboard.screening_reports import BY, band_sources, published_report, report_of
from xinyu.dashboard.suppression import HIDDEN_NOTE
from xinyu.ui.charts import Chart, Series
from xinyu.ui.frame import Crumb, Tab

DEFINED = (
    "已交：这次测评中交卷的人数。不作解释：空题较多，或按量表的效度规则不宜解释。括号里的百分比以同一行的已交人数为分母。"
    "每名学生每个量表只计一次，单独约的“再答一次”不计入；分级取自总分，关键条目另在访谈队列里。"
)
MERGED_NOTE = "已交人数少于 {threshold} 的年级与别的年级合并列出。"
WORDS = {"klass": "按班级", "grade": "按年级"}


@require_GET
@allow("dashboard.see_report")
def screening_report(request, screening_id):
    screening = get_object_or_404(Screening.objects.select_related("school"), pk=screening_id)
    is_counselor = screening.school_id in schools_as(request.posts, "counselor")
    by = request.GET.get("by") if request.GET.get("by") in BY else BY[0]
    published_at, tables = (None, report_of(screening, by)) if is_counselor else published_report(screening)
    record("dashboard.see_report", subject=screening, detail={"exact": is_counselor, "by": by})
    url = reverse("assessments:screening-detail", args=[screening.pk])
    sources = band_sources(screening, tables)
    context = {
        "screening": screening, "defined": DEFINED,
        "tables": [(table, _chart(n, table), sources.get(table.title, [])) for n, table in enumerate(tables)],
        "is_counselor": is_counselor, "published_at": published_at,
        "tabs": [Tab(words, f"?by={way}", way == by) for way, words in WORDS.items()] if is_counselor else [],
        "place": "班级" if by == "klass" and is_counselor else "年级",
        "note": HIDDEN_NOTE.format(threshold=settings.SMALL_CELL) + MERGED_NOTE.format(threshold=settings.SMALL_CELL),
        "crumbs": [Crumb(screening.title, url), Crumb("报告")],
    }  # fmt: skip
    return render(request, "dashboard/screening_report.html", context)


def _chart(nth, table) -> Chart:
    """The same numbers drawn; a hidden one is a gap."""
    series = [Series(short(band), [row[n] for row in table.cells]) for n, band in enumerate(table.columns)]
    return Chart(f"report-{nth}", table.title, "stacked", list(table.rows), series, "人", "班级或年级")
