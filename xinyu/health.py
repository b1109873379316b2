"""Is everything there? For /healthz and for the banner that says reminders may be late. Never slows a page."""

import logging
import time

import redis
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xinyu.access.actor import acting_as
from xinyu.access.allow import for_anyone

log = logging.getLogger("xinyu.health")
#: a process asks Redis at most once in so many seconds; other pages take the last answer
ASK_EVERY = 5.0
#: so many rounds without a sweep, and somebody should look
LATE_ROUNDS = 6
_last: dict[str, float | bool] = {"at": -ASK_EVERY, "answers": True}


def redis_answers() -> bool:
    """Whether Redis answered within the last five seconds; waits at most 0.3 s, once."""
    now = time.monotonic()
    if now - _last["at"] >= ASK_EVERY:
        _last["at"] = now  # before asking: while one request waits, others take the last answer
        _last["answers"] = _ask_redis()
    return bool(_last["answers"])


def _ask_redis() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3)
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError) as error:
        log.warning("redis does not answer: %s", error)
        return False
    finally:
        client.close()


def is_late(age: float | None) -> bool:
    """Whether a last sweep of so many seconds ago (None: never) is a reason to worry."""
    return age is None or age > LATE_ROUNDS * settings.SWEEP_SECONDS


def sweep_age() -> float | None:
    """Seconds since any sweep ran, None when none ever did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(ran_at) FROM reminders_sweep")
        at = cursor.fetchone()[0]
    return None if at is None else (timezone.now() - at).total_seconds()


@require_GET
@never_cache
@for_anyone("what watches the platform has no log-in; it tells no data")
def healthz(request):
    """200 while the database answers, else 503; Redis and sweeps are told, since pages work without them."""
    try:
        with transaction.atomic(), acting_as(""):  # as nobody: a student's open sitting may not ask
            age, database = sweep_age(), True
    except DatabaseError:
        log.exception("health: database")
        age, database = None, False
    found = {
        "database": database,
        "redis": redis_answers(),
        "sweep_age_seconds": None if age is None else round(age),
        "sweep_is_late": is_late(age),
    }
    return JsonResponse(found, status=200 if database else 503)
