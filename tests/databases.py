"""A database of one's own beside the platform's: made by the owner, dropped at the end."""

import os
import subprocess
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from xinyu.ops import envfile, paths

URLS = ("XINYU_DATABASE_APP", "XINYU_DATABASE_WORKER", "XINYU_DATABASE_OWNER", "XINYU_DATABASE_TESTS")


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


def make(name: str) -> dict[str, str]:
    """A fresh, migrated and sealed database. Returns its environment."""
    drop(name)
    owner = envfile.read(paths.env_file())["XINYU_DATABASE_OWNER"]
    ask(owner, f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    env = environment(name)
    manage(env, "owner", "migrate", "--verbosity", "0")
    return env


def manage(env: dict[str, str], process: str, *words: str) -> str:
    """A management command in that database; its output. Raises AssertionError with what it said."""
    done = subprocess.run(
        [str(paths.PYTHON), "manage.py", *words],
        cwd=paths.ROOT, env=os.environ | env | {"XINYU_PROCESS": process}, capture_output=True, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, f"{words} ended with {done.returncode}: {done.stderr[-2000:]}"
    return done.stdout
