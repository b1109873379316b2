"""Playing every kind of actor in one process: a demo only.

The workers' log-in is no member of `xinyu_sitting`, and in a real installation no process may be both a system job
and a student. The demo plays both, so it borrows the tests' log-in, and only where settings.DEMO holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection


@contextmanager
def as_every_actor() -> Iterator[None]:
    """Reconnect with the tests' log-in; not inside a transaction. Raises PermissionDenied outside a demo."""
    other = settings.DATABASE_DEMO
    if other is None:
        raise PermissionDenied("only a demo may play every actor")
    own = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    if connection.in_atomic_block or own["USER"] == other["USER"]:
        yield
        return
    connection.close()
    connection.settings_dict.update({key: other[key] for key in own})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(own)
