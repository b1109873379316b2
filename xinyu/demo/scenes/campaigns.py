"""A school would like to ask again in the same school year: its request waits on the desk of the county's officer."""

from datetime import timedelta

from django.utils import timezone

from assessments.actions.approvals import ask_approval
from assessments.actions.screenings import create_screening
from assessments.models import ScaleVersion
from assessments.queries.approvals import missing_approval
from xinyu.access.actor import acting_as

from ..stage import Stage
from .screenings import klasses_of

SCHOOL, FIRST_GRADE = "YC0102", 8
REASON = "期中以后有班级反映同学睡眠变差，拟用一份短量表再了解一次，已安排好三个下午的访谈时间。"


def plan_campaigns(stage: Stage) -> None:
    if SCHOOL not in stage.schools:
        return
    counselor, now = stage.first(SCHOOL, "counselor"), timezone.now()
    with acting_as(counselor):
        screening = create_screening(
            stage.schools[SCHOOL], actor=counselor, title="期中后睡眠与情绪回访", opens_at=now + timedelta(days=12),
            closes_at=now + timedelta(days=19), scales=[ScaleVersion.objects.get(code="WHO-5")],
            klasses=klasses_of(stage, SCHOOL, FIRST_GRADE, stage.world.today)[:4],
        )  # fmt: skip
        if missing_approval(screening, stage.world.today):
            ask_approval(screening, actor=counselor, reason=REASON)
