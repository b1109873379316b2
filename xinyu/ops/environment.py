"""The virtual environment, filled by uv from the hash-locked requirements.txt."""

import shutil
import subprocess
import sys
from pathlib import Path

from xinyu.ops import packages, paths, wheels
from xinyu.ops.words import Refusal, say

REQUIREMENTS = paths.ROOT / "requirements.txt"


def make_venv() -> None:
    """Create .venv; Debian splits ensurepip into a package of its own."""
    if paths.PYTHON.exists():
        return
    say("Making .venv")
    command = [sys.executable, "-m", "venv", str(paths.VENV)]
    if subprocess.run(command, capture_output=True).returncode == 0:
        return
    shutil.rmtree(paths.VENV, ignore_errors=True)
    need = packages.Need("Python's venv module", lambda: False, ("python3-venv",))
    if not (apt := packages.apt_command()):
        raise Refusal(packages.complaint([need]))
    packages.from_apt([need], apt)
    if subprocess.run(command).returncode:
        raise Refusal(packages.complaint([need]))


def uv() -> Path:
    """uv inside the environment, brought by pip at the locked version and hash."""
    path = paths.VENV / "bin" / "uv"
    if not path.exists():
        wanted = paths.data() / "uv.txt"
        wanted.write_text(wheels.block(REQUIREMENTS.read_text(), "uv"))
        pip = [str(paths.PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", str(wanted)]).returncode:
            raise Refusal("uv could not be installed from the package index: is the network there?")
    return path


def ensure() -> None:
    """Bring .venv in line with requirements.txt; a few milliseconds when nothing changed."""
    current = paths.digest(REQUIREMENTS, str(paths.PYTHON))
    if paths.PYTHON.exists() and paths.is_stamped("requirements", current):
        return
    make_venv()
    say("Installing Python packages")
    sync = [str(uv()), "pip", "sync", "--quiet", "--python", str(paths.PYTHON), "--require-hashes"]
    if subprocess.run([*sync, str(REQUIREMENTS)], stdin=subprocess.DEVNULL).returncode:
        raise Refusal("Python packages could not be installed; the lines above say which.")
    paths.stamp("requirements", current)
