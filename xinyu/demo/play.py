"""The demo city, scene by scene. Each scene acts as somebody; nothing is written past row sight or audit."""

import logging
import time
from datetime import date

from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.audit.models import AuditEntry
from xinyu.organisations.models import City

from .login_swap import as_every_actor
from .scenes import (
    around,
    boards,
    campaigns,
    cases,
    concerns,
    dossiers,
    duty_clock,
    everyday,
    files,
    last_term,
    library,
    people,
    places,
    raising,
    readings,
    rosters,
    season_work,
    staff_round,
    today,
)
from .stage import DEMO
from .world import make_world

log = logging.getLogger("xinyu.demo")
BEGUN, ENDED = "demo.begin", "demo.end"


class HalfPlayed(Exception):
    """A demo was begun in this database and never came to its end."""


def is_played() -> bool:
    """Whether there is data already, of a demo or of anybody. Raises HalfPlayed."""
    with acting_as(DEMO):
        marks = AuditEntry.objects.filter(verb__in=(BEGUN, ENDED)).order_by("pk")
        last = marks.values_list("verb", flat=True).last()
    if last == BEGUN:
        raise HalfPlayed
    return City.objects.exists()


def play(size: str, on: date) -> int:
    """Build the city; returns how many students it has. Not inside a transaction."""
    world = make_world(size, on)
    with as_every_actor():
        _mark(BEGUN, size)
        stage = _timed("places", places.build_places, world)
        for name, scene in SCENES:
            _timed(name, scene, stage)
        _mark(ENDED, size)
    return world.students


def _mark(verb: str, size: str) -> None:
    with acting_as(DEMO):
        record(verb, subject="demo", detail={"size": size})


def _timed(name: str, scene, argument):
    began = time.monotonic()
    result = scene(argument)
    log.info("demo %s %.1f s", name, time.monotonic() - began)
    return result


SCENES = (
    ("people", people.appoint_people),
    ("rosters", rosters.import_rosters),
    ("files", files.fill_files),
    ("library", library.approve_library),
    ("everyday", everyday.fill_days),
    ("last term", last_term.play_last_term),
    ("cases", cases.open_cases),
    ("around", around.surround_cases),
    ("dossiers", dossiers.fill_dossiers),
    ("seasons", today.begin_seasons),
    ("season work", season_work.do_season_work),
    ("screenings", today.run_screenings),
    ("readings", readings.read_results),
    ("campaigns", campaigns.plan_campaigns),
    ("concerns", concerns.tell_concerns),
    ("raising", raising.raise_otherwise),
    ("staff round", staff_round.ask_staff),
    ("duty clock", duty_clock.run_the_clock),
    ("boards", boards.count_boards),
    ("notices", boards.send_notices),
)
