"""`make stop`: end the platform if it runs, then the private servers."""

import os
import signal
import sys
import time
from pathlib import Path

from xinyu.ops import paths, servers
from xinyu.ops.words import command, say


def platform_pid() -> int | None:
    """Pid of a running supervisor of this project."""
    try:
        pid = int((paths.data() / "run.pid").read_text())
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"xinyu.ops.run" in words else None


@command
def main() -> int:
    if pid := platform_pid():
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 30
        while platform_pid() and time.monotonic() < deadline:
            time.sleep(0.1)
        say("Platform stopped")
    servers.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
