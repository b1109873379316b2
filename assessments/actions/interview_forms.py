"""A county words its interview forms; talks that were held keep the version of their day."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from assessments.interview_forms import parse_templates
from xinyu.audit.entries import record
from xinyu.organisations.models import County


@transaction.atomic
def set_interview_forms(county: County, forms: Sequence[dict[str, Any]], document: str) -> str:
    """The new version; `forms` as read_forms gives them, `document` what they follow."""
    county = County.objects.select_for_update(no_key=True).get(pk=county.pk)
    before = county.settings.get("interview_forms") or {}
    number = int(before.get("number", 0)) + 1
    version = f"{county.code}-{number}"[:20]
    raw = {"version": version, "source": document, "number": number, "forms": list(forms)}
    parse_templates(raw)
    county.settings = county.settings | {"interview_forms": raw}
    county.save(update_fields=["settings"])
    record("assessments.set_interview_forms", subject=county, detail={"version": version})
    return version


@transaction.atomic
def use_shipped_forms(county: County) -> None:
    """Back to the forms that the platform brings."""
    county = County.objects.select_for_update(no_key=True).get(pk=county.pk)
    if gone := county.settings.get("interview_forms"):
        county.settings = {key: value for key, value in county.settings.items() if key != "interview_forms"}
        county.save(update_fields=["settings"])
        record("assessments.use_shipped_forms", subject=county, detail={"before": gone.get("version", "")})
