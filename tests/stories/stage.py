"""The stage of the stories: the real processes, against a database and a Redis of their own, on free ports."""

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from tests import databases
from xinyu.demo.logins import PASSWORD
from xinyu.ops import binaries, paths, ports
from xinyu.ops.children import Child, end_all
from xinyu.ops.redis_server import answers

PATIENCE_SECONDS = 60.0
REDIS_PASSWORD = "stories"


class StageError(AssertionError):
    """The platform did not come up, or something awaited did not happen."""


def wait_until(happens: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS):
    """Ask again until it is true and return it. Raises StageError that says what never happened."""
    deadline = time.monotonic() + seconds
    while not (found := happens()):
        if time.monotonic() > deadline:
            raise StageError(f"after {seconds:.0f} s still not: {what}")
        time.sleep(0.05)
    return found


@dataclass
class Stage:
    """`root`: a folder of the test run. Use as a context manager; everything ends by pid, the database is dropped."""

    database: str
    root: Path
    size: str = "tiny"
    env: dict[str, str] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    port: int = 0
    redis_port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @staticmethod
    def password(username: str) -> str:
        """Everybody in the demo has the same one."""
        return PASSWORD

    def __enter__(self) -> "Stage":
        try:
            self.env = databases.make(self.database) | {"XINYU_DEMO": "1", "DEBUG": "0"}
            self.start_redis()
            databases.manage(self.env, "worker", "demo", "--size", self.size)
            self.start_platform()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *error) -> None:
        self.end()

    def end(self) -> None:
        end_all(list(self.children.values()))
        databases.drop(self.database)

    def start(self, name: str, *command: str, process: str = "worker", **more: str) -> Child:
        env = os.environ | self.env | {"XINYU_PROCESS": process} | more
        child = Child(name, list(command), env, paths.ROOT, self.root / f"{name}.log")
        child.start()
        self.children[name] = child
        return child

    def start_redis(self) -> None:
        """On the same port again when it has been killed."""
        self.redis_port = self.redis_port or ports.any_free()
        self.env = self.env | {"REDIS_URL": f"redis://:{REDIS_PASSWORD}@127.0.0.1:{self.redis_port}/0"}
        program = binaries.redis()
        if program is None:
            raise StageError("the stories need a redis-server or valkey-server program to start and to kill")
        words = ("--bind", "127.0.0.1", "--port", str(self.redis_port), "--requirepass", REDIS_PASSWORD)
        self.start("redis", str(program), *words, "--save", "", "--appendonly", "no", "--dir", str(self.root))
        wait_until(lambda: answers(self.redis_port, REDIS_PASSWORD), "Redis answers")

    def start_platform(self) -> None:
        self.port = ports.any_free()
        self.start_web("web", self.port)
        celery = (str(paths.VENV / "bin" / "celery"), "-A", "xinyu.celery")
        self.start("worker", *celery, "worker", "--loglevel", "INFO", "--concurrency", "1")
        self.start("beat", *celery, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(self.root / "beat"))
        wait_until(lambda: ports.is_answering(self.port) or self.fallen("web"), "the web process answers")
        with urlopen(f"{self.address}/account/login/", timeout=PATIENCE_SECONDS):  # the first page takes longest
            pass
        wait_until(lambda: "ready" in self.said("worker") or self.fallen("worker"), "the worker is ready")

    def start_web(self, name: str, port: int, *, workers: int = 1, threads: int = 4, **more: str) -> Child:
        words = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers))
        program = str(paths.VENV / "bin" / "granian")
        last = ("--blocking-threads", str(threads), "xinyu.wsgi:application")
        return self.start(name, program, *words, *last, process="web", **more)

    def stop(self, *names: str) -> None:
        end_all([self.children.pop(name) for name in names])

    def said(self, name: str) -> str:
        """The child's log so far."""
        log = self.root / f"{name}.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def fallen(self, name: str) -> bool:
        """False while the child lives. Raises StageError with its last words otherwise."""
        process = self.children[name].process
        if process and process.poll() is not None:
            raise StageError(f"{name} ended with {process.returncode}: {self.said(name)[-2000:]}")
        return False

    def ask(self, query: str, *values, system: str = "system:demo") -> list[tuple]:
        """Rows that a named job sees: what a story compares the pages with."""
        return databases.as_system(self.env["XINYU_DATABASE_TESTS"], system, query, *values)

    def try_to_start(self, **more: str) -> tuple[int, str]:
        """Load the web application once, as a server would. (exit code, what it said)."""
        done = subprocess.run(
            [str(paths.PYTHON), "-c", "import xinyu.wsgi"],
            cwd=paths.ROOT, env=os.environ | self.env | {"XINYU_PROCESS": "web"} | more, stdin=subprocess.DEVNULL,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stderr
