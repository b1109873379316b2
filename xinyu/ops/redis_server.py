"""The private Redis (or Valkey): loopback only, a password, everything appended to disk."""

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from xinyu.ops import binaries, envfile, ports
from xinyu.ops.accounts import Account
from xinyu.ops.words import Refusal

PATIENCE_SECONDS = 6.0


@dataclass(frozen=True)
class Broker:
    home: Path
    password: str
    account: Account

    @property
    def pid_file(self) -> Path:
        return self.home / "redis.pid"


def configuration(broker: Broker, port: int) -> str:
    """noeviction: the broker's queue is no cache, losing a message must be an error."""
    return (
        f"bind {ports.LOOPBACK}\nport {port}\nprotected-mode yes\nrequirepass {broker.password}\n"
        f"daemonize yes\npidfile {broker.pid_file}\nlogfile {broker.home}/redis.log\ndir {broker.home}\n"
        "appendonly yes\nappendfsync everysec\nsave 3600 1\nmaxmemory 512mb\nmaxmemory-policy noeviction\n"
    )


def answers(port: int, password: str) -> bool:
    """Whether a server on this port takes our password and answers PING."""
    try:
        with socket.create_connection((ports.LOOPBACK, port), timeout=2) as line:
            line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            heard = b""
            while b"PONG" not in heard and (part := line.recv(200)):
                heard += part
                if heard.startswith(b"-"):
                    return False
            return b"PONG" in heard
    except OSError:
        return False


def running_pid(broker: Broker) -> int | None:
    """Pid from our pid file, when that process still is a Redis or Valkey."""
    try:
        pid = int(broker.pid_file.read_text())
        name = Path(f"/proc/{pid}/comm").read_text()
    except (OSError, ValueError):
        return None
    return pid if "redis" in name or "valkey" in name else None


def start(broker: Broker, remembered: int | None) -> int:
    """Make sure it runs; returns its port. Raises Refusal."""
    if remembered and running_pid(broker) and answers(remembered, broker.password):
        return remembered
    program = binaries.redis()
    if program is None:
        raise Refusal("No Redis or Valkey server was found.")
    broker.home.mkdir(mode=0o700, exist_ok=True)
    broker.account.own(broker.home)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        port = ports.choose(remembered)
        settings = broker.home / "redis.conf"
        envfile.write_secret(settings, configuration(broker, port))
        broker.account.own(settings)
        quiet = subprocess.DEVNULL
        subprocess.run(
            [program, str(settings)],
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            cwd="/",
            **broker.account.for_subprocess(),
        )
        for _ in range(20):
            if answers(port, broker.password):
                return port
            time.sleep(0.1)
    raise Refusal(f"Redis does not start; see {broker.home}/redis.log.")


def stop(broker: Broker) -> bool:
    """End it by pid and wait until it wrote its data; False when it was not running."""
    pid = running_pid(broker)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 10
    while running_pid(broker) and time.monotonic() < deadline:
        time.sleep(0.1)
    return True
