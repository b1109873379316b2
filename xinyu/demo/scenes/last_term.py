"""Last term: every middle school had a screening, answered, closed, and its flags talked about.

The screening is planned, invited, opened, closed and talked about through the real actions. Its answers go through the
real scoring and the real statement of a submit, with that day in place of the database's clock: results can not be
changed afterwards, not even by the demo.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from assessments.actions.answering import scored_ending
from assessments.actions.interviews import record_interview
from assessments.actions.screenings import move_screening
from assessments.answer_vault import seal_answers
from assessments.answers import Sheet, Sheets
from assessments.models import Flag, Screening, Sitting
from assessments.queries.answering import Desk, desk
from assessments.submit_sql import Ending, finish_statement, run
from xinyu.access.actor import acting_as
from xinyu.organisations.calendar import school_year, typical_terms
from xinyu.students.models import Student

from ..answers import answers, mood_of, seconds_for
from ..stage import DEMO, Stage
from ..words import INTERVIEWS
from ..world import SEED
from .screenings import STAGES, at_nine, klasses_of, open_screening

SCALES = ("PHQ-9", "WHO-5")
TITLE = "{}学期心理健康普测"


def play_last_term(stage: Stage) -> None:
    day = screening_day(stage.world.today)
    for one in stage.world.schools:
        klasses = klasses_of(stage, one.school.code, 7, day) if STAGES & set(one.school.stages) else []
        if klasses and one.school.kind != "special":
            _screen(stage, one.school.code, klasses, day)


def screening_day(today: date) -> date:
    """Five weeks into the latest term that is over, a Tuesday."""
    year = school_year(today)
    terms = [term for start in (year - 1, year) for term in typical_terms(start) if term.ends_on < today]
    day = terms[-1].starts_on + timedelta(weeks=5)
    return day - timedelta(days=day.weekday() - 1)


def _screen(stage: Stage, code: str, klasses: list, day: date) -> None:
    dice = Random(f"{SEED}{code}last")  # noqa: S311 - a play, not a secret
    title = TITLE.format("春季" if 2 <= day.month <= 8 else "秋季")
    screening = open_screening(stage, code, title, klasses, SCALES)
    with acting_as(DEMO):
        _answer(screening, day, dice)
    counselor = stage.first(code, "counselor")
    with acting_as(counselor):
        move_screening(screening, "close", actor=counselor)
    with acting_as(DEMO):
        _date_back(screening, day)
    _talk(stage, code, screening, day, dice)


def _answer(screening: Screening, day: date, dice: Random) -> None:
    waiting = Sitting.objects.filter(screening=screening, state="invited").order_by("pk")
    present = [pk for pk in waiting.values_list("pk", flat=True) if dice.random() < 0.96]
    begun = at_nine(day)
    Sitting.objects.filter(pk__in=present).update(state="started", started_at=begun)
    for pk in present:
        at = desk(pk, kind="system")
        if at is not None:
            run(*as_of(begun + timedelta(minutes=dice.randrange(6, 30)), ending_of(at, _sheets(dice), day)))


def _sheets(dice: Random) -> Sheets:
    mood = mood_of(dice)
    return {scale: Sheet(answers(scale, mood, dice), seconds_for(scale, dice)) for scale in SCALES}


def ending_of(at: Desk, sheets: Sheets, day: date) -> Ending:
    """A submit of that day, with what it flags."""
    ending = scored_ending(at, sheets, at.battery, title=f"完成《{at.title}》")
    sealed = seal_answers(sheets, sitting_id=at.sitting_id, screening_id=at.screening_id, wrapped=at.wrapped)
    due = (at_nine(day) + timedelta(hours=8)).isoformat()
    return replace(ending, on=day, answers=sealed, revision=1, flags=[flag | {"due_at": due} for flag in ending.flags])


def as_of(then: datetime, ending: Ending) -> tuple[str, dict]:
    """The statement of a submit as it would have run at another time."""
    statement, values = finish_statement(ending)
    return statement.replace("now()", "%(then)s::timestamptz"), values | {"then": then}


def _date_back(screening: Screening, day: date) -> None:
    first, last = at_nine(day - timedelta(days=2)), at_nine(day + timedelta(days=8))
    Screening.objects.filter(pk=screening.pk).update(
        opens_at=first, closes_at=last, closed_at=last, created_at=first - timedelta(days=7)
    )


def _talk(stage: Stage, code: str, screening: Screening, day: date, dice: Random) -> None:
    """Everybody with a flag was talked to within two days; the outcomes are as usual mostly small."""
    counselor = stage.first(code, "counselor")
    with acting_as(counselor):
        for student in _flagged(screening):
            at = at_nine(day) + timedelta(days=dice.randrange(2), hours=dice.randrange(3, 7))
            outcome, summary = dice.choices(INTERVIEWS, [weight for *_, weight in INTERVIEWS])[0][:2]
            until = stage.world.today + timedelta(days=20) if outcome == "watch" else None
            talk = record_interview(
                student, actor=counselor, at=at, outcome=outcome, summary=summary, watch_until=until
            )
            Flag.objects.filter(interview=talk).update(handled_at=at, seen_at=at - timedelta(hours=1))


def _flagged(screening: Screening) -> Iterable[Student]:
    return list(Student.objects.filter(flags__sitting__screening=screening).distinct().order_by("pk"))
