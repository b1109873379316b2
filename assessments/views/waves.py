"""The capacity check with its proposal of waves, and letting the next wave in by hand."""

from dataclasses import replace

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import waves as actions
from assessments.capacity import lesson_words
from assessments.forms.screenings import PaceForm
from assessments.models import ScreeningWave
from assessments.queries.screenings import require_school, screenings
from assessments.queries.waves import capacity_of, minutes_of_plan, parts_of, stored_pace, waves_of
from assessments.screening_flow import DRAFT, ScreeningRefused
from xinyu.access.allow import allow

PLAN = "assessments.plan_screening"


@require_http_methods(["GET", "POST"])
@allow(PLAN)
def wave_plan(request, screening_id):
    """GET (with other figures: try them) shows the check; POST stores the waves, or drops them with `drop`."""
    screening = get_object_or_404(screenings(), pk=screening_id)
    require_school(PLAN, screening.school_id)
    pace, status = stored_pace(screening), 200
    typed = request.POST if request.method == "POST" else request.GET
    first = {name: getattr(pace, name) for name in PaceForm.base_fields}
    form = PaceForm(typed if "minutes_each" in typed else None, initial=first)
    if form.is_bound:
        status = 200 if form.is_valid() else 422
        pace = replace(pace, **form.cleaned_data) if form.is_valid() else pace
    refused: tuple[str, ...] = ()
    if request.method == "POST" and status == 200:
        try:
            if "drop" in request.POST:
                actions.drop_waves(screening, actor=request.user)
                messages.success(request, "已取消分批，开始后所有班级同时作答。")
            else:
                actions.plan_waves(screening, actor=request.user, pace=pace)
                messages.success(request, "已按这个方案分批。第一批随测评开始，后面各批到日子自动放行。")
            return redirect("assessments:screening-detail", screening.pk)
        except ScreeningRefused as error:
            refused, status = error.reasons, 409
    found, rate = capacity_of(screening, pace, timezone.localdate())
    parts = parts_of(screening)
    minutes = minutes_of_plan(screening, parts)
    context = {
        "screening": screening, "form": form, "check": found, "rate": rate, "items": sum(one.items for one in parts),
        "minutes": minutes, "lesson_words": lesson_words(parts, minutes),
        "waves_minutes": [(wave, minutes * len(wave.klass_ids)) for wave in found.waves],
        "can_save": screening.state == DRAFT, "refused": refused, "waves": waves_of(screening),
    }  # fmt: skip
    return render(request, "assessments/wave_plan.html", context, status=status)


@require_POST
@allow(PLAN)
def wave_release(request, wave_id):
    wave = get_object_or_404(ScreeningWave, pk=wave_id)
    try:
        actions.release_wave(wave, actor=request.user, now=timezone.now())
        messages.success(request, f"第 {wave.number} 批已放行，请打印作答条。")
    except ScreeningRefused as refused:
        messages.error(request, str(refused))
    return redirect("assessments:screening-detail", wave.screening_id)
