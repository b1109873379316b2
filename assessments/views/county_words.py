"""本区设定: the county's own hotline, and when the short talks of a day can be held."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.actions.county_words import set_hotline, set_talk_periods
from assessments.forms.county_words import HotlineForm, TalkPeriodsForm
from assessments.talk_periods import USUAL
from xinyu.access.allow import allow
from xinyu.organisations.settings_tabs import own_county, setting_tabs

HOTLINE, PERIODS = "assessments.set_hotline", "assessments.set_talk_periods"


@require_http_methods(["GET", "POST"])
@allow(HOTLINE)
def county_hotline(request):
    county = own_county(request, HOTLINE)
    form = HotlineForm(request.POST or None, initial={"hotline": county.settings.get("hotline", "")})
    if request.method == "POST" and form.is_valid():
        set_hotline(county, form.cleaned_data["hotline"])
        messages.success(request, "本地热线已保存，一分钟内用在新打开的页面上。")
        return redirect("assessments:county-hotline")
    context = {"form": form, "county": county, "tabs": setting_tabs(request, "assessments:county-hotline")}
    return render(request, "assessments/county_hotline.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(PERIODS)
def talk_periods(request):
    """POST with `usual` goes back to the usual periods."""
    county = own_county(request, PERIODS)
    own = county.settings.get("talk_periods")
    if request.method == "POST" and "usual" in request.POST:
        set_talk_periods(county, ())
        messages.success(request, "已改回默认的谈话时段。")
        return redirect("assessments:talk-periods")
    form = TalkPeriodsForm([tuple(row) for row in own or USUAL], request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        set_talk_periods(county, form.cleaned_data["periods"])
        messages.success(request, "谈话时段已保存，当日谈话名单从现在起按它排。")
        return redirect("assessments:talk-periods")
    context = {
        "form": form, "county": county, "is_own": bool(own), "usual": USUAL,
        "tabs": setting_tabs(request, "assessments:talk-periods"),
    }  # fmt: skip
    return render(request, "assessments/talk_periods.html", context, status=422 if form.errors else 200)
