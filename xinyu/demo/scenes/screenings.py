"""Making a screening the way a counselor does, for the scenes of last term and of today."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from assessments.actions.screenings import create_screening, invite_students, move_screening
from assessments.models import ScaleVersion, Screening
from xinyu.access.actor import acting_as
from xinyu.organisations.models import Klass

from ..stage import Stage

STAGES = {"junior", "senior", "vocational"}


def at_nine(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def klasses_of(stage: Stage, school_code: str, first_grade: int, on: date) -> list[Klass]:
    """Classes of middle-school grades that on `on` had reached `first_grade` (7 = 初一)."""
    return [
        klass
        for (code, stage_code, entry_year, _), klass in stage.klasses.items()
        if code == school_code
        and stage_code in STAGES
        and (grade := stage.grades[code, stage_code, entry_year]).number_on(on) >= first_grade
        and grade.year_of_study(on) >= 1
    ]


def open_screening(
    stage: Stage, school_code: str, title: str, klasses: list[Klass], scales: tuple[str, ...]
) -> Screening:
    """Created, invited and opened by the school's counselor: since yesterday, for ten days."""
    counselor, now = stage.first(school_code, "counselor"), timezone.now()
    with acting_as(counselor):
        versions = {version.code: version for version in ScaleVersion.objects.filter(code__in=scales)}
        screening = create_screening(
            stage.schools[school_code], actor=counselor, title=title, opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=10), scales=[versions[code] for code in scales], klasses=klasses,
        )  # fmt: skip
        invite_students(screening, actor=counselor)
        return move_screening(screening, "open", actor=counselor)
