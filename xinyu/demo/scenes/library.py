"""The scale library is loaded, and every county officer stands for the texts by name."""

from assessments.models import ScaleVersion
from assessments.scale_library import approve_scale, load_library
from xinyu.access.actor import acting_as

from ..stage import DEMO, Stage


def approve_library(stage: Stage) -> None:
    with acting_as(DEMO):
        load_library()
        versions = list(ScaleVersion.objects.exclude(text_status="none"))
    for code, people in stage.world.county_staff.items():
        officer = stage.users[next(m.username for m in people if m.role == "county_officer")]
        with acting_as(officer):
            for version in versions:
                approve_scale(version, stage.counties[code], actor=officer, note="演示数据：已与公开文本逐条比对。")
