"""Where processes are killed: a database, a Redis and processes of the test's own, and this process looking on."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests import databases
from tests.stories.stage import REDIS_PASSWORD, Stage, wait_until
from xinyu.ops import envfile, paths
from xinyu.ops.children import end_all

#: so that kills, rings and looks come often enough for a bounded test
SWEEP_SECONDS = "2"
CELERY = (str(paths.VENV / "bin" / "celery"), "-A")


def clone(name: str, template: str) -> None:
    """A database like another one. Idle sessions that browser tests have left there end first: a template has none."""
    databases.drop(name)
    log_ins = envfile.read(paths.env_file())
    for kind in ("XINYU_DATABASE_TESTS", "XINYU_DATABASE_OWNER"):  # a log-in may end its own sessions
        databases.ask(
            log_ins[kind],
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{template}' AND usename = session_user AND pid <> pg_backend_pid()",
        )
    databases.ask(log_ins["XINYU_DATABASE_OWNER"], f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@contextmanager
def looking_into(name: str) -> Iterator[None]:
    """Django's connection of this process goes to the database `name` meanwhile."""
    connection.close()
    before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


class Ground(Stage):
    """Processes are started by what the test is about; everything ends by pid, the database is dropped."""

    def __enter__(self) -> "Ground":
        self.env = databases.environment(self.database) | {"DEBUG": "0", "XINYU_SWEEP_SECONDS": SWEEP_SECONDS}
        return self

    def end(self) -> None:
        for child in self.children.values():  # first of all those that would start others again
            child.ask_to_end()
        end_all(list(self.children.values()))
        for child in self.children.values():
            self._end_orphans(child.process.pid if child.process else 0)
        databases.drop(self.database)

    @staticmethod
    def _end_orphans(group: int) -> None:
        """A killed worker's own child may outlive it; it is of the group that we started."""
        if group:
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                return

    def start_worker(self, name: str = "worker", app: str = "xinyu.celery") -> None:
        words = ("worker", "--loglevel", "INFO", "--concurrency", "1", "--without-gossip", "--without-mingle")
        self.start(name, *CELERY, app, *words)

    def start_beat(self, name: str) -> None:
        words = ("beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(self.root / name))
        self.start(name, *CELERY, "xinyu.celery", *words)

    def start_watch(self, name: str = "watch") -> None:
        self.start(name, str(paths.PYTHON), "manage.py", "watch")

    def start_sweep(self, name: str, day) -> None:
        self.start(name, str(paths.PYTHON), "-m", "tests.faults.sweep_once", str(day))

    def kill(self, name: str) -> None:
        """kill -9, as a machine that runs out of memory does it."""
        process = self.children[name].process
        assert process is not None and process.poll() is None, f"{name} is not alive: {self.said(name)[-800:]}"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    def kill_child_of(self, name: str) -> int:
        """kill -9 of the process that a worker runs tasks in; its pid."""
        process = self.children[name].process
        assert process is not None
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        pids = [int(pid) for pid in listed.read_text().split()]
        assert pids, f"{name} has no child"
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return pids[0]

    def flush_redis(self) -> None:
        with socket.create_connection(("127.0.0.1", self.redis_port), timeout=5) as line:
            line.sendall(f"AUTH {REDIS_PASSWORD}\r\nFLUSHALL\r\n".encode())
            heard = b""
            while heard.count(b"\r\n") < 2 and (part := line.recv(200)):
                heard += part
        assert heard == b"+OK\r\n+OK\r\n", heard

    def wait_for_end(self, name: str) -> None:
        process = self.children[name].process
        assert process is not None
        wait_until(lambda: process.poll() is not None, f"{name} ends")
        assert process.returncode == 0, self.said(name)[-2000:]
