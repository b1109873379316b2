"""Going on and off duty, and the principal's exception; both stand on the page of a screening."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from assessments.actions import duty as actions
from assessments.forms.screenings import DutyForm, UnguardedForm
from assessments.queries.screenings import screenings
from assessments.screening_flow import ScreeningRefused
from assessments.views.screenings import detail_page
from xinyu.access.allow import allow


@require_POST
@allow("assessments.check_in")
def duty_check_in(request, screening_id):
    screening = get_object_or_404(screenings(), pk=screening_id)
    form, status = DutyForm(request.POST), 422
    if form.is_valid():
        try:
            actions.check_in(screening.school_id, actor=request.user, until=form.cleaned_data["until"])
            messages.success(request, "您已开始值守。")
            return redirect("assessments:screening-detail", screening.pk)
        except ScreeningRefused as refused:
            form.add_error("until", str(refused))
            status = 409
    return detail_page(request, screening, status=status, duty_form=form)


@require_POST
@allow("assessments.check_in")
def duty_check_out(request, screening_id):
    screening = get_object_or_404(screenings(), pk=screening_id)
    actions.check_out(screening.school_id, actor=request.user)
    messages.success(request, "您已结束值守。")
    return redirect("assessments:screening-detail", screening.pk)


@require_POST
@allow("assessments.allow_unguarded")
def screening_allow_unguarded(request, screening_id):
    screening = get_object_or_404(screenings(), pk=screening_id)
    form = UnguardedForm(request.POST)
    if not form.is_valid():
        return detail_page(request, screening, status=422, unguarded_form=form)
    actions.allow_unguarded(screening, actor=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, "已记录特别开放的理由。")
    return redirect("assessments:screening-detail", screening.pk)
