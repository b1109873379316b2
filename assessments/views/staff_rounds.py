"""A county's rounds for staff: planned, started, ended; results and alerts for its station counselors alone."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments import staff_notice
from assessments.actions import staff_rounds as actions
from assessments.actions.staff_rounds import PLAN, SEE, RoundRefused
from assessments.forms.staff_rounds import AlertForm, StaffRoundForm
from assessments.models import StaffAlert, StaffRound, StaffSitting
from assessments.own_words import plain_title
from assessments.queries import staff_rounds as queries
from assessments.queries.results import shown_total
from xinyu.access.allow import allow, may
from xinyu.organisations.settings_tabs import own_county
from xinyu.ui.frame import Crumb
from xinyu.vault.fields import reveal


def _home() -> Crumb:
    return Crumb("教职工自测", reverse("assessments:staff-round-list"))


def _alerts(request) -> list[tuple[StaffAlert, str]]:
    """[(alert, how to reach the person)] for somebody who deals with them."""
    return [(row, reveal(row, "contact")) for row in queries.open_alerts()] if may(request, SEE) else []


@require_GET
@allow(PLAN)
def round_list(request):
    context = {
        "lines": queries.lines(_rounds(request), timezone.localdate()), "alerts": _alerts(request),
        "now": timezone.now(),
        "form": AlertForm(), "sees": may(request, SEE),
    }  # fmt: skip
    return render(request, "assessments/staff_round_list.html", context)


def _rounds(request):
    """Those of her counties: as a member of a school's staff she may see others, too."""
    return StaffRound.objects.filter(county__in={post.county_id for post in request.posts}).select_related("by")


@require_http_methods(["GET", "POST"])
@allow(PLAN)
def round_new(request):
    county = own_county(request, PLAN)
    last = StaffRound.objects.filter(county=county).order_by("-pk").first()
    form = StaffRoundForm(request.POST or None, county=county, station=last.station if last else "")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            school_ids = [one.pk for one in said.pop("schools")]
            try:
                row = actions.plan_round(county, actor=request.user, school_ids=school_ids, **said)
                return redirect("assessments:staff-round", row.pk)
            except RoundRefused as no:
                form.add_error(None, str(no))
                status = 409
    context = {"form": form, "crumbs": [_home(), Crumb("新的一轮")]}
    return render(request, "assessments/staff_round_form.html", context, status=status)


@require_GET
@allow(PLAN)
def round_detail(request, round_id):
    row = get_object_or_404(_rounds(request).select_related("county"), pk=round_id)
    battery = queries.battery_of(row)
    state = queries.state_of(row, timezone.localdate())
    context = {
        "row": row, "state": state, "fact": queries.STATES[state], "schools": queries.schools_of(row),
        "scales": [definition.title_zh for _, definition in battery], "sees": may(request, SEE),
        "notice": staff_notice.notice(has_critical=queries.has_critical(battery)),
        "sittings": queries.handed_in(row) if may(request, SEE) else (),
        "is_kept": queries.station_is_kept(row.county_id), "crumbs": [_home(), Crumb(row.title)],
    }  # fmt: skip
    return render(request, "assessments/staff_round.html", context)


def _do(request, round_id: int, act, said: str):
    row = get_object_or_404(_rounds(request), pk=round_id)
    try:
        act(row, actor=request.user)
        messages.success(request, said)
    except RoundRefused as no:
        messages.error(request, str(no))
    return redirect("assessments:staff-round", round_id)


@require_POST
@allow(PLAN)
def round_start(request, round_id):
    return _do(request, round_id, actions.start_round, "已开始。从开始日期起，这些学校的教职工会在“今天”看到邀请。")


@require_POST
@allow(PLAN)
def round_end(request, round_id):
    return _do(request, round_id, actions.end_round, "已结束，不再接收作答。")


@require_GET
@allow(SEE)
def staff_result(request, part_id):
    """One person's result. Opening it is recorded, and the person sees by whom and when."""
    sitting = get_object_or_404(
        StaffSitting.objects.select_related("user", "school", "round"), pk=part_id, is_handed_in=True
    )
    actions.look_at(sitting, actor=request.user)
    found = queries.results_of(sitting, queries.battery_of(sitting.round))
    back = reverse("assessments:staff-round", args=[sitting.round_id])
    context = {
        "sitting": sitting, "contact": reveal(sitting, "contact"),
        "parts": [(plain_title(one.scale.title_zh), shown_total(one.result), one) for one in found],
        "crumbs": [_home(), Crumb(sitting.round.title, back), Crumb("结果")],
    }  # fmt: skip
    return render(request, "assessments/staff_result.html", context)


@require_POST
@allow(SEE)
def alert_handled(request, alert_id):
    alert = get_object_or_404(StaffAlert, pk=alert_id)
    form = AlertForm(request.POST)
    if form.is_valid():
        try:
            actions.handle_alert(alert, actor=request.user, outcome=form.cleaned_data["outcome"])
            messages.success(request, "已登记处理。")
        except RoundRefused as no:
            messages.error(request, str(no))
    else:
        messages.error(request, "没有登记：请选怎么处理的。")
    return redirect("assessments:staff-round-list")
