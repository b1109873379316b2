"""A county's own word on its seasons: what is in force, a season of its own, one switched off, days of reminding."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from xinyu.access.allow import allow, may
from xinyu.reminders import menu, planning, queries
from xinyu.reminders.actions.settings import (
    SeasonRulesRefused,
    change_rules,
    newest_setting,
    with_habits,
    with_season,
    with_switch,
    without_season,
)
from xinyu.reminders.forms import HabitsForm, SeasonForm, SwitchForm
from xinyu.reminders.forms.rules import FromForm
from xinyu.reminders.reach import Reach, reach_of
from xinyu.reminders.views.seasons import person, posted
from xinyu.reminders.views.tabs import asked_reach, county_tabs, tabs
from xinyu.ui.frame import Crumb

Change = Callable[[dict[str, Any]], dict[str, Any]]


def _county(request: HttpRequest, county_id: int) -> Reach:
    reach = reach_of(request, county_id=county_id)
    if "county_officer" not in reach.roles:
        raise Http404
    return reach


@require_GET
@allow("reminders.see_rules")
def rules(request: HttpRequest) -> HttpResponse:
    reach, today = asked_reach(request), timezone.localdate()
    if reach.school is not None:
        raise Http404
    context = {
        "reach": reach,
        "rules": queries.county_rules(reach.county, today),
        "may_set": may(request, "reminders.set_rules") and "county_officer" in reach.roles,
        "tabs": tabs(request, reach, "reminders:rules"),
        "counties": county_tabs(request, reach),
        "heading": f"{reach.county} · 时节设定",
    }
    return render(request, "reminders/rules.html", context)


@require_http_methods(["GET", "POST"])
@allow("reminders.set_rules")
def season_edit(request: HttpRequest, county_id: int, code: str = "") -> HttpResponse:
    """A season of the county's own: a new one without `code`. 试算 shows what it would do and stores nothing."""
    reach, today = _county(request, county_id), timezone.localdate()
    newest = newest_setting(reach.county)
    custom = newest.rules.get("custom", []) if newest else []
    rule = next((row for row in custom if row["code"] == code), None)
    if code and rule is None:
        raise Http404
    draft = menu.draft_of(rule, today.year) if rule else None
    form = SeasonForm(posted(request), draft=draft, initial=_from(newest, today))
    trial = None
    if request.method == "POST" and form.is_valid():
        code = code or menu.next_code(custom)
        change = with_season(code, form.draft().as_rule(code))
        if "try" in request.POST:
            trial = planning.trial(reach.county, change(dict(newest.rules) if newest else {}), code, today)
        elif (done := _carry_out(request, reach, form, change, "时节已保存。")) is not None:
            return done
    context = {"reach": reach, "form": form, "trial": trial, "crumbs": _crumbs(reach, "时节"),
               "heading": f"修改：{rule['title']}" if rule else "增加时节"}  # fmt: skip
    return render(request, "reminders/season_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("reminders.set_rules")
def season_switch(request: HttpRequest, county_id: int, code: str, way: str) -> HttpResponse:
    """`way`: off, on, or drop for a season of the county's own."""
    reach, today = _county(request, county_id), timezone.localdate()
    line = next((one for one in queries.county_rules(reach.county, today).seasons if one.code == code), None)
    if line is None or way not in ("off", "on", "drop") or (way == "drop" and not line.is_own):
        raise Http404
    words = {"off": "停用", "on": "恢复", "drop": "删除"}[way]
    form = SwitchForm(posted(request), initial=_from(newest_setting(reach.county), today))
    if request.method == "POST" and form.is_valid():
        change = without_season(code) if way == "drop" else with_switch(code, is_on=way == "on")
        if (done := _carry_out(request, reach, form, change, f"已{words}：{line.title}。")) is not None:
            return done
    context = {"reach": reach, "form": form, "way": way, "words": words, "line": line,
               "crumbs": _crumbs(reach, words), "heading": f"{words}：{line.title}"}  # fmt: skip
    return render(request, "reminders/season_switch.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("reminders.set_rules")
def habits(request: HttpRequest, county_id: int) -> HttpResponse:
    reach, today = _county(request, county_id), timezone.localdate()
    now = queries.county_rules(reach.county, today)
    month = {"month_start": now.month.start, "month_end": now.month.end} if now.month else {}
    form = HabitsForm(posted(request), initial=_from(newest_setting(reach.county), today) | vars(now.policy) | month)
    if request.method == "POST" and form.is_valid():
        change = with_habits(form.policy(), form.month())
        if (done := _carry_out(request, reach, form, change, "提醒的日子已保存。")) is not None:
            return done
    context = {"reach": reach, "form": form, "crumbs": _crumbs(reach, "提醒的日子"), "heading": "提醒的日子"}
    return render(request, "reminders/habits.html", context, status=422 if form.errors else 200)


def _from(newest, today) -> dict[str, Any]:
    """Not before what is decided already."""
    return {"base": newest.pk if newest else 0, "from_on": max(today, newest.in_force_from) if newest else today}


def _carry_out(request: HttpRequest, reach: Reach, form: FromForm, change: Change, said: str) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        row = change_rules(
            reach.county,
            change,
            person(request),
            base=data["base"],
            from_on=data["from_on"],
            today=timezone.localdate(),
        )
    except SeasonRulesRefused as refused:
        form.add_error(None, str(refused))
        newest = newest_setting(reach.county)  # the next press is about what stands there now
        typed = request.POST.copy()
        typed["base"] = str(newest.pk if newest else 0)
        form.data = typed
        return None
    messages.success(request, f"{said}从 {row.in_force_from} 起生效，由此产生的任务在几分钟内更新。")
    return redirect(f"{reverse('reminders:rules')}?county={reach.county.pk}")


def _crumbs(reach: Reach, title: str) -> list[Crumb]:
    back = f"{reverse('reminders:rules')}?county={reach.county.pk}"
    return [Crumb("时节工作", reverse("reminders:seasons")), Crumb("时节设定", back), Crumb(title)]
