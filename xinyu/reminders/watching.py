"""The sweep when the doorbell is dead: one process of the platform, whichever gets the lock, asks PostgreSQL."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from redis import Redis, RedisError

from xinyu.reminders.models import Sweep
from xinyu.reminders.sweeps import run_sweeps

log = logging.getLogger("xinyu.watch")
#: session-level advisory lock of the one watching process
LOCK = 6_120_356
#: a worker that has missed so many rounds is taken for gone
MISSED_ROUNDS = 2


def has_lock() -> bool:
    """Whether this connection is the one that watches; held until the connection ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND pid = pg_backend_pid())"
            " OR pg_try_advisory_lock(%s)",
            [LOCK, LOCK],
        )
        return cursor.fetchone()[0]


def is_redis_alive(url: str) -> bool:
    try:
        with Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2) as redis:
            return bool(redis.ping())
    except (RedisError, OSError):
        return False


def has_worker_swept() -> bool:
    """A worker has swept within the limit: then there is nothing to do here."""
    limit = timedelta(seconds=MISSED_ROUNDS * settings.SWEEP_SECONDS)
    return Sweep.objects.filter(ran_by="worker", ran_at__gt=timezone.now() - limit).exists()


def watch_round(redis_url: str) -> str:
    """One look: 'waiting' (another process watches), 'idle' (worker and Redis are well) or 'swept'."""
    if not has_lock():
        return "waiting"
    if is_redis_alive(redis_url) and has_worker_swept():
        return "idle"
    run_sweeps("watch")
    return "swept"


def watch(pause: Callable[[], bool], redis_url: str = "") -> None:
    """Rounds until `pause` says to stop (it waits between them). A dead database is waited for, never fatal."""
    going = True
    while going:
        try:
            log.info("watch: %s", watch_round(redis_url or settings.REDIS_URL))
        except (OperationalError, InterfaceError):
            log.warning("watch: the database does not answer, trying again")
            connection.close()
        going = pause()
