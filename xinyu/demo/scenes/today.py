"""Today: screenings that run, sittings answered by the students themselves, an open queue, a season that has begun."""

from datetime import timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from assessments.actions import answering
from assessments.actions.duty import allow_unguarded, check_in
from assessments.answers import Page, Sheet
from assessments.models import Screening, Sitting
from assessments.queries.answering import desk
from assessments.queries.duty import latest_end
from assessments.screening_flow import ScreeningRefused
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.reminders.models import SeasonSetting

from ..answers import answers, mood_of, seconds_for
from ..seasons import rules_around
from ..stage import DEMO, Stage
from ..world import SEED
from .screenings import klasses_of, open_screening

#: school → (first grade asked, scales, share of answered sittings)
RUNNING = {
    "YC0102": (8, ("PHQ-9", "GAD-7", "WHO-5"), 0.45),
    "YC0201": (10, ("PHQ-9", "WHO-5"), 0.35),
    "YC0303": (8, ("PHQ-9", "WHO-5"), 0.6),
}


def begin_seasons(stage: Stage) -> None:
    today = stage.world.today
    with acting_as(DEMO):
        for county in stage.counties.values():
            setting = SeasonSetting.objects.create(
                county=county, version="demo", in_force_from=today - timedelta(days=30), rules=rules_around(today)
            )
            record("reminders.set_seasons", subject=setting, detail={"county": county.pk})


def run_screenings(stage: Stage) -> None:
    for code, (first_grade, scales, share) in RUNNING.items():
        if code in stage.schools:
            klasses = klasses_of(stage, code, first_grade, stage.world.today)
            screening = open_screening(stage, code, "本学期心理健康普测", klasses, scales)
            _guard(stage, code, screening)
            _answer(screening, scales, share, Random(f"{SEED}{code}today"))  # noqa: S311 - a play, not a secret


def _guard(stage: Stage, code: str, screening: Screening) -> None:
    """The counselor checks in for duty; where the day forbids it the principal says so with a reason."""
    counselor, principal = stage.first(code, "counselor"), stage.first(code, "principal")
    school_id = stage.schools[code].pk
    try:
        with acting_as(counselor):
            check_in(school_id, actor=counselor, until=latest_end(school_id, timezone.now()))
    except ScreeningRefused:
        with acting_as(principal):
            allow_unguarded(screening, actor=principal, reason="演示数据：在任何一天都要能试用作答。")


def _answer(screening: Screening, scales: tuple[str, ...], share: float, dice: Random) -> None:
    with acting_as(DEMO):
        waiting = Sitting.objects.filter(screening=screening, state="invited").order_by("klass_id", "pk")
        ids = [pk for pk in waiting.values_list("pk", flat=True) if dice.random() < share]
    for place, pk in enumerate(ids):
        with acting_as(f"sitting:{pk}"):
            _sit(pk, scales, dice, is_declined=place == 7, wants_talk=place == 11)


def _sit(pk: int, scales: tuple[str, ...], dice: Random, *, is_declined: bool, wants_talk: bool) -> None:
    """What the browser does: begin, save page after page, hand in."""
    mood = mood_of(dice)
    answering.begin_sitting(_desk(pk))
    if is_declined:
        return answering.decline_sitting(_desk(pk), None)
    for number, scale in enumerate(scales, start=1):
        page = Page(scale, number, Sheet(answers(scale, mood, dice), seconds_for(scale, dice)))
        if number < len(scales):
            answering.save_page(_desk(pk), page)
        else:
            answering.submit_sitting(_desk(pk), page, UUID(int=dice.getrandbits(128), version=4))
    if wants_talk:
        answering.ask_to_talk(_desk(pk))


def _desk(pk: int):
    found = desk(pk)
    assert found is not None, "a sitting sees itself"  # noqa: S101
    return found
