"""What tests of screenings share: the scales, approved; a draft for chosen classes; decisions of guardians."""

from datetime import timedelta

from django.utils import timezone

from assessments.actions import screenings as actions
from assessments.models import ScaleVersion
from assessments.scale_library import approve_scale, load_library
from xinyu.access.actor import acting_as, current_user_id
from xinyu.students.models import GuardianDecision


def approved_scales(world, *codes):
    with acting_as("system:demo"):
        load_library()
    versions = list(ScaleVersion.objects.filter(code__in=codes or ("PHQ-9", "WHO-5")))
    with acting_as(world.county_officer):
        for version in versions:
            approve_scale(version, world.county, actor=world.county_officer, note="逐题比对，一致")
    return versions


def plan(world, scales, klasses=None, **values):
    """A draft of the world's counselor; call inside acting_as(world.counselor)."""
    now = timezone.now()
    given = {
        "title": "秋季普测",
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=3),
        "scales": scales,
        "klasses": klasses or [world.klass, world.other_klass],
    }
    return actions.create_screening(world.school, actor=world.counselor, **(given | values))


def end_earlier(world) -> None:
    """The cast's own screening ends before anybody began it: whoever opens another now asks nobody a second time."""
    with acting_as(world.counselor):
        actions.move_screening(world.screening, "close", actor=world.counselor)


def decide(student, decision, guardian=None, verified=True):
    return GuardianDecision.objects.create(
        student=student,
        guardian=guardian,
        purpose="screening",
        decision=decision,
        channel="paper",
        is_verified=verified,
        notice_version="2026-1",
        decided_at=timezone.now(),
        recorded_by_id=current_user_id(),
    )
