"""Making a screening the way a counselor does, for the scenes of last term and of today."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from assessments.actions.approvals import ask_approval, decide_approval
from assessments.actions.screenings import create_screening, invite_students, move_screening
from assessments.models import ScaleVersion, Screening
from assessments.queries.approvals import missing_approval
from xinyu.access.actor import acting_as
from xinyu.accounts.models import User
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
    clear(stage, school_code, screening, "上次测评距今已有一段时间，请批准了解学生现状。")
    with acting_as(counselor):
        return move_screening(screening, "open", actor=counselor)


def clear(stage: Stage, school_code: str, screening: Screening, reason: str) -> None:
    """Where the plan needs the county's approval, the school asks and the officer of its county gives it."""
    counselor = stage.first(school_code, "counselor")
    with acting_as(counselor):
        if not missing_approval(screening, timezone.localdate()):
            return
        row = ask_approval(screening, actor=counselor, reason=reason)
    officer = officer_of(stage, screening.school.county.code)
    with acting_as(officer):
        until = timezone.localdate() + timedelta(days=10)
        decide_approval(row, actor=officer, is_granted=True, note="同意，请控制题量并安排好访谈。", until_on=until)


def officer_of(stage: Stage, county_code: str) -> User:
    people = stage.world.county_staff[county_code]
    return stage.users[next(member.username for member in people if member.role == "county_officer")]
