"""The sweeps without a doorbell: Redis on a closed port, no worker; one process watches; one failure stops nothing."""

import socket
from datetime import timedelta

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from assessments.models import CoverageTicket, Flag
from tests.cast import build
from xinyu.access.actor import acting_as
from xinyu.dashboard.models import Coverage
from xinyu.reminders import tasks
from xinyu.reminders.models import Notice, Sweep
from xinyu.reminders.sweeps import named_sweeps, run_sweeps
from xinyu.reminders.watching import LOCK, is_redis_alive, watch_round

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dead_redis():
    """The address of a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def unlocked():
    yield
    connection.close()  # a session-level lock ends with its connection


def test_with_redis_dead_a_critical_answer_still_rings_and_is_counted(dead_redis, unlocked):
    here = build("甲")
    with acting_as("system:demo"):
        Flag.objects.create(student=here.students[0], level="immediate", source="item", due_at=timezone.now())
        CoverageTicket.objects.create(screening=here.screening, sitting=here.sitting)
    assert not is_redis_alive(dead_redis)
    call_command("watch", once=True, redis_url=dead_redis)
    with acting_as(here.counselor):
        assert Notice.objects.filter(is_urgent=True).count() == 1
    with acting_as(here.county_officer):
        assert Coverage.objects.get().invited == 1
    assert set(Sweep.objects.values_list("ran_by", flat=True)) == {"watch"}


def test_watch_is_idle_while_a_worker_sweeps_and_takes_over_after_a_minute(unlocked, settings):
    if not is_redis_alive(settings.REDIS_URL):
        pytest.fail("this test needs the platform's own Redis, which set-up starts")
    tasks.sweep()
    assert watch_round(settings.REDIS_URL) == "idle"
    Sweep.objects.update(ran_at=timezone.now() - timedelta(seconds=61))
    assert watch_round(settings.REDIS_URL) == "swept"


def test_only_one_process_watches(dead_redis, unlocked):
    values = connection.settings_dict
    other = psycopg2.connect(
        dbname=values["NAME"], host=values["HOST"], port=values["PORT"], user=values["USER"],
        password=values["PASSWORD"],
    )  # fmt: skip
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert watch_round(dead_redis) == "waiting"
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])  # a closed connection lets go a moment later
    assert watch_round(dead_redis) == "swept"
    other.close()


def test_one_failing_sweep_does_not_stop_the_others(unlocked):
    names = named_sweeps()
    assert "xinyu.reminders.actions.sweeping.sweep_dues" in names and "xinyu.dashboard.tasks.count_coverage" in names
    found = run_sweeps("worker", ["xinyu.reminders.no_such_sweep", *names])
    assert found["xinyu.reminders.no_such_sweep"] == "failed: ImportError"
    assert not [name for name in names if found[name].startswith("failed")], found
    assert Sweep.objects.count() == len(names) + 1


def test_a_ring_nobody_heard_is_gone_before_the_next_one(settings):
    """Beat rings on while no worker runs; the worker that comes back in the morning must not sweep 960 times."""
    rings = [ring for ring in settings.CELERY_BEAT_SCHEDULE.values() if isinstance(ring["schedule"], float)]
    assert len(rings) >= 3
    assert all(0 < ring["options"]["expires"] <= ring["schedule"] for ring in rings)
    sweep = next(ring for ring in rings if ring["task"] == tasks.sweep.name)
    assert sweep["schedule"] == settings.SWEEP_SECONDS == 20
