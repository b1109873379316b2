"""`make test`: set-up with the browser, linters, then every test."""

import os
import subprocess
import sys

from xinyu.ops import envfile, paths
from xinyu.ops.lint import lint
from xinyu.ops.setup import setup
from xinyu.ops.words import command, say

# One worker a core of the smallest machine; a file's tests stay together because they share slow fixtures.
PYTEST = ("-m", "pytest", "-n", "2", "--dist", "loadscope")


@command
def main() -> int:
    """Tests run even when a linter complains: one run tells everything. Either failing fails the whole."""
    setup(browser=True)
    failed = lint()
    sys.stdout.flush()
    done = subprocess.run(
        [str(paths.PYTHON), *PYTEST, *sys.argv[1:]],
        cwd=paths.ROOT,
        env=envfile.read(paths.env_file()) | dict(os.environ),
        stdin=subprocess.DEVNULL,
    )
    if failed:
        say(f"✗ Linters failed: {', '.join(failed)}")
    return done.returncode or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main())
