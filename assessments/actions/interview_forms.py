"""A county words its interview forms; talks that were held keep the version of their day."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from assessments.interview_forms import parse_templates
from assessments.queries.templates import own_forms
from xinyu.audit.entries import record
from xinyu.organisations.actions import change_setting
from xinyu.organisations.models import County


@transaction.atomic
def set_interview_forms(county: County, forms: Sequence[dict[str, Any]], document: str) -> str:
    """The new version; `forms` as read_forms gives them, `document` what they follow."""

    def change(known: dict[str, Any] | None) -> dict[str, Any]:
        number = int((known or {}).get("number", 0)) + 1
        version = f"{county.code}-{number}"[:20]
        raw = {"version": version, "source": document, "number": number, "forms": list(forms)}
        parse_templates(raw)
        return raw

    change_setting(county, "interview_forms", change)
    version = county.settings["interview_forms"]["version"]
    record("assessments.set_interview_forms", subject=county, detail={"version": version})
    return version


@transaction.atomic
def use_shipped_forms(county: County) -> None:
    """Back to the forms that the platform brings. The count stays: no version names two wordings."""
    if own_forms(county):
        gone = change_setting(county, "interview_forms", lambda known: {"number": int(known.get("number", 0))})
        record("assessments.use_shipped_forms", subject=county, detail={"before": gone.get("version", "")})
