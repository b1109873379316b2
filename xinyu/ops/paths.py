"""Where things lie. `XINYU_DATA` moves everything; servers move alone when their account cannot reach `.data`."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xinyu.ops.accounts import Account

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SYSTEM_DATA = Path("/var/lib")


def data() -> Path:
    """The data folder: `XINYU_DATA`, else `.data` beside manage.py. Made when absent."""
    chosen = Path(os.environ.get("XINYU_DATA") or ROOT / ".data").expanduser().absolute()
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


def env_file() -> Path:
    return data() / "env"


def is_default_data() -> bool:
    """Demo log-ins and a key made on the spot belong to the default folder only."""
    return data() == ROOT / ".data"


def can_enter(folder: Path, account: Account) -> bool:
    """Whether the account may enter the folder through all its parents (asked of the kernel, not computed)."""
    if account.is_self:
        return True
    probe = subprocess.run(
        ["/bin/sh", "-c", 'cd "$0"', str(folder)], capture_output=True, cwd="/", **account.for_subprocess()
    )
    return probe.returncode == 0


def away(base: Path, root: Path) -> Path:
    """A folder outside the project, one per project path."""
    return base / f"xinyu-{hashlib.sha256(str(root).encode()).hexdigest()[:10]}"


def servers(account: Account) -> Path:
    """Folder of the private servers' data, which the unprivileged account can reach."""
    near = data() / "servers"
    near.mkdir(exist_ok=True)
    near.chmod(0o755)
    chosen = near if can_enter(near, account) else away(SYSTEM_DATA, data())
    chosen.mkdir(exist_ok=True)
    chosen.chmod(0o755)
    return chosen


@contextmanager
def only_one() -> Iterator[None]:
    """Two set-ups at once would fight over ports and packages: the second waits."""
    with (data() / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def digest(*parts: Path | str) -> str:
    """Hash of texts and of files' contents, for stamps."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        found.update(b"\0")
    return found.hexdigest()


def is_stamped(name: str, value: str) -> bool:
    stamp = data() / "stamps" / name
    return stamp.exists() and stamp.read_text() == value


def stamp(name: str, value: str) -> None:
    (data() / "stamps").mkdir(exist_ok=True)
    (data() / "stamps" / name).write_text(value)
