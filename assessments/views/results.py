"""Results of one sitting, for counselors; the raw answers only when asked for, each look recorded."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assessments.actions.readings import NotNow, read_result
from assessments.actions.retests import RetestRefused, invite_again
from assessments.forms.readings import AgainForm, ReadingForm
from assessments.models import Result, Screening, Sitting
from assessments.queries import quality, results
from assessments.queries.earlier import earlier_of
from assessments.queries.growth import first_day_shown
from assessments.queries.informants import side_by_side
from assessments.queries.results import SIGNAL, raw_answers, sheets
from assessments.queries.screenings import require_school
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view

from .interviews import students_own_counselor

SEE = "assessments.see_results"


def own_sitting(request, sitting_id: int) -> Sitting:
    """A sitting of a student of the person's own school: 404 out of sight, 403 where she is counselor elsewhere."""
    rows = Sitting.objects.select_related("screening", "student__klass__grade")
    sitting = get_object_or_404(rows, pk=sitting_id)
    students_own_counselor(request, sitting.student)
    return sitting


def result_page(request, sitting: Sitting, *, reading: ReadingForm | None = None, at: int = 0, status: int = 200):
    """The page; `reading`: a refused form of the result with the id `at`."""
    student = sitting.student
    record_view([student], "results", purpose="查看测评结果")
    shown = results.with_notes(sheets([sitting]), student.pk)
    scales = {view.result.scale for sheet in shown for view in sheet.results}
    since = first_day_shown(timezone.localdate())
    history = results.results_of(student, since)
    history = [view for view in history if view.result.scale in scales]
    if all(view.result.sitting_id == sitting.pk for view in history):
        history = []  # nothing but what stands above
    context = {
        "sitting": sitting, "student": student, "sheets": shown, "signal": SIGNAL, "results": history,
        "charts": results.trends(history), "beside": side_by_side(student), "earlier": earlier_of(student, since),
        "again_form": AgainForm(), "reading_form": reading or ReadingForm(), "reading_at": at,
    }  # fmt: skip
    return render(request, "assessments/result_detail.html", context, status=status)


@require_GET
@allow(SEE)
def result_detail(request, sitting_id):
    return result_page(request, own_sitting(request, sitting_id))


@require_POST
@allow(SEE)
def answers(request, sitting_id):
    """A POST, so that nobody opens answers by following a link; the part for htmx, the page without."""
    sitting = own_sitting(request, sitting_id)
    record_view([sitting.student], "answers", purpose="查看逐题作答")
    template = "assessments/_result_answers.html" if request.htmx else "assessments/result_answers.html"
    context = {"sitting": sitting, "student": sitting.student, "scales": raw_answers(sitting), "signal": SIGNAL}
    return render(request, template, context)


def _named_result(request, sitting: Sitting) -> Result:
    """The result of this sitting that the form names."""
    named = request.POST.get("result", "")
    return get_object_or_404(Result, sitting=sitting, pk=int(named) if named.isdecimal() else 0)


@require_POST
@allow(SEE)
def result_read(request, sitting_id):
    """The counselor says whether what the rule proposes agrees with what she has heard and seen."""
    sitting = own_sitting(request, sitting_id)
    result, form = _named_result(request, sitting), ReadingForm(request.POST)
    if not form.is_valid():
        return result_page(request, sitting, reading=form, at=result.pk, status=422)
    try:
        read_result(result, actor=request.user, **form.cleaned_data)
    except NotNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "已记下您的判断。")
    return redirect("assessments:result-detail", sitting.pk)


@require_POST
@allow(SEE)
def result_again(request, sitting_id):
    """A private invitation to fill in again a scale that is not interpreted."""
    sitting = own_sitting(request, sitting_id)
    result, form = _named_result(request, sitting), AgainForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "；".join(str(error) for error in form.errors["until"]))
        return redirect("assessments:result-detail", sitting.pk)
    try:
        invite_again(result, actor=request.user, until=form.cleaned_data["until"])
    except RetestRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "已约好再答一次。请打印作答条，找个安静的时候单独交给学生。")
    return redirect(f"{reverse('assessments:result-detail', args=[sitting.pk])}#result-{result.pk}")


@require_GET
@allow(SEE)
def screening_quality(request, screening_id):
    """Shares of sheets that are not interpreted, and whom to invite again."""
    screening = get_object_or_404(Screening.objects.select_related("school"), pk=screening_id)
    require_school(SEE, screening.school_id)
    void = quality.void_sheets(screening)
    record_view({one.result.student_id: one.result.student for one in void}.values(), "results", purpose="核对答卷质量")
    context = {"screening": screening, "quality": quality.quality_of(screening), "void": void}
    return render(request, "assessments/screening_quality.html", context)
