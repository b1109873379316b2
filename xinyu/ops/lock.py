"""`make lock`: resolve requirements.in and wheels.in anew. No index address and no path gets into the locks."""

import subprocess
import sys

from xinyu.ops import environment, paths
from xinyu.ops.wheels import LOCK
from xinyu.ops.words import command

UNIVERSAL = ("--universal", "--generate-hashes", "--python-version", "3.11", "--no-emit-index-url", "--no-header")


def compile_lock(source: str, target: str, *more: str) -> int:
    tool = [str(environment.uv()), "pip", "compile", "--quiet", "--upgrade", *UNIVERSAL, *more]
    return subprocess.run([*tool, source, "-o", target], cwd=paths.ROOT, stdout=subprocess.DEVNULL).returncode


@command
def main() -> int:
    environment.make_venv()
    stand_ins = LOCK.relative_to(paths.ROOT)
    failed = compile_lock("requirements.in", "requirements.txt")
    return failed or compile_lock(str(stand_ins.with_suffix(".in")), str(stand_ins), "--no-deps")


if __name__ == "__main__":
    sys.exit(main())
