"""The year's seasons of a place, one season with who has answered, and the forms that answer."""

from datetime import date

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from xinyu.access.allow import allow, may
from xinyu.accounts.models import User
from xinyu.audit.entries import record
from xinyu.organisations.queries import calendar_of
from xinyu.reminders import queries
from xinyu.reminders.actions.confirming import confirm_check, confirm_record, review_county
from xinyu.reminders.due import climb
from xinyu.reminders.forms import CheckForm, RecordForm
from xinyu.reminders.models import Due
from xinyu.reminders.queries import Owed, ReportLine, SeasonLine
from xinyu.reminders.reach import Reach, counties_of, klass_to_check, own_schools, reach_of
from xinyu.reminders.season_book import REPORTS, load_book
from xinyu.ui.frame import Crumb, Tab

#: obligations whose fact is a set of figures; the others say in a sentence what was done
BY_FIGURES = frozenset({"zero_report", "key_review", "handover", "adaptation_review"})


def number(text: str | None, otherwise: int | None = None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 10 else otherwise


def person(request: HttpRequest) -> User:
    """@allow lets nobody in who is not logged in."""
    assert isinstance(request.user, User)
    return request.user


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when nothing was filled in; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def asked_reach(request: HttpRequest) -> Reach:
    return reach_of(request, number(request.GET.get("school")), number(request.GET.get("county")))


def season_of(reach: Reach, season: str) -> SeasonLine:
    line = queries.open_season(reach, season, timezone.localdate())
    if line is None:
        raise Http404
    return line


def owed_of(line: SeasonLine, code: str, subject: str) -> Owed:
    found = next((one for one in line.owed if one.code == code and one.subject == subject), None)
    if found is None:
        raise Http404
    return found


def may_sign(reach: Reach, line: SeasonLine, code: str) -> bool:
    """Whether a post of the person is the owner's or stands above it on the ladder."""
    role = next(one.role for one in line.window.obligations if one.code == code)
    return bool(reach.roles & set(climb(role, load_book().ladder)) & {"counselor", "principal", "county_officer"})


def crumbs(title: str) -> list[Crumb]:
    return [Crumb("时节工作", reverse("reminders:seasons")), Crumb(title)]


def _places(request: HttpRequest, reach: Reach) -> list[Tab]:
    counties = [] if own_schools(request) else counties_of(request)
    return [Tab(c.name, f"?county={c.pk}", c.pk == reach.county.pk) for c in counties] if len(counties) > 1 else []


@require_GET
@allow("reminders.see")
def seasons(request: HttpRequest) -> HttpResponse:
    reach, today = asked_reach(request), timezone.localdate()
    year = number(request.GET.get("year"), today.year)
    if year is None or not today.year - 2 <= year <= today.year + 2:
        raise Http404
    lines = queries.season_year(reach, year, today)
    context = {
        "reach": reach,
        "year": year,
        "today": today,
        "lines": lines,
        "now": sorted((line for line in lines if not line.is_over), key=lambda line: line.fact is queries.COMING),
        "over": [line for line in reversed(lines) if line.is_over],
        "banner": calendar_of(reach.county).banner(year),
        "months": range(1, 13),
        "tabs": _places(request, reach),
        "heading": f"{reach.school or reach.county} · {year} 年时节工作",
    }
    return render(request, "reminders/seasons.html", context)


@require_GET
@allow("reminders.see")
def season(request: HttpRequest, season: str) -> HttpResponse:
    reach, today = asked_reach(request), timezone.localdate()
    line = season_of(reach, season)
    codes = [one.code for one in line.owed if one.subject == "klass"] if reach.klass_ids else []
    context = {
        "reach": reach,
        "line": line,
        "klasses": [(code, queries.klass_lines(reach, line, code, today)) for code in codes],
        "may_check": bool(reach.roles & {"homeroom", "grade_head", "counselor"}),
        "signable": [one.code for one in line.owed if one.subject != "klass" and may_sign(reach, line, one.code)],
        "schools": queries.school_lines(reach, season) if reach.is_bureau else [],
        "reports": _reports(reach, line, today),
        "receipts": queries.receipts(reach, season) if reach.school else [],
        "heading": line.window.title,
        "crumbs": crumbs(line.window.title),
    }
    return render(request, "reminders/season.html", context)


def _reports(reach: Reach, line: SeasonLine, today: date) -> list[tuple[Owed, list[ReportLine]]]:
    """Who has answered the bureau and who has not. Exact figures on duty, so that the look is written down."""
    asked = [one for one in line.owed if one.code in REPORTS and one.subject == "school"]
    if not reach.is_bureau or not asked:
        return []
    record("reminders.read_reports", subject=reach.county, detail={"season": line.window.key})
    return [(one, queries.report_lines(reach, line, one, today)) for one in asked]


def back_to(season: str, reach: Reach) -> HttpResponse:
    place = f"school={reach.school.pk}" if reach.school else f"county={reach.county.pk}"
    return redirect(f"{reverse('reminders:season', args=[season])}?{place}")


@require_http_methods(["GET", "POST"])
@allow("reminders.check_class")
def check(request: HttpRequest, season: str, obligation: str, klass_id: int) -> HttpResponse:
    klass, today = klass_to_check(request, klass_id), timezone.localdate()
    reach = reach_of(request, klass.school_id)
    line = season_of(reach, season)
    owed = owed_of(line, obligation, "klass")
    if klass.pk not in {found.id for found in queries.klass_lines(reach, line, obligation, today)}:
        raise Http404
    form = CheckForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        confirm_check(klass, season, obligation, data["count"], actor=person(request), on=today, note=data["note"])
        messages.success(request, f"已记录 {klass.name_on(today)} 的排查。")
        return back_to(season, reach)
    context = {"form": form, "line": line, "owed": owed, "heading": f"{klass.name_on(today)} · {owed.title}",
               "figures": [], "crumbs": crumbs(line.window.title)}  # fmt: skip
    return render(request, "reminders/answer.html", context, status=422 if form.is_bound else 200)


def _opens_a_report(request: HttpRequest) -> bool:
    """A report to the bureau is confirmed by a person who has proved herself, not by an unlocked screen."""
    match = request.resolver_match
    return request.method in ("GET", "HEAD") and match is not None and match.kwargs.get("obligation") in REPORTS


@require_http_methods(["GET", "POST"])
@allow("reminders.confirm_record")
@reauthentication_required(enabled=_opens_a_report)
def confirm(request: HttpRequest, season: str, obligation: str, school_id: int) -> HttpResponse:
    reach = reach_of(request, school_id)
    line = season_of(reach, season)
    owed = owed_of(line, obligation, "school")
    if reach.school is None or not may_sign(reach, line, obligation):
        raise Http404
    figures = queries.zero_report(reach, line, timezone.localdate()) if obligation in BY_FIGURES else {}
    form = RecordForm(posted(request), asks_what=obligation not in BY_FIGURES)
    if request.method == "POST" and form.is_valid():
        confirm_record(reach.school, season, obligation, figures, actor=person(request), note=form.cleaned_data["note"])
        messages.success(request, f"已确认：{owed.title}。")
        return back_to(season, reach)
    return _answer(request, line, owed, form, figures, str(reach.school))


@require_http_methods(["GET", "POST"])
@allow("reminders.review_county")
def review(request: HttpRequest, season: str, obligation: str, county_id: int) -> HttpResponse:
    reach = reach_of(request, county_id=county_id)
    if "county_officer" not in reach.roles:
        raise Http404
    line = season_of(reach, season)
    owed = owed_of(line, obligation, "county")
    schools = queries.school_lines(reach, season)
    figures = {"schools": len(schools), "complete": sum(one.done == one.total for one in schools)}
    form = RecordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        review_county(reach.county, season, obligation, figures, actor=person(request), note=form.cleaned_data["note"])
        messages.success(request, f"已确认：{owed.title}。")
        return back_to(season, reach)
    return _answer(request, line, owed, form, figures, str(reach.county))


def _answer(
    request: HttpRequest, line: SeasonLine, owed: Owed, form: RecordForm, figures: dict[str, int], place: str
) -> HttpResponse:
    labels = queries.FIGURES | {"schools": "应填报学校", "complete": "已全部完成的学校"}
    context = {
        "form": form,
        "line": line,
        "owed": owed,
        "heading": f"{place} · {owed.title}",
        "figures": [(labels[name], value) for name, value in figures.items()],
        "crumbs": crumbs(line.window.title),
    }
    return render(request, "reminders/answer.html", context, status=422 if form.is_bound else 200)


@require_GET
@allow("reminders.see")
def due(request: HttpRequest, due_id: int) -> HttpResponse:
    """From a message to the page where the work is done."""
    row = get_object_or_404(Due, pk=due_id, user=request.user)
    if row.klass_id and may(request, "reminders.check_class"):
        return redirect("reminders:check", row.season, row.obligation, row.klass_id)
    if row.school_id and not row.grade_id and may(request, "reminders.confirm_record"):
        return redirect("reminders:confirm", row.season, row.obligation, row.school_id)
    if not row.school_id and may(request, "reminders.review_county"):
        return redirect("reminders:review", row.season, row.obligation, row.county_id)
    return redirect("reminders:season", row.season)
