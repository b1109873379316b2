"""Boards: city → county → school. What is outside the person's own place is not there (404)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from xinyu.access.allow import allow
from xinyu.access.permissions import BUREAU, roles_for
from xinyu.audit.entries import record
from xinyu.dashboard import queries
from xinyu.dashboard.charts import DEFINITIONS, HEADINGS, coverage_chart
from xinyu.dashboard.exports import board_workbook
from xinyu.dashboard.queries import Board
from xinyu.dashboard.staff_counts import staff_counts
from xinyu.organisations.models import City, County, School
from xinyu.ui.downloads import XLSX, file_answer
from xinyu.ui.frame import Crumb


def own_places(request: HttpRequest) -> list[tuple[str, int]]:
    """(level, id) of every place whose board the person's live posts open, widest first."""
    found = []
    for post in request.posts:  # type: ignore[attr-defined]
        if post.role == "city_officer":
            found.append(("city", post.city_id))
        elif post.role == "county_officer":
            found.append(("county", post.county_id))
        elif post.role in roles_for("dashboard.see_school") - BUREAU:
            found.append(("school", post.school_id))
    return sorted(set(found), key=lambda place: ("city", "county", "school").index(place[0]))


def county_in_reach(request: HttpRequest, county_id: int) -> County:
    county = get_object_or_404(County, pk=county_id)
    if not {("county", county.pk), ("city", county.city_id)} & set(own_places(request)):
        raise Http404
    return county


def school_in_reach(request: HttpRequest, school_id: int) -> School:
    school = get_object_or_404(School, pk=school_id)
    reach = {("school", school.pk), ("county", school.county_id), ("city", school.city_id)}
    if not reach & set(own_places(request)):
        raise Http404
    return school


def board_of(request: HttpRequest, level: str, pk: int) -> Board:
    """The board of a place in the person's reach; Http404 otherwise."""
    today = timezone.localdate()
    if level == "school":
        return queries.school_board(school_in_reach(request, pk), today)
    if level == "county":
        return queries.county_board(county_in_reach(request, pk), today)
    if ("city", pk) not in own_places(request):
        raise Http404
    return queries.city_board(get_object_or_404(City, pk=pk), today)


def crumbs_of(request: HttpRequest, board: Board) -> list[Crumb]:
    """Up to the widest board that is the person's own."""
    own, place, trail = set(own_places(request)), board.place, []
    county_id = place.county_id if isinstance(place, School) else place.pk
    if not isinstance(place, City) and ("city", place.city_id) in own:
        trail.append(Crumb("全市", reverse("dashboard:board")))
    if isinstance(place, School) and (trail or ("county", county_id) in own):
        trail.append(Crumb(place.county.name, reverse("dashboard:board-county", args=[county_id])))
    return [*trail, Crumb(str(place))] if trail else []


def show(request: HttpRequest, level: str, pk: int) -> HttpResponse:
    """The page, or to htmx only the numbers of coverage, which it asks for every ten seconds."""
    board = board_of(request, level, pk)
    context = {
        "board": board,
        "heading": f"{board.place} · 数据看板",
        "column": HEADINGS[level],
        "row_url": {"city": "dashboard:board-county", "county": "dashboard:board-school"}.get(level, ""),
        "chart": coverage_chart(board),
        "crumbs": crumbs_of(request, board),
        "export_url": reverse(f"dashboard:board-export-{level}", args=[pk]),
        "definitions": {name: text.format(threshold=settings.SMALL_CELL) for name, text in DEFINITIONS.items()},
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "dashboard/_numbers.html" if is_part else "dashboard/board.html", context)


@require_GET
@allow("dashboard.see_school")
def board(request: HttpRequest) -> HttpResponse:
    return show(request, *own_places(request)[0])


@require_GET
@allow("dashboard.see")
def board_county(request: HttpRequest, county_id: int) -> HttpResponse:
    return show(request, "county", county_id)


@require_GET
@allow("dashboard.see_school")
def board_school(request: HttpRequest, school_id: int) -> HttpResponse:
    return show(request, "school", school_id)


@require_GET
@allow("dashboard.see_school")
def board_export(request: HttpRequest, **place: int) -> HttpResponse:
    """`place` is city_id, county_id or school_id."""
    (level, pk), *_ = ((name.removesuffix("_id"), value) for name, value in place.items())
    found = board_of(request, level, pk)
    record("dashboard.export_board", subject=found.place, detail={"level": level, "version": str(found.version)})
    name = f"{found.place}-完成情况-{timezone.localdate()}.xlsx"
    return file_answer(board_workbook(found, settings.SMALL_CELL), XLSX, name)


@require_GET
@allow("dashboard.see_staff_count")
def staff_numbers(request):
    """One number for each round of the school's staff that is over."""
    context = {"rows": staff_counts(), "threshold": settings.SMALL_CELL}
    return render(request, "dashboard/staff_counts.html", context)
