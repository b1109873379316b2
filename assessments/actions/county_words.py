"""What a county sets for its schools beside forms and clocks: its hotline, and when short talks can be held."""

from collections.abc import Sequence

from django.db import transaction

from xinyu.audit.entries import record
from xinyu.organisations.actions import change_setting
from xinyu.organisations.models import County

#: (label, from, to), the times as "09:40"
Period = tuple[str, str, str]


@transaction.atomic
def set_hotline(county: County, number: str) -> None:
    """Beside 12356 on what students and guardians read; '' takes it away."""
    before = change_setting(county, "hotline", lambda known: number)
    record("assessments.set_hotline", subject=county, detail={"before": before or "", "now": number})


@transaction.atomic
def set_talk_periods(county: County, periods: Sequence[Period]) -> None:
    """Checked by the form (forms/county_words.py); () goes back to the usual ones."""
    rows = [list(period) for period in periods]
    before = change_setting(county, "talk_periods", lambda known: rows)
    record("assessments.set_talk_periods", subject=county, detail={"before": before or [], "now": rows})
