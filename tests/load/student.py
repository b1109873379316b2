"""A student's browser as a plain socket: comes in, saves page by page, hands in, and repeats what nobody acknowledged.

What was acknowledged goes into a ledger that is compared with the database afterwards.
"""

import asyncio
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from random import Random
from urllib.parse import urlencode

ITEMS, SCALE = 100, "BENCH-100"
#: seconds
IDLE = 10.0
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
KEY = re.compile(r'name="key" value="([^"]+)"')


class NotHeard(Exception):
    """No answer, or one that says: later."""


@dataclass
class Answer:
    status: int
    target: str
    body: bytes


@dataclass
class Ledger:
    """`saved`: sitting → (revision, answers by item number) of the last acknowledged save; `receipts`: by sitting;
    `times`: seconds by kind of request; `trouble`: what did not go as it must;
    `why`: why something had to be sent again."""

    saved: dict[int, tuple[int, dict[int, int]]] = field(default_factory=dict)
    receipts: dict[int, str] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)
    trouble: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    why: Counter[str] = field(default_factory=Counter)


class Student:
    """`lose`: share of saves and submits whose answer is not read the first time."""

    def __init__(self, port: int, sitting: int, code: str, ledger: Ledger, *, lose: float = 0.0, patience: float = 60):
        self.port, self.sitting, self.code, self.ledger = port, sitting, code, ledger
        self.dice, self.lose, self.patience = Random(sitting), lose, patience  # noqa: S311 - the same answers each run
        self.answers = {n: self.dice.randrange(4) for n in range(1, ITEMS + 1)}
        self.cookies: dict[str, str] = {}
        self.line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.key, self.base, self.heard = "", 0, time.monotonic()

    async def come_in(self) -> None:
        await self.ask("door", "GET", "/a/")
        answer = await self.ask("door", "POST", "/a/", urlencode({"code": self.code}))
        if answer.status != 302:
            raise AssertionError(f"the code was refused: {answer.status}")
        await self.ask("door", "GET", "/a/me/")
        await self.ask("door", "POST", "/a/begin/", "")
        page = await self.ask("page", "GET", "/a/1/")
        found = KEY.search(page.body.decode())
        assert found, f"no page but {page.status} {page.target}"
        self.key = found[1]

    async def save(self, up_to: int) -> None:
        """The first `up_to` answers; returns when they are acknowledged."""
        given = {n: self.answers[n] for n in range(1, up_to + 1)}
        revision = self.base + 1
        while True:
            data = await self._said("save", "/a/1/save/", self._page(revision, given))
            if "answers" not in data:
                break
            self.base, revision = data["saved"], max(revision, data["saved"]) + 1
        self.base = data["saved"]
        self.ledger.saved[self.sitting] = (self.base, given)

    async def hand_in(self) -> None:
        """Everything; some press twice and must get the same receipt."""
        while True:
            page = self._page(self.base + 1, self.answers) | {"key": self.key}
            data = await self._said("submit", "/a/1/", page)
            if "answers" not in data:
                break
            self.base = data["saved"]
        self.ledger.receipts[self.sitting] = data["receipt"]
        if self.dice.random() < self.lose:
            again = await self._said("submit", "/a/1/", page)
            self.ledger.trouble["another receipt"] += again != data
        await self.ask("end", "GET", "/a/end/")

    def _page(self, revision: int, given: dict[int, int]) -> dict:
        seconds = {str(n): 2.4 for n in given}
        return {"scale": SCALE, "revision": revision, "base": self.base, "answers": given, "seconds": seconds}

    async def _said(self, kind: str, path: str, page: dict) -> dict:
        lose = self.dice.random() < self.lose
        while True:
            answer = await self.ask(kind, "POST", path, json.dumps(page), JSON, lose=lose)
            if answer.status in (200, 409) and answer.body[:1] == b"{":
                data = json.loads(answer.body)
                if "over" not in data:
                    return data
            if answer.status not in (403, 404):
                raise AssertionError(f"{kind}: {answer.status} {answer.body[:200]!r}")
            self.ledger.trouble["had to come in again"] += 1
            key = self.key
            await self.come_in()
            self.key, lose = key, False

    async def ask(self, kind: str, method: str, path: str, body: str = "", mime: str = FORM, lose=False) -> Answer:
        """Repeated until answered. TimeoutError when patience ends."""
        deadline, wait = time.monotonic() + self.patience, 0.1
        while True:
            begun = time.monotonic()
            try:
                answer = await asyncio.wait_for(self._once(method, path, body.encode(), mime, lose=lose), 15)
            except (NotHeard, OSError, EOFError, TimeoutError) as error:
                # a server may close a line that was silent for half a minute; a browser says nothing of it either
                was_idle = isinstance(error, EOFError | ConnectionError) and begun - self.heard > IDLE
                self.hang_up()
                self.ledger.repeats += not was_idle
                self.ledger.why[f"{kind}: {type(error).__name__} {error}"[:80]] += not was_idle
                if begun > deadline:
                    raise
                lose, wait = False, min(1.0, wait * 1.6)
                await asyncio.sleep(wait * (0.5 + self.dice.random()))
                continue
            self.heard = time.monotonic()
            self.ledger.times.setdefault(kind, []).append(self.heard - begun)
            return answer

    async def _once(self, method: str, path: str, body: bytes, mime: str, *, lose: bool) -> Answer:
        if self.line is None:
            self.line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.line
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n"
        if method == "POST":
            token = self.cookies.get("csrftoken", "")
            head += f"Content-Type: {mime}\r\nContent-Length: {len(body)}\r\nX-CSRFToken: {token}\r\n"
        writer.write(head.encode() + b"\r\n" + body)
        await writer.drain()
        if lose:
            await asyncio.sleep(0.02)
            raise NotHeard
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
        status, target, length = int(lines[0].split()[1]), "", 0
        for line in lines[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                length = int(value)
            elif name.lower() == "location":
                target = value.strip()
            elif name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        said = await reader.readexactly(length)
        if status >= 500:
            raise NotHeard(status)
        return Answer(status, target, said)

    def hang_up(self) -> None:
        if self.line is not None:
            self.line[1].close()
            self.line = None
