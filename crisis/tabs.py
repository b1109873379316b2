"""The pages of one case, in the order in which they stand over each of them."""

from django.urls import NoReverseMatch, reverse

from crisis.duty import roles_in
from crisis.models import Case
from xinyu.access.permissions import roles_for
from xinyu.ui.frame import Tab

#: title, url name, verb that the page needs
PAGES = (
    ("概览", "crisis:case-page", "crisis.see"),
    ("档案", "crisis:case-dossier", "crisis.see"),
    ("研判与帮扶", "crisis:case-team", "crisis.see"),
    ("家校与就医", "crisis:case-home", "crisis.see"),
    ("时限与联动", "crisis:case-clock", "crisis.see"),
)


def tabs_of(case: Case, here: str) -> list[Tab]:
    """Pages of the case that the acting person may open; `here` is the url name of the one that is shown."""
    roles = roles_in(case.school_id)
    found = []
    for title, name, verb in PAGES:
        try:
            url = reverse(name, args=[case.pk])
        except NoReverseMatch:
            continue
        if roles & roles_for(verb):
            found.append(Tab(title, url, name == here))
    return found
