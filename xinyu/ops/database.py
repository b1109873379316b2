"""Create roles and database through an administrative connection; prints the database's identity.

Runs under the virtual environment's Python (psycopg2). Reads XINYU_ADMIN_URL and XINYU_ROLE_PASSWORDS (JSON).
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from xinyu.ops import roles
from xinyu.ops.binaries import OLDEST_POSTGRES

PATIENCE_SECONDS = 6.0
T = TypeVar("T")


def inside(url: str, database: str) -> str:
    """The same URL for another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def patiently(work: Callable[[], T], passing: tuple[type[Exception], ...]) -> T:
    """Repeat idempotent work while its error is of the passing kind, for some seconds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except passing:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def provision(url: str, passwords: dict[str, str]) -> str:
    """Idempotent. Returns "system identifier:database oid". Raises psycopg2.Error or SystemExit with a sentence."""
    import psycopg2

    outer = psycopg2.connect(url)
    outer.autocommit = True
    with outer.cursor() as cursor:
        major = outer.server_version // 10000
        if major < OLDEST_POSTGRES:
            raise SystemExit(f"PostgreSQL {major} is too old: {OLDEST_POSTGRES} or newer is needed.")
        cursor.execute("SELECT rolname FROM pg_roles")
        existing = [name for (name,) in cursor.fetchall()]
        for statement in [*roles.creation(existing, passwords), *roles.memberships(major), *roles.manners()]:
            cursor.execute(statement)
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [roles.DATABASE])
        if not cursor.fetchone():
            cursor.execute(roles.CREATE_DATABASE)
        for statement in roles.database_rights():
            cursor.execute(statement)
        cursor.execute(
            "SELECT system_identifier, oid FROM pg_control_system(), pg_database WHERE datname = %s", [roles.DATABASE]
        )
        identity = "{}:{}".format(*cursor.fetchone())
    outer.close()
    inner = psycopg2.connect(inside(url, roles.DATABASE))
    with inner, inner.cursor() as cursor:
        for statement in roles.schema_rights():
            cursor.execute(statement)
    inner.close()
    return identity


def main() -> int:
    import psycopg2

    url, passwords = os.environ["XINYU_ADMIN_URL"], json.loads(os.environ["XINYU_ROLE_PASSWORDS"])
    # A server that recovers from a crash refuses for a while; two sessions that grant at once get an internal error
    # ("tuple concurrently updated").
    passing = (psycopg2.OperationalError, psycopg2.InternalError)
    try:
        print(patiently(lambda: provision(url, passwords), passing))
    except psycopg2.Error as error:
        print(f"The database server refused the set-up: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
