"""Results of one sitting, for counselors; the raw answers only when asked for, each look recorded."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from assessments.models import Sitting
from assessments.queries.results import SIGNAL, raw_answers, sheets
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view

from .interviews import students_own_counselor


def _sitting(request, sitting_id: int) -> Sitting:
    rows = Sitting.objects.select_related("screening", "student__klass__grade")
    sitting = get_object_or_404(rows, pk=sitting_id)
    students_own_counselor(request, sitting.student)
    return sitting


@require_GET
@allow("assessments.see_results")
def result_detail(request, sitting_id):
    sitting = _sitting(request, sitting_id)
    record_view([sitting.student], "results", purpose="查看测评结果")
    context = {"sitting": sitting, "student": sitting.student, "sheets": sheets([sitting]), "signal": SIGNAL}
    return render(request, "assessments/result_detail.html", context)


@require_POST
@allow("assessments.see_results")
def answers(request, sitting_id):
    """A POST, so that nobody opens answers by following a link; the part for htmx, the page without."""
    sitting = _sitting(request, sitting_id)
    record_view([sitting.student], "answers", purpose="查看逐题作答")
    template = "assessments/_result_answers.html" if request.htmx else "assessments/result_answers.html"
    context = {"sitting": sitting, "student": sitting.student, "scales": raw_answers(sitting), "signal": SIGNAL}
    return render(request, template, context)
