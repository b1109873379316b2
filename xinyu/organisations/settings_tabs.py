"""The pages on which a bureau sets what counts in its area, in the order of the tabs, and which area it is."""

from django.http import HttpRequest
from django.urls import reverse

from xinyu.access.permissions import roles_for
from xinyu.organisations.models import County
from xinyu.ui.frame import Tab

#: title, url name, verb that the page needs
PAGES = (
    ("等级方案", "crisis:scheme-choice", "crisis.choose_scheme"),
    ("联动时限", "crisis:clock-times", "crisis.set_clock_times"),
    ("访谈表", "assessments:interview-forms", "assessments.set_interview_forms"),
    ("谈话时段", "assessments:talk-periods", "assessments.set_talk_periods"),
    ("本地热线", "assessments:county-hotline", "assessments.set_hotline"),
    ("辅导室要求", "rooms:rules", "rooms.set_rules"),
)


def own_county(request: HttpRequest, verb: str) -> County:
    """The county of the post with which the acting person may do `verb`."""
    posts = request.posts  # type: ignore[attr-defined]
    return County.objects.get(pk=next(post.county_id for post in posts if post.role in roles_for(verb)))


def setting_tabs(request: HttpRequest, here: str) -> list[Tab]:
    """Those that the person may open; `here` is the url name of the one that is shown."""
    roles = {post.role for post in request.posts}  # type: ignore[attr-defined]
    return [Tab(title, reverse(name), name == here) for title, name, verb in PAGES if roles & roles_for(verb)]
