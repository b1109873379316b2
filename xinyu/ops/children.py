"""Processes that a supervisor keeps alive: restarted with a bounded back-off, ended by pid."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0
# A child that lived this long was healthy: its next death starts at the first delay again.
HEALTHY_SECONDS = 60.0
ENDING_SECONDS = 15.0
PR_SET_PDEATHSIG = 1


def next_delay(before: float, lived: float) -> float:
    """Seconds to wait before a restart, from the delay before and how long the child lived."""
    return FIRST_DELAY if lived >= HEALTHY_SECONDS or not before else min(before * 2, LONGEST_DELAY)


def _die_with_parent() -> None:
    """Between fork and exec: a supervisor that is killed outright must not leave orphans."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    name: str
    command: list[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = 0.0
    due: float = field(default=0.0)

    def start(self) -> None:
        """A session of its own: Ctrl-C in the terminal reaches the supervisor only, which ends children in order."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.env),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        self.started = time.monotonic()

    def look_after(self, now: float) -> str:
        """Start, notice a death, or restart when due. Returns a sentence for the terminal, or ''."""
        if self.process is None:
            if now >= self.due:
                self.start()
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        self.delay = next_delay(self.delay, now - self.started)
        self.due, self.process = now + self.delay, None
        return f"{self.name} ended with {code}; again in {self.delay:.0f} s (see {self.log})"

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def make_end(self, deadline: float) -> None:
        """Wait until the deadline, then kill the child with everything it started."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def end_all(children: list[Child]) -> None:
    """All are asked at once; each gets what is left of the common time."""
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + ENDING_SECONDS
    for child in children:
        child.make_end(deadline)
