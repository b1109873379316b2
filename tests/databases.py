"""A database of one's own beside the platform's: made by the owner, dropped at the end.

Migrating takes more than a minute of Python, so it is done once for the migrations as they stand, and sealing, a few
seconds, once for the code as it stands. Every other database is a copy of that one, made in a second.
"""

import ast
import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from xinyu.ops import envfile, paths

URLS = ("XINYU_DATABASE_APP", "XINYU_DATABASE_WORKER", "XINYU_DATABASE_OWNER", "XINYU_DATABASE_TESTS")

#: databases to copy from, one of each at a time: migrated; and sealed by the code of today
SCHEMA, PATTERN = "test_xinyu_schema_", "test_xinyu_pattern_"
APPS = ("xinyu", "assessments", "counseling_rooms", "crisis")
PATIENCE_SECONDS = 30
#: what the server says while its own worker is in a database
HELD = (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ObjectInUse)
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
    """Tidying up after the tests. What the server's own worker still holds then is left: `make` drops it first."""
    owner = envfile.read(paths.env_file())["XINYU_DATABASE_OWNER"]
    with closing(connect(owner)) as connection, connection.cursor() as cursor, suppress(*HELD):
        _drop(cursor, name)


def _drop(cursor, name: str) -> None:
    """Also while the server tidies up in it. FORCE is refused where a worker of the server's own is at work; a plain
    DROP asks that one to leave, and waits."""
    deadline, words = time.monotonic() + PATIENCE_SECONDS, "WITH (FORCE)"
    while True:
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" {words}')
        except HELD:
            if time.monotonic() > deadline:
                raise
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND backend_type = 'client backend'",
                [name],
            )
            words = ""
        else:
            return


def exists(name: str) -> bool:
    owner = envfile.read(paths.env_file())["XINYU_DATABASE_OWNER"]
    return bool(ask(owner, "SELECT FROM pg_database WHERE datname = %s", name))


def make(name: str) -> dict[str, str]:
    """A fresh, migrated and sealed database. Returns its environment."""
    pattern = f"{PATTERN}{_digest(_code())}"
    owner = envfile.read(paths.env_file())["XINYU_DATABASE_OWNER"]
    with closing(connect(owner)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MAKING])  # the other worker waits and copies
        _make_once(cursor, PATTERN, pattern, lambda: _migrated(cursor))
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{pattern}"')
    return environment(name)


def _migrated(cursor) -> str:
    """The name of a database with the schema of today, sealed by whatever code made it: a migrate seals it anew."""
    schema = f"{SCHEMA}{_digest(_migrations())}"
    _make_once(cursor, SCHEMA, schema, lambda: "template0")
    return schema


def _make_once(cursor, kind: str, name: str, template: Callable[[], str]) -> None:
    """A migrated copy of the template, if it is not there yet; those of earlier code go. It has its name only once it
    is whole."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [kind])
    known = {row[0] for row in cursor.fetchall()}
    if name in known:
        return
    for old in known:
        _drop(cursor, old)
    begun, origin = f"{kind}begun", template()
    words = " ENCODING 'UTF8' LOCALE 'C.UTF-8'" if origin == "template0" else ""
    cursor.execute(f'CREATE DATABASE "{begun}" TEMPLATE "{origin}"{words}')
    manage(environment(begun), "owner", "migrate", "--verbosity", "0")
    cursor.execute(f'ALTER DATABASE "{begun}" RENAME TO "{name}"')


def _digest(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in (*files, paths.ROOT / "requirements.txt"):
        found.update(str(path.relative_to(paths.ROOT)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _code() -> list[Path]:
    """Everything that a seal or a loaded data file may come from."""
    return [
        path
        for name in APPS
        for path in sorted((paths.ROOT / name).rglob("*"))
        if path.suffix in (".py", ".json", ".sql") and "__pycache__" not in path.parts
    ]


def _migrations() -> list[Path]:
    """The migrations and every module of ours that they import, and those import, without Django's models."""
    waiting = [path for name in APPS for path in (paths.ROOT / name).rglob("migrations/*.py")]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imported(path)
    return sorted(found)


def _imported(path: Path) -> Iterator[Path]:
    package = path.relative_to(paths.ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            head = (
                (*package[: len(package) + 1 - node.level], node.module or "") if node.level else (node.module or "",)
            )
            base = ".".join(part for part in head if part)
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            if name.split(".")[0] in APPS:
                place = paths.ROOT.joinpath(*name.split("."))
                yield from (one for one in (place.with_suffix(".py"), place / "__init__.py") if one.is_file())


def manage(env: dict[str, str], process: str, *words: str) -> str:
    """A management command in that database; its output. Raises AssertionError with what it said."""
    done = subprocess.run(
        [str(paths.PYTHON), "manage.py", *words],
        cwd=paths.ROOT, env=os.environ | env | {"XINYU_PROCESS": process}, capture_output=True, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, f"{words} ended with {done.returncode}: {done.stderr[-2000:]}"
    return done.stdout
