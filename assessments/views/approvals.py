"""A school asks the county to approve a screening; the officer reads the request and answers."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.actions import approvals as actions
from assessments.forms.screenings import AskApprovalForm, DecideApprovalForm
from assessments.models import ScreeningApproval
from assessments.queries.approvals import approvals
from assessments.queries.screenings import screenings
from assessments.screening_flow import ScreeningRefused
from assessments.views.screenings import carry_out, detail_page
from xinyu.access.allow import allow


@require_POST
@allow("assessments.plan_screening")
def approval_ask(request, screening_id):
    screening = get_object_or_404(screenings(), pk=screening_id)
    form = AskApprovalForm(request.POST)
    if not form.is_valid():
        return detail_page(request, screening, status=422, ask_form=form)
    ask = partial(actions.ask_approval, screening, actor=request.user, **form.cleaned_data)
    return carry_out(request, screening, ask, "已向县区教育局申请。答复会出现在这一页。")


@require_GET
@allow(actions.APPROVE)
def approval_list(request):
    """Every request of the county's schools, those that wait first."""
    return render(request, "assessments/approval_list.html", {"rows": approvals()[:100]})


@require_http_methods(["GET", "POST"])
@allow(actions.APPROVE)
def approval_decide(request, approval_id):
    row: ScreeningApproval = get_object_or_404(approvals(), pk=approval_id)
    until = min(timezone.localdate(row.closes_at), timezone.localdate() + actions.LONGEST)
    form, status = DecideApprovalForm(request.POST or None, initial={"until_on": max(until, timezone.localdate())}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.decide_approval(row, actor=request.user, **form.cleaned_data)
                messages.success(request, "已答复，学校会在测评页面看到。")
                return redirect("assessments:approval-list")
            except ScreeningRefused as refused:
                form.add_error(None, str(refused))
                status = 409
    return render(request, "assessments/approval_detail.html", {"row": row, "form": form}, status=status)
