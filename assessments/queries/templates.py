"""What an interview at a school asks today: the county's template or the shipped one, and the bound words."""

import logging
from typing import Any

from assessments.interview_forms import InterviewTemplate, parse_templates, shipped_templates
from assessments.models import ScreenerText
from xinyu.organisations.models import County
from xinyu.students.models import Student

log = logging.getLogger("assessments.templates")


def own_forms(county: County) -> dict[str, Any]:
    """The document that the county has handed in; {} while the shipped forms count."""
    own = (county.settings or {}).get("interview_forms") or {}
    return own if set(own) - {"number"} else {}


def templates_of(county: County) -> dict[str, InterviewTemplate]:
    """A broken setting never leaves a counselor without a form."""
    if own := own_forms(county):
        try:
            return parse_templates(own)
        except (KeyError, TypeError, ValueError, AttributeError):
            log.exception("the interview forms of county %s are broken; the shipped ones count", county.pk)
    return shipped_templates()


def bound_words(county_id: int, code: str = "cssrs") -> ScreenerText | None:
    """The newest words that the county has bound; None while it has none."""
    return ScreenerText.objects.filter(county_id=county_id, code=code).select_related("by").first()


def words_of(county: County) -> list[list[str]]:
    """[[number, words]] of the C-SSRS, [] while the county has bound none."""
    row = bound_words(county.pk)
    return row.words if row else []


def county_of(student: Student) -> County:
    return County.objects.get(schools=student.school_id)
