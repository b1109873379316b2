"""The page where a named person confirms a level, beside what the talk found."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.models import Interview
from assessments.queries.growth import attentions
from assessments.queries.interviews import fact_of_level, sittings_beside
from assessments.queries.results import SIGNAL, sheets
from crisis.actions.home_question import open_question
from crisis.actions.opening import open_case
from crisis.duty import NOT_YOURS, schools_for
from crisis.forms.cases import LevelForm
from crisis.looks import level_fact, level_of
from crisis.models import Case
from crisis.queries.schemes import scheme_at
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view
from xinyu.vault.fields import reveal

from .steps import reason_of


def _beside(interview: Interview) -> dict:
    flags = list(interview.flags.all())
    return {
        "interview": interview,
        "student": interview.student,
        "summary": reveal(interview, "summary"),
        "flags": [(flag, fact_of_level(flag.level)) for flag in flags],
        "sheets": sheets(sittings_beside(interview.student, flags)),
        "signal": SIGNAL,
        "attentions": attentions(interview.student, timezone.localdate()),
    }


@require_http_methods(["GET", "POST"])
@allow("crisis.confirm_level")
def level_confirm(request, interview_id):
    """Open the case of a talk, or add its level to the case that is open already."""
    rows = Interview.objects.select_related("student__klass__grade", "by")
    interview = get_object_or_404(rows, pk=interview_id)
    if interview.school_id not in schools_for("crisis.confirm_level"):
        raise PermissionDenied(NOT_YOURS)
    standing = Case.objects.filter(student=interview.student, closed_at__isnull=True).first()
    at_least = level_of(standing.level, standing.scheme).gravity if standing else None
    form = LevelForm(request.POST or None, scheme=scheme_at(interview.school_id), at_least=at_least)
    status = 200
    if request.method == "POST":
        case, status = _open(request, interview, form)
        if case is not None:
            return redirect("crisis:home-question" if open_question(case) else "crisis:case-page", case.pk)
    record_view([interview.student], "case", purpose="定级")
    context = _beside(interview) | {"form": form, "standing": standing}
    context["crumbs"] = [("一人一案", reverse("crisis:case-list")), ("确认级别", "")]
    context["standing_level"] = level_fact(standing.level, standing.scheme) if standing else None
    return render(request, "crisis/level_confirm.html", context, status=status)


def _open(request, interview: Interview, form: LevelForm) -> tuple[Case | None, int]:
    """The case, or None with the status of a page on which everything typed still stands."""
    if not form.is_valid():
        return None, 422
    said = form.cleaned_data
    values = {"level": said["level"], "reason": reason_of(said), "until_on": said["until_on"]}
    try:
        case = open_case(interview, actor=request.user, **values)
    except CaseRefusedError as why:
        form.add_error(None, str(why))
        return None, 409
    messages.success(request, f"级别已确认，个案 {case.code}。")
    return case, 302
