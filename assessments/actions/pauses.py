"""Where a battery pauses: data of the campaign, set while it is a draft."""

from collections.abc import Iterable

from django.db import transaction

from assessments.actions.people import PLAN
from assessments.models import Screening, ScreeningScale
from assessments.queries.screenings import require_school
from assessments.screening_flow import DRAFT, ScreeningRefused
from xinyu.audit.entries import record


@transaction.atomic
def set_pauses(screening: Screening, after: Iterable[int], *, actor) -> int:
    """`after`: ids of the scale versions behind which there is a pause, the last part excepted; how many there are now.
    Raises ScreeningRefused once the screening has started."""
    require_school(PLAN, screening.school_id)
    screening = Screening.objects.select_for_update(no_key=True).get(pk=screening.pk)
    if screening.state != DRAFT:
        raise ScreeningRefused("测评已经开始，休息点不能再改。")
    parts = list(ScreeningScale.objects.filter(screening=screening).order_by("order", "pk"))
    wanted = set(after) & {part.version_id for part in parts[:-1]}
    for part in parts:
        part.pause_after = part.version_id in wanted
    ScreeningScale.objects.bulk_update(parts, ["pause_after"])
    record("assessments.set_pauses", subject=screening, detail={"after": sorted(wanted)})
    return len(wanted)
