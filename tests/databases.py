"""A database of one's own beside the platform's: made by the owner, dropped at the end.

Migrating takes more than a minute of Python, so one database is migrated for the code as it stands, and every other one
is a copy of it, made in a second.
"""

import hashlib
import os
import subprocess
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from xinyu.ops import envfile, paths

URLS = ("XINYU_DATABASE_APP", "XINYU_DATABASE_WORKER", "XINYU_DATABASE_OWNER", "XINYU_DATABASE_TESTS")

#: databases to copy from, one at a time
PATTERN = "test_xinyu_pattern_"
#: advisory lock of whoever makes one
MAKING = 6_120_412


def elsewhere(url: str, name: str) -> str:
    """The same log-in in the database `name`."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def environment(name: str) -> dict[str, str]:
    """Lines of set-up's environment, with every log-in pointing at the database `name`."""
    known = envfile.read(paths.env_file())
    return {url: elsewhere(known[url], name) for url in URLS}


def connect(url: str):
    """A plain connection in autocommit: not Django's, so that it needs no test database."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def ask(url: str, query: str, *values) -> list[tuple]:
    with closing(connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else []


def as_system(url: str, system: str, query: str, *values) -> list[tuple]:
    """Ask as a named job, through the tests' log-in: what a story compares the pages with."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'xinyu_service', true), set_config('app.actor', %s, true)", [system])
        cursor.execute(query, values)
        return cursor.fetchall()


def drop(name: str) -> None:
    owner = envfile.read(paths.env_file())["XINYU_DATABASE_OWNER"]
    ask(owner, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def exists(name: str) -> bool:
    owner = envfile.read(paths.env_file())["XINYU_DATABASE_OWNER"]
    return bool(ask(owner, "SELECT FROM pg_database WHERE datname = %s", name))


def make(name: str) -> dict[str, str]:
    """A fresh, migrated and sealed database. Returns its environment."""
    pattern = f"{PATTERN}{_digest()}"
    owner = envfile.read(paths.env_file())["XINYU_DATABASE_OWNER"]
    with closing(connect(owner)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MAKING])  # the other worker waits and copies
        _migrate_once(cursor, pattern)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{pattern}"')
    return environment(name)


def _migrate_once(cursor, pattern: str) -> None:
    """The database to copy from; those of earlier code go. It has its name only once it is whole."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PATTERN])
    known = {row[0] for row in cursor.fetchall()}
    if pattern in known:
        return
    for old in known:
        cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    begun = f"{PATTERN}begun"
    cursor.execute(f"CREATE DATABASE \"{begun}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    manage(environment(begun), "owner", "migrate", "--verbosity", "0")
    cursor.execute(f'ALTER DATABASE "{begun}" RENAME TO "{pattern}"')


def _digest() -> str:
    """Of everything that a migration, a seal or a loaded data file may come from."""
    found = hashlib.sha256()
    for name in ("xinyu", "assessments", "counseling_rooms", "crisis"):
        for path in sorted((paths.ROOT / name).rglob("*")):
            if path.suffix in (".py", ".json", ".sql") and "__pycache__" not in path.parts:
                found.update(str(path.relative_to(paths.ROOT)).encode() + b"\0" + path.read_bytes())
    found.update((paths.ROOT / "requirements.txt").read_bytes())
    return found.hexdigest()[:16]


def manage(env: dict[str, str], process: str, *words: str) -> str:
    """A management command in that database; its output. Raises AssertionError with what it said."""
    done = subprocess.run(
        [str(paths.PYTHON), "manage.py", *words],
        cwd=paths.ROOT, env=os.environ | env | {"XINYU_PROCESS": process}, capture_output=True, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, f"{words} ended with {done.returncode}: {done.stderr[-2000:]}"
    return done.stdout
