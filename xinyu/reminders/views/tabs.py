"""What the season pages share: the place asked for, the year, and the tabs over them."""

from datetime import date

from django.http import Http404, HttpRequest
from django.urls import reverse

from xinyu.access.allow import may
from xinyu.reminders.reach import Reach, counties_of, own_schools, reach_of
from xinyu.ui.frame import Tab

#: title, url name, verb that the page needs
PAGES = (
    ("时节", "reminders:seasons", "reminders.see"),
    ("全年安排", "reminders:agenda", "reminders.see"),
    ("某日提醒", "reminders:plan", "reminders.see_plan"),
    ("时节设定", "reminders:rules", "reminders.see_rules"),
)


def number(text: str | None, otherwise: int | None = None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 10 else otherwise


def asked_reach(request: HttpRequest) -> Reach:
    return reach_of(request, number(request.GET.get("school")), number(request.GET.get("county")))


def asked_year(request: HttpRequest, today: date) -> int:
    year = number(request.GET.get("year"), today.year)
    if year is None or not today.year - 2 <= year <= today.year + 2:
        raise Http404
    return year


def place_query(reach: Reach) -> str:
    return f"school={reach.school.pk}" if reach.school else f"county={reach.county.pk}"


def tabs(request: HttpRequest, reach: Reach, here: str) -> list[Tab]:
    """The pages about the same place that the person may open."""
    found = [page for page in PAGES if may(request, page[2]) and not (reach.school and page[1] == "reminders:rules")]
    return [Tab(title, f"{reverse(name)}?{place_query(reach)}", name == here) for title, name, _ in found]


def county_tabs(request: HttpRequest, reach: Reach) -> list[Tab]:
    """The counties of a city officer; none where there is nothing to choose."""
    counties = [] if own_schools(request) else counties_of(request)
    return [Tab(c.name, f"?county={c.pk}", c.pk == reach.county.pk) for c in counties] if len(counties) > 1 else []
