"""`make bench`: one JSON object on standard output, from the measurements in tests/bench."""

import os
import subprocess
import sys

from xinyu.ops import envfile, paths
from xinyu.ops.setup import setup
from xinyu.ops.words import command


@command
def main() -> int:
    setup()
    environment = envfile.read(paths.env_file()) | dict(os.environ)
    return subprocess.run(
        [str(paths.PYTHON), "-m", "tests.bench"], cwd=paths.ROOT, env=environment, stdin=subprocess.DEVNULL
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
