"""Who is acting: one transaction, one name, one database role.

An actor's name is ``kind:key``: ``user:12``, ``sitting:7``, ``card:31``, ``consent:5``, ``slip:9``, ``system:triage``,
or ``door:`` for somebody whom nobody has recognised yet. Every kind has a database role of its own, so a new
kind is a new role and a new policy, never another OR in the policy of the staff.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

#: kind of actor -> database role taken for the transaction
ROLE_OF_KIND = {
    "user": "xinyu_staff",
    "sitting": "xinyu_sitting",
    "card": "xinyu_card",
    "consent": "xinyu_consent",
    "slip": "xinyu_slip",
    "door": "xinyu_door",
    "system": "xinyu_service",
}

#: the named jobs of the platform, each with what it is for; a seal names the ones that may see its rows
SYSTEMS = {
    "triage": "turns flags and outcomes into work: due times, climbing, cases",
    "statistics": "counts for the boards, never shows a row",
    "reminders": "seasons, dues, notices",
    "reports": "finds reports to render and to expire; the content is gathered as the person who asked",
    "posts": "approves first posts at set-up and ends expired ones",
    "housekeeping": "removes what has outlived its purpose: uploaded rosters, words that nobody sent",
    "demo": "plays the demo city through the real actions",
}

DOOR = "door:"
_current: ContextVar[str] = ContextVar("actor", default="")
#: role codes, comma separated, that the actor looks through for now; '' for all that the live posts give
_through: ContextVar[str] = ContextVar("through", default="")


class NoActorError(RuntimeError):
    """Something needed to know who is acting, and nobody was."""


def name_of(actor: Any) -> str:
    """'user:12' for a logged-in user, '' for nobody; names of other actors are passed as they are."""
    if isinstance(actor, str):
        return actor
    if actor is not None and actor.is_authenticated:
        return f"user:{actor.pk}"
    return ""


def _role_for(name: str) -> str:
    if not name:
        return "none"
    kind, _, key = name.partition(":")
    if kind == "system" and key not in SYSTEMS:
        raise NoActorError(f"unknown system actor {key!r}")
    return ROLE_OF_KIND[kind]


def _tell_database(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('app.actor', %s, true), set_config('app.roles', %s, true)",
            [_role_for(name), name, _through.get()],
        )


@contextmanager
def acting_as(actor: Any) -> Iterator[str]:
    """Open a transaction (or a savepoint) in which the database shows what `actor` may see; nobody when it ends.

    Querysets must be evaluated inside. In a task with many rows: one block per row, not one around the loop.
    """
    name, outer, nested = name_of(actor), _current.get(), connection.in_atomic_block
    if name.startswith("system:") and outer and not outer.startswith("system:"):
        # the log-in of the web processes cannot do this; tests, whose log-in can, must not believe otherwise
        raise NoActorError(f"{outer} never turns into {name}: a person's request sees what the person may see")
    with transaction.atomic():
        token, through = _current.set(name), _through.set("")
        try:
            if name or nested:
                _tell_database(name)
            yield name
        finally:
            _current.reset(token)
            _through.reset(through)
        if nested and not connection.needs_rollback:  # a rollback restores both settings by itself
            _tell_database(outer)


@contextmanager
def looking_through(roles: Iterable[str]) -> Iterator[None]:
    """Inside, only posts of these roles give the actor sight: what one post allows is done to its own rows alone.

    Somebody may be counselor of one school and homeroom teacher at another. The actor must be a staff user.
    """
    token = _through.set(",".join(sorted(roles)))
    try:
        _tell_database(_current.get())
        yield
    finally:
        _through.reset(token)
    _tell_database(_current.get())  # not after an exception: its rollback restores the setting


def current() -> str:
    """The name of the actor of this transaction, '' for nobody."""
    return _current.get()


def current_user_id() -> int | None:
    """Primary key of the acting staff user, None for every other kind of actor."""
    kind, _, key = _current.get().partition(":")
    return int(key) if kind == "user" else None
