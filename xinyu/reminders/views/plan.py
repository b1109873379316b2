"""The year's planner, and what a day will bring: looked at before it comes."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from xinyu.access.allow import allow
from xinyu.organisations.models import School
from xinyu.reminders import planning, queries
from xinyu.reminders.reach import Reach
from xinyu.reminders.views.tabs import asked_reach, asked_year, county_tabs, number, tabs

#: how far ahead a day can be tried: the calendar of the next school year is an estimate by then
FAR = 2


@require_GET
@allow("reminders.see")
def agenda(request: HttpRequest) -> HttpResponse:
    """Every day of the year on which something is due at the place, with how far it is."""
    reach, today = asked_reach(request), timezone.localdate()
    year = asked_year(request, today)
    context = {
        "reach": reach,
        "year": year,
        "today": today,
        "months": queries.agenda(reach, year, today),
        "tabs": tabs(request, reach, "reminders:agenda"),
        "counties": county_tabs(request, reach),
        "heading": f"{reach.school or reach.county} · {year} 年全年安排",
    }
    return render(request, "reminders/agenda.html", context)


def asked_day(request: HttpRequest, today: date) -> date:
    """`on` of the address; today without one, Http404 for what is no day or too far."""
    text = request.GET.get("on")
    if not text:
        return today
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if not date(today.year - 1, 1, 1) <= on <= date(today.year + FAR, 12, 31):
        raise Http404
    return on


@require_GET
@allow("reminders.see_plan")
def plan(request: HttpRequest) -> HttpResponse:
    """Who receives what on a day. An officer looks over schools first, and into one of the own county with `inside`."""
    reach, today = asked_reach(request), timezone.localdate()
    on = asked_day(request, today)
    school = reach.school or _inside(request, reach)
    facts = planning.facts_of(reach, on)
    planned = planning.due_on(facts, reach.county, on)
    context = {
        "reach": reach,
        "on": on,
        "today": today,
        "next_day": planning.next_day(facts, on),
        "school": school,
        "plans": planning.people_told(planned, reach, on, school),
        "schools": planning.schools_told(planned, reach, on) if school is None else [],
        "tabs": tabs(request, reach, "reminders:plan"),
        "counties": county_tabs(request, reach),
        "heading": f"{school or reach.county} · 某日提醒",
    }
    return render(request, "reminders/plan.html", context)


def _inside(request: HttpRequest, reach: Reach) -> School | None:
    pk = number(request.GET.get("inside"))
    return get_object_or_404(School, pk=pk, county=reach.county) if pk else None
