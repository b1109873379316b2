"""Students answer while web, PostgreSQL and Redis are killed: what was acknowledged is stored and scored, once.

The positive control answers the same way from a server that acknowledges before it stores: it must be seen to lose.
"""

import asyncio
import os
import threading
from contextlib import contextmanager

import pytest

from tests.faults.ground import Ground
from tests.faults.own_postgres import OwnPostgres, told
from tests.load.compare import differences
from tests.load.student import Ledger, Student
from tests.stories.stage import wait_until
from xinyu.ops import ports

STUDENTS, CONTROL, PAGES = 48, 24, (25, 50, 75)
LOSE = 0.25
#: for a bounded test; a run takes a third of it on two idle cores
PATIENCE = 60


class Lines(Ground):
    """Web and Redis beside a PostgreSQL of their own."""

    def __init__(self, own: OwnPostgres, root):
        super().__init__("", root)
        self.own = own

    def __enter__(self) -> "Lines":
        self.env = self.own.env | {"DEBUG": "0", "XINYU_DEMO": "1"}
        self.start_redis()
        self.port = ports.any_free()
        self.start_the_web("web")
        return self

    def end(self) -> None:
        for name in list(self.children):
            process = self.children[name].process
            if process is not None and process.poll() is None:
                os.killpg(process.pid, 9)
                process.wait()

    def start_the_web(self, name: str) -> None:
        self.start_web(name, self.port)
        wait_until(lambda: ports.is_answering(self.port) or self.fallen(name), f"{name} answers")

    def kill_web(self, name: str, new: str) -> None:
        process = self.children[name].process
        assert process is not None
        os.killpg(process.pid, 9)  # the supervisor and its worker, both at once
        process.wait()
        self.start_the_web(new)


@contextmanager
def answering(lines: Lines, codes: dict[int, str], *, is_strict: bool = True):
    """Students at work beside us; joined at the end. (ledger)"""
    ledger, errors = Ledger(), []

    async def one(sitting: int, code: str) -> None:
        student = Student(lines.port, sitting, code, ledger, lose=LOSE, patience=PATIENCE)
        await student.come_in()
        for page in PAGES:
            await student.save(page)
            await asyncio.sleep(2 * student.dice.random())
        await student.hand_in()
        student.hang_up()

    async def all_of_them() -> None:
        done = await asyncio.gather(*(one(*pair) for pair in codes.items()), return_exceptions=True)
        errors.extend(error for error in done if isinstance(error, BaseException) and is_strict)

    thread = threading.Thread(target=lambda: asyncio.run(all_of_them()), daemon=True)
    thread.start()
    yield ledger
    thread.join(PATIENCE * 2)
    assert not thread.is_alive(), "students still wait for an answer"
    if errors:
        raise errors[0]


@pytest.fixture
def own(worker_id, compiled):
    name = f"{os.environ.get('XINYU_TEST_DB', 'test_xinyu')}_killed_{worker_id}"
    with OwnPostgres(name, compiled) as own:
        yield own


def test_a_lost_a_half_and_a_double_row_are_all_noticed():
    whole = {"state": "finished", "receipt": "R", "revision": 1, "values": [0] * 100, "totals": [0.0], "flags": 0}
    whole |= {"tickets": 2, "entries": 1, "ended": 1}
    ledger = Ledger(saved={1: (1, {1: 0})}, receipts={1: "R"})
    assert differences(ledger, {1: whole}) == []
    for change in ({"receipt": "S"}, {"revision": 0}, {"values": [1] + [0] * 99, "totals": [1.0]}, {"totals": []},
                   {"totals": [0.0, 0.0]}, {"tickets": 1}, {"ended": 2}, {"flags": 1}):  # fmt: skip
        assert differences(ledger, {1: whole | change}), change
    assert differences(ledger, {})


def test_acknowledged_is_stored_is_scored_whatever_is_killed(own, tmp_path):
    codes = told(own.env, "tests.load.world", str(STUDENTS + CONTROL))
    first, rest = dict(list(codes.items())[:STUDENTS]), dict(list(codes.items())[STUDENTS:])
    with Lines(own, tmp_path) as lines:
        with answering(lines, first) as ledger:
            faults(lines, own, ledger)
        stored = told(own.env, "tests.load.stored")
        assert differences(ledger, stored) == []
        assert set(ledger.receipts) == set(first) and ledger.repeats > STUDENTS / 2
        control(lines, own, rest)


def faults(lines: Lines, own: OwnPostgres, ledger: Ledger) -> None:
    """Each while some have handed in and others have not."""
    wait_until(lambda: len(ledger.saved) >= 6, "some have saved")
    lines.kill_web("web", "second-web")
    wait_until(lambda: len(ledger.saved) >= STUDENTS // 3, "more have saved")
    lines.kill("redis")
    wait_until(lambda: len(ledger.receipts) >= 2, "some have handed in without Redis")
    own.kill()
    own.start()
    wait_until(lambda: len(ledger.receipts) >= STUDENTS // 3, "more have handed in")
    lines.kill_web("second-web", "third-web")
    wait_until(lambda: len(ledger.receipts) >= STUDENTS // 2, "half have handed in")
    own.kill()
    assert len(ledger.receipts) < STUDENTS, "everybody was faster than the faults"
    own.start()
    lines.start_redis()


def control(lines: Lines, own: OwnPostgres, codes: dict[int, str]) -> None:
    own.promise_before_storing()
    with answering(lines, codes, is_strict=False) as ledger:
        wait_until(lambda: len(ledger.receipts) >= CONTROL // 2, "half have handed in")
        own.kill()
        told_before = Ledger(dict(ledger.saved), dict(ledger.receipts))
        own.start()
    lost = differences(told_before, told(own.env, "tests.load.stored"))
    assert [text for text in lost if text.startswith("lost")], "a server that forgets must be noticed"
