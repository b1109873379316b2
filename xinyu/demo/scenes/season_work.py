"""A season that is under way: classes checked, a list reviewed, one report signed, others still to come."""

from datetime import timedelta

from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post
from xinyu.organisations.models import Klass, School
from xinyu.reminders.actions.confirming import confirm_check, confirm_record
from xinyu.reminders.queries import open_season, zero_report
from xinyu.reminders.reach import Reach

from ..seasons import CODE
from ..stage import DEMO, Stage

#: school → share of its classes that have been checked
CHECKED = {"YC0102": 0.7, "YC0103": 1.0, "YC0201": 0.4}
#: school whose list is reviewed and whose report is signed
SIGNED = "YC0103"


def do_season_work(stage: Stage) -> None:
    today = stage.world.today
    season = f"{CODE}:{today - timedelta(days=7)}"
    for code, share in CHECKED.items():
        if code in stage.schools:
            _check(stage.schools[code], season, share, stage)
    if SIGNED in stage.schools:
        _sign(stage, stage.schools[SIGNED], season)


def _check(school: School, season: str, share: float, stage: Stage) -> None:
    with acting_as(DEMO):
        posts = Post.objects.filter(school=school, role="homeroom").select_related("user", "klass").order_by("pk")
        found = [(post.user, post.klass) for post in posts if post.klass is not None]
    for n, (teacher, klass) in enumerate(found[: round(len(found) * share)]):
        with acting_as(teacher):
            confirm_check(klass, season, "class_check", int(n % 6 == 0), actor=teacher, on=stage.world.today)


def _sign(stage: Stage, school: School, season: str) -> None:
    counselor, principal = (stage.first(school.code, role) for role in ("counselor", "principal"))
    for person, role, obligation in ((counselor, "counselor", "key_review"), (principal, "principal", "zero_report")):
        with acting_as(person):
            klasses = frozenset(Klass.objects.filter(school=school).values_list("pk", flat=True))
            reach = Reach(school.county, school, frozenset({role}), klasses, is_bureau=False)
            line = open_season(reach, season, stage.world.today)
            if line is not None:
                figures = zero_report(reach, line, stage.world.today)
                confirm_record(school, season, obligation, figures, actor=person)
