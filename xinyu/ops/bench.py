"""`make bench`: one JSON object on standard output, from the measurements in tests/bench."""

import os
import subprocess
import sys

from xinyu.ops import envfile, paths, wheels
from xinyu.ops.setup import setup
from xinyu.ops.words import Refusal, command, say

#: a product to stand beside; 17 MB that no platform needs, so it is not among the requirements
BESIDE = "numpy"


def with_product(environment: dict[str, str]) -> dict[str, str]:
    """The same with NumPy in reach of this one command; without it where the package index does not give it."""
    if not (wheels.folder() / BESIDE).is_dir():
        try:
            wheels.install(BESIDE)
        except Refusal as refused:
            say(f"{refused} The pile is measured beside the product in plain Python alone.")
            return environment
    return environment | {"PYTHONPATH": str(wheels.folder())}


@command
def main() -> int:
    setup()
    environment = with_product(envfile.read(paths.env_file()) | dict(os.environ))
    return subprocess.run(
        [str(paths.PYTHON), "-m", "tests.bench"], cwd=paths.ROOT, env=environment, stdin=subprocess.DEVNULL
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
