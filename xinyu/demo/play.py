"""The demo city, scene by scene. Each scene acts as somebody; nothing is written past row sight or audit."""

import logging
import time
from datetime import date

from xinyu.organisations.models import City

from .login_swap import as_every_actor
from .scenes import boards, cases, everyday, files, last_term, library, people, places, rosters, today
from .world import make_world

log = logging.getLogger("xinyu.demo")


def is_played() -> bool:
    return City.objects.exists()


def play(size: str, on: date) -> int:
    """Build the city; returns how many students it has. Not inside a transaction."""
    world = make_world(size, on)
    with as_every_actor():
        stage = _timed("places", places.build_places, world)
        for name, scene in SCENES:
            _timed(name, scene, stage)
    return world.students


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
    ("seasons", today.begin_seasons),
    ("screenings", today.run_screenings),
    ("boards", boards.count_boards),
    ("notices", boards.send_notices),
)
