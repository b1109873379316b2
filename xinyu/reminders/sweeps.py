"""Everything that is swept, of all apps, each on its own: one that fails does not stop the others.

An app names its sweeps in its AppConfig (`sweeps = ("assessments.tasks.climb_flags", …)`), in the order of the apps:
dotted names of functions without arguments that take their own actor. Nothing here knows what they do.
"""

import logging
from collections.abc import Callable

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from xinyu.access.actor import current
from xinyu.reminders.models import Sweep

log = logging.getLogger("xinyu.sweeps")


def named_sweeps() -> list[str]:
    return [name for config in apps.get_app_configs() for name in getattr(config, "sweeps", ())]


def run_sweeps(by: str, names: list[str] | None = None) -> dict[str, str]:
    """Run each once; name → outcome in words. `by` is worker or watch, as the pages show it."""
    return {name: _run(name, by) for name in (named_sweeps() if names is None else names)}


def _run(name: str, by: str) -> str:
    try:
        job: Callable[[], object] = import_string(name)
        outcome = str(job())
    except Exception as error:  # noqa: BLE001 - one failing sweep must not stop the others
        log.exception("sweep %s failed", name)
        outcome = f"failed: {type(error).__name__}"
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
    _note(name, by, outcome)
    return outcome


def short_name(name: str) -> str:
    """'reminders.sweeping.sweep_dues': app and function, without the folders between."""
    kept = [part for part in name.split(".") if part not in ("xinyu", "actions", "tasks")]
    return ".".join(kept)[-40:]


def _note(name: str, by: str, outcome: str) -> None:
    if current():
        raise RuntimeError("sweeps open their own actors: call them outside acting_as")
    with transaction.atomic():
        Sweep.objects.update_or_create(
            name=short_name(name), defaults={"ran_at": timezone.now(), "ran_by": by, "outcome": outcome[:200]}
        )
