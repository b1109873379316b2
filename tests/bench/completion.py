"""A completion over HTTP against the real server: door, confirmation, the 100-item page, the submit; nothing skipped.

The clients are plain sockets of one process; the CPU is that of the web server's processes and of the database's.
"""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.measure import cpu_ms, line, session_pids
from tests.bench.world import ITEMS
from tests.stories.stage import Stage, wait_until
from xinyu.ops import ports
from xinyu.ops.children import end_all

CLIENTS = 4
#: door, code, confirmation, begin, page, submit
REQUESTS = 6
#: LimeSurvey 5.6.54, 100 items as an array, CPU ms a completion, on a machine of two cores like this one
LIMESURVEY_CPU_MS = 217


@dataclass
class Client:
    """One student's browser: a connection that stays, cookies, the last page."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    body: str = ""
    line: HTTPConnection | None = None

    def ask(self, method: str, path: str, body: str = "", kind: str = "application/x-www-form-urlencoded") -> str:
        """Status 200 or a redirect's target; AssertionError otherwise."""
        self.line = self.line or HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Encoding": "gzip"}
        if method == "POST":
            headers |= {"Content-Type": kind, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        self.line.request(method, path, body.encode(), headers)
        answer = self.line.getresponse()
        raw = answer.read()
        for value in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(value).items()}
        assert answer.status in (200, 302), f"{method} {path}: {answer.status} {raw[:300]!r}"
        self.body = raw.decode(errors="replace")
        return answer.headers.get("Location", "")

    def come_in(self, code: str) -> None:
        self.ask("GET", "/a/")
        assert self.ask("POST", "/a/", urlencode({"code": code})), "the code was refused"
        self.ask("GET", "/a/me/")
        self.ask("POST", "/a/begin/")

    def answer(self) -> None:
        self.ask("GET", "/a/1/")
        key = re.search(r'name="key" value="([^"]+)"', self.body)
        assert key, "the page has no key"
        page = {"scale": "BENCH-100", "revision": 1, "key": key.group(1)}
        page |= {"answers": {str(n): n % 2 for n in range(1, ITEMS + 1)}}
        page |= {"seconds": {str(n): 2.4 for n in range(1, ITEMS + 1)}}
        self.ask("POST", "/a/1/", json.dumps(page), "application/json")
        assert "receipt" in self.body

    def ask_for_nothing(self) -> None:
        """As many requests as a completion has, for the empty door: the frame, and no statement."""
        self.cookies.clear()
        for _ in range(REQUESTS):
            self.ask("GET", "/a/")
            self.cookies.clear()

    def leave(self) -> None:
        if self.line:
            self.line.close()


def run(env: dict[str, str], folder: Path, database: str, codes: list[str]) -> dict[str, Any]:
    """Start the web server and a Redis of its own, measure, end both."""
    stage = Stage(database, folder, env=env | {"XINYU_DEMO": "1", "DEBUG": "0"})
    try:
        stage.start_redis()
        stage.port = ports.any_free()
        stage.start_web("web", stage.port)
        wait_until(lambda: ports.is_answering(stage.port) or stage.fallen("web"), "the web process answers")
        return measure(stage, codes)
    finally:
        end_all(list(stage.children.values()))


def measure(stage: Stage, codes: list[str]) -> dict[str, Any]:
    leader = stage.children["web"].process.pid
    clients = [Client(stage.port) for _ in codes]
    warm, rest = list(zip(clients, codes, strict=True))[:10], list(zip(clients, codes, strict=True))[10:]
    _all(lambda pair: (pair[0].come_in(pair[1]), pair[0].answer()), warm)
    coming = _clocked(stage, leader, lambda pair: pair[0].come_in(pair[1]), rest)
    answering = _clocked(stage, leader, lambda pair: pair[0].answer(), rest)
    floor = _clocked(stage, leader, lambda pair: pair[0].ask_for_nothing(), rest)
    for client in clients:
        client.leave()
    count = len(rest)
    seconds = coming["s"] + answering["s"]
    return line(
        (coming["web"] + answering["web"]) / count, floor["web"] / count, "CPU ms of the web server a completion",
        completions=count, per_second=round(count / seconds, 1), clients=CLIENTS,
        page_and_submit_cpu_ms=round(answering["web"] / count, 3), log_in_cpu_ms=round(coming["web"] / count, 3),
        database_cpu_ms=round((coming["database"] + answering["database"]) / count, 3),
        page_and_submit_per_second=round(count / answering["s"], 1),
        limit_is="as many requests for the empty door on the same connections: the frame, no statement",
        limesurvey_cpu_ms=LIMESURVEY_CPU_MS,
        limesurvey_is="5.6.54, 100 items as an array; measured once, not in this run",
    )  # fmt: skip


def _clocked(stage: Stage, leader: int, work: Callable, items: list) -> dict[str, float]:
    def clocks() -> tuple[float, float, float]:
        backends = [pid for (pid,) in stage.ask("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")]
        return time.perf_counter(), cpu_ms(session_pids(leader)), cpu_ms(backends)

    before = clocks()
    _all(work, items)
    after = clocks()
    return {name: b - a for name, a, b in zip(("s", "web", "database"), before, after, strict=True)}


def _all(work: Callable, items: list) -> None:
    """A few threads share the items; the first error is raised here."""
    waiting, errors = iter(items), []
    lock = threading.Lock()

    def run() -> None:
        while not errors:
            with lock:
                item = next(waiting, None)
            if item is None:
                return
            try:
                work(item)
            except Exception as error:  # told to whoever started the threads
                errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
