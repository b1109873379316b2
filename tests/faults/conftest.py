"""A world built once in a database of its own; each test gets a copy of it, with nothing running in it yet."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests import databases
from tests.faults import world
from tests.faults.ground import Ground, clone, looking_into
from xinyu.organisations.models import County


@dataclass
class Faults:
    """`ground`: where processes run; `counties`: quiet until opened; `today`: the day the processes live in."""

    ground: Ground
    counties: list[County]
    today: date


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, worker_id) -> Iterator[tuple]:
    """(database, counties, today). Migrated as every test database is, by the owner, with all seals."""
    name, today = f"{os.environ.get('XINYU_TEST_DB', 'test_xinyu')}_far_{worker_id}", timezone.localdate()
    with django_db_blocker.unblock():
        template = connection.settings_dict["NAME"]
        connection.close()
        clone(name, template)
        with looking_into(name):
            call_command("flush", interactive=False, verbosity=0)  # whatever earlier tests have left
            counties = world.build(today)
        yield name, counties, today
        databases.drop(name)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> dict[str, str]:
    """A dozen processes start here: where Python may not keep its bytecode, each would compile every package anew."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("bytecode"))}


@pytest.fixture
def faults(built, compiled, django_db_blocker, tmp_path) -> Iterator[Faults]:
    name, counties, today = built
    own = f"{name}_run"
    clone(own, name)
    with django_db_blocker.unblock(), looking_into(own), Ground(own, tmp_path) as ground:
        ground.env |= compiled
        yield Faults(ground, counties, today)
        connection.close()
