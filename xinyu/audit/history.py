"""The history panel: what changed in a row from version to version, from the events that triggers wrote.

Sealed texts are not in the events' panel: a change of a note is a note of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

Shown = Callable[[Any], str]


@dataclass(frozen=True)
class Version:
    """One step: when, by which user (None: a job or a set-up), [(label, old, new)]; no lines: the row was made."""

    at: datetime
    user_id: int | None
    lines: tuple[tuple[str, str, str], ...]


def versions(events: Iterable[models.Model], fields: Mapping[str, tuple[str, Shown]]) -> list[Version]:
    """Newest first. `fields`: column → (label, how a value is shown); events of one row in the order of their ids."""
    found: list[Version] = []
    before: models.Model | None = None
    for event in events:
        lines = tuple(_differences(before, event, fields)) if before is not None else ()
        if before is None or lines:
            found.append(Version(event.pgh_created_at, _who(event), lines))  # type: ignore[attr-defined]
        before = event
    return found[::-1]


def _differences(before: models.Model, now: models.Model, fields: Mapping[str, tuple[str, Shown]]):
    for column, (label, shown) in fields.items():
        old, new = getattr(before, column), getattr(now, column)
        if old != new:
            yield label, shown(old), shown(new)


def _who(event: models.Model) -> int | None:
    context = getattr(event, "pgh_context", None) or {}
    return context.get("user") if isinstance(context, dict) else None
