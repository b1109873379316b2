"""The year's seasons of a place, one season with who has answered, and the forms that answer."""

from datetime import date

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from xinyu.access.allow import allow, may
from xinyu.access.roles import ROLES
from xinyu.accounts.models import User
from xinyu.audit.entries import record
from xinyu.organisations.queries import calendar_of
from xinyu.reminders import queries
from xinyu.reminders.actions.confirming import Held, confirm_check, confirm_record, review_county
from xinyu.reminders.due import climb
from xinyu.reminders.forms import ActivityForm, CheckForm, HoursForm, RecordForm
from xinyu.reminders.models import Due, SeasonRecord
from xinyu.reminders.queries import Owed, ReportLine, SeasonLine
from xinyu.reminders.reach import Reach, klass_to_check, reach_of
from xinyu.reminders.season_book import REPORTS, load_book
from xinyu.reminders.views.tabs import asked_reach, asked_year, county_tabs, place_query, tabs
from xinyu.ui.frame import Crumb


def person(request: HttpRequest) -> User:
    """@allow lets nobody in who is not logged in."""
    assert isinstance(request.user, User)
    return request.user


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when nothing was filled in; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


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


@require_GET
@allow("reminders.see")
def seasons(request: HttpRequest) -> HttpResponse:
    reach, today = asked_reach(request), timezone.localdate()
    year = asked_year(request, today)
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
        "tabs": tabs(request, reach, "reminders:seasons"),
        "counties": county_tabs(request, reach),
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
        "held": _held(reach, line),
        "receipts": queries.receipts(reach, season) if reach.school else [],
        "heading": line.window.title,
        "crumbs": crumbs(line.window.title),
    }
    return render(request, "reminders/season.html", context)


def _held(reach: Reach, line: SeasonLine) -> list[SeasonRecord]:
    codes = [one.code for one in line.window.obligations if one.evidence.startswith(("activity_", "room_hours"))]
    return queries.records_of(reach, line.window.key, codes) if reach.school and codes else []


def _reports(reach: Reach, line: SeasonLine, today: date) -> list[tuple[Owed, list[ReportLine]]]:
    """Who has answered the bureau and who has not. Exact figures on duty, so that the look is written down."""
    asked = [one for one in line.owed if one.code in REPORTS and one.subject == "school"]
    if not reach.is_bureau or not asked:
        return []
    record("reminders.read_reports", subject=reach.county, detail={"season": line.window.key})
    return [(one, queries.report_lines(reach, line, one, today)) for one in asked]


def back_to(season: str, reach: Reach) -> HttpResponse:
    return redirect(f"{reverse('reminders:season', args=[season])}?{place_query(reach)}")


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
    today = timezone.localdate()
    form = _form_of(evidence_of(line, obligation), line, posted(request), today)
    figures = queries.zero_report(reach, line, today) if isinstance(form, RecordForm) else {}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        held = Held(
            data.get("held_on"), data.get("place", ""), data.get("participants"),
            tuple(form.hours()) if isinstance(form, HoursForm) else (), data.get("until"),
        )  # fmt: skip
        confirm_record(reach.school, season, obligation, figures, actor=person(request), note=data["note"], held=held)
        messages.success(request, f"已{'确认' if figures else '登记'}：{owed.title}。")
        return back_to(season, reach)
    return _answer(request, line, owed, form, figures, str(reach.school))


def evidence_of(line: SeasonLine, code: str) -> str:
    """Which fact meets the obligation: that decides what is asked."""
    return next(one.evidence for one in line.window.obligations if one.code == code)


def _form_of(
    evidence: str, line: SeasonLine, data: QueryDict | None, today: date
) -> ActivityForm | HoursForm | RecordForm:
    if evidence.startswith("activity_"):
        return ActivityForm(data, span=line.window.span, today=today)
    if evidence == "room_hours_extended":
        end = line.window.span.end
        return HoursForm(data, initial={"held_on": max(today, line.window.span.start), "until": max(today, end)})
    return RecordForm(data)


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
    request: HttpRequest, line: SeasonLine, owed: Owed, form: Form, figures: dict[str, int], place: str
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
    place = f"school={row.school_id}" if ROLES[row.role].level not in ("county", "city") else f"county={row.county_id}"
    return redirect(f"{reverse('reminders:season', args=[row.season])}?{place}")
