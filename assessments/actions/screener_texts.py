"""A county binds the official words of a screener that a person asks."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from assessments.models import ScreenerText
from xinyu.audit.entries import record
from xinyu.organisations.models import County


@transaction.atomic
def bind_screener(
    county: County, words: Sequence[tuple[str, str]], *, actor: Any, document: str, code: str = "cssrs"
) -> ScreenerText:
    """A new version; talks held before keep the words with which they were held."""
    taken = ScreenerText.objects.select_for_update().filter(county=county, code=code).count()
    row = ScreenerText.objects.create(
        county=county,
        code=code,
        version=str(taken + 1),
        words=[list(pair) for pair in words],
        document=document,
        by=actor,
    )
    record("assessments.bind_screener", subject=row, detail={"code": code, "version": row.version})
    return row
