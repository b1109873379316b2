"""The school calendar of a county, month by month, and its schools."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinyu.access.allow import allow
from xinyu.access.permissions import roles_for

from . import actions, queries
from .forms import FORMS
from .models import CalendarDay, County, ExamPeriod

ADD: dict[str, Callable[..., Any]] = {"day": actions.add_day, "term": actions.add_term, "exam": actions.add_exam}
YEARS = range(2020, 2041)


def _counties(request):
    """Counties of the person's posts; for posts at a city all of its counties."""
    own = {post.county_id for post in request.posts if post.county_id}
    cities = {post.city_id for post in request.posts if not post.county_id}
    return (County.objects.filter(pk__in=own) | County.objects.filter(city_id__in=cities)).distinct()


def _may_edit(request, county: County) -> bool:
    """Only the bureau of this county or of its city: counties are open to read, so the post is asked here."""
    return any(
        post.role in roles_for("organisations.edit_calendar")
        and post.city_id == county.city_id
        and post.county_id in (None, county.pk)
        for post in request.posts
    )


def _month(request) -> date:
    today = timezone.localdate()
    year, _, number = request.GET.get("month", "").partition("-")
    if year.isdecimal() and number.isdecimal() and int(year) in YEARS and 1 <= int(number) <= 12:
        return date(int(year), int(number), 1)
    return today.replace(day=1)


def _next(first: date, step: int) -> str:
    months = first.year * 12 + first.month - 1 + step
    return f"{months // 12}-{months % 12 + 1:02d}"


@require_GET
@allow("organisations.see")
def calendar(request):
    counties = list(_counties(request))
    if not counties:
        return render(request, "organisations/no_calendar.html")
    chosen = request.GET.get("county", "")
    county = next((c for c in counties if str(c.pk) == chosen), counties[0])
    first = _month(request)
    found = queries.calendar_of(county, on=first)
    context = {
        "county": county,
        "counties": counties,
        "first": first,
        "weeks": queries.month(found, first.year, first.month),
        "previous": _next(first, -1),
        "next": _next(first, 1),
        "banner_text": found.banner(first.year),
        "terms": found.terms,
        "exams": ExamPeriod.objects.filter(county=county),
        "exam_names": queries.EXAMS,
        "days": CalendarDay.objects.filter(county=county, on__year=first.year),
        "may_edit": _may_edit(request, county),
        "today": timezone.localdate(),
    }
    return render(request, "organisations/calendar.html", context)


def _own_county(request, county_id: int) -> County:
    county = get_object_or_404(_counties(request), pk=county_id)
    if not _may_edit(request, county):
        raise PermissionDenied("只能修改本区县的校历。")
    return county


@require_http_methods(["GET", "POST"])
@allow("organisations.edit_calendar")
def calendar_edit(request, county_id: int, what: str):
    county = _own_county(request, county_id)
    if what not in FORMS:
        raise Http404
    form_class, heading = FORMS[what]
    form = form_class(request.POST or None, initial={name: request.GET.get(name) for name in ("on", "code")})
    if request.method == "POST" and form.is_valid():
        ADD[what](county, **form.cleaned_data)
        messages.success(request, "校历已更新。")
        return redirect("organisations:calendar")
    context = {"form": form, "heading": f"修改校历：{heading}", "county": county}
    return render(request, "organisations/calendar_edit.html", context, status=422 if form.errors else 200)


@require_POST
@allow("organisations.edit_calendar")
def day_remove(request, county_id: int, on: date):
    county = _own_county(request, county_id)
    actions.remove_day(get_object_or_404(CalendarDay, county=county, on=on))
    messages.success(request, "已恢复为平常的安排。")
    return redirect("organisations:calendar")


@require_POST
@allow("organisations.edit_calendar")
def year_confirm(request, county_id: int, year: int):
    county = _own_county(request, county_id)
    actions.confirm_year(county, year)
    messages.success(request, f"已确认 {year} 年的放假调休安排。")
    return redirect("organisations:calendar")


@require_GET
@allow("organisations.see")
def school_list(request):
    """Facts that schools publish about themselves, of the person's counties."""
    counties = list(_counties(request))
    groups = [(county, queries.schools_of(county)) for county in counties]
    return render(request, "organisations/school_list.html", {"groups": groups})
