"""PostgreSQL where schema work is done by the owner and everything else by the process's own log-in."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from select import POLLIN, poll

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql import base, creation

from .operations import DatabaseOperations


@contextmanager
def as_owner(alias: str = "default") -> Iterator[None]:
    """Reconnect as the owner for schema work; not inside a transaction."""
    connection = connections[alias]
    login = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    owner = settings.DATABASE_OWNER
    if login["USER"] == owner["USER"]:
        yield
        return
    connection.close()
    connection.settings_dict.update({key: owner[key] for key in ("USER", "PASSWORD")})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(login)


def _owned(method):
    @wraps(method)
    def wrapper(self, *args, **kwargs):
        with as_owner(self.connection.alias):
            return method(self, *args, **kwargs)

    return wrapper


class DatabaseCreation(creation.DatabaseCreation):
    create_test_db = _owned(creation.DatabaseCreation.create_test_db)
    clone_test_db = _owned(creation.DatabaseCreation.clone_test_db)
    destroy_test_db = _owned(creation.DatabaseCreation.destroy_test_db)


class DatabaseWrapper(base.DatabaseWrapper):
    creation_class = DatabaseCreation
    ops_class = DatabaseOperations

    def is_usable(self):
        """Health check without a round trip: a server that went away has left an end of file on an idle connection."""
        if self.connection is None or self.connection.closed:
            return False
        return (not self.errors_occurred and self._is_quiet()) or super().is_usable()

    def _is_quiet(self) -> bool:
        line = poll()
        line.register(self.connection.fileno(), POLLIN)
        return not line.poll(0)
