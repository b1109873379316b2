"""The front end: locked npm packages, of which just the named files become static files of ours.

Whole dist folders would break the manifest: their sheets and scripts name maps and fonts that are not there.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from xinyu.ops import binaries, envfile, paths
from xinyu.ops.words import Refusal, say

PACKAGE = paths.ROOT / "package.json"
LOCK = paths.ROOT / "package-lock.json"
MODULES = paths.ROOT / "node_modules"
VENDOR = paths.ROOT / "xinyu" / "ui" / "static" / "vendor"
SOURCE_MAP = re.compile(r"^[ \t]*(?://[#@] sourceMappingURL=\S+|/\*[#@] sourceMappingURL=.*?\*/)[ \t]*$", re.MULTILINE)


def without_source_map(text: str) -> str:
    """Drop the comment that names a map: the manifest storage would look for that file and fail."""
    return SOURCE_MAP.sub("", text)


def wanted(package: dict) -> dict[str, str]:
    """Static name → path below node_modules, from package.json's "xinyu" section."""
    section = package["xinyu"]
    icons = {f"icons/{name}.svg": f"@tabler/icons/icons/outline/{name}.svg" for name in section["icons"]}
    return section["copy"] | icons


def copy(files: dict[str, str], modules: Path, target: Path) -> None:
    """Replace the target folder by the named files. Raises Refusal naming the files a package no longer has."""
    absent = [source for source in files.values() if not (modules / source).is_file()]
    if absent:
        raise Refusal(f"package.json names files that the packages do not have: {', '.join(absent)}")
    shutil.rmtree(target, ignore_errors=True)
    for name, source in files.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(without_source_map((modules / source).read_text(encoding="utf-8")), encoding="utf-8")


def fetch_and_copy() -> None:
    npm = binaries.npm()
    if npm is None:
        raise Refusal("npm was not found.")
    say("Fetching front-end packages")
    # The wheel's npm finds its node beside it.
    env = os.environ | {"PATH": f"{Path(npm[0]).parent}:{os.environ['PATH']}"} if len(npm) > 1 else None
    command = [*npm, "ci", "--ignore-scripts", "--silent"]
    if subprocess.run(command, cwd=paths.ROOT, env=env, stdin=subprocess.DEVNULL).returncode:
        raise Refusal("`npm ci` failed: is the network there?")
    copy(wanted(json.loads(PACKAGE.read_text())), MODULES, VENDOR)


def static_state() -> str:
    """Fingerprint of everything collectstatic could look at: our files by size and time, the others by their lock."""
    ours = sorted(path for path in (paths.ROOT / "xinyu").glob("**/static/**/*") if path.is_file())
    listed = [f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in ours]
    return paths.digest(*listed, paths.ROOT / "requirements.txt", paths.ROOT / "xinyu" / "settings.py")


def collect() -> None:
    """collectstatic into `.data/static`, with the hashed names the web process serves."""
    state, target = static_state(), paths.data() / "static"
    if target.exists() and paths.is_stamped("static", state):
        return
    say("Collecting static files")
    done = subprocess.run(
        [str(paths.PYTHON), "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0"],
        cwd=paths.ROOT,
        env=envfile.read(paths.env_file()) | dict(os.environ),
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise Refusal("collectstatic failed; the lines above say why.")
    paths.stamp("static", state)


def ensure() -> None:
    current = paths.digest(PACKAGE, LOCK, Path(__file__))
    if not (VENDOR.exists() and paths.is_stamped("front", current)):
        fetch_and_copy()
        paths.stamp("front", current)
    if (paths.ROOT / "xinyu" / "settings.py").exists():
        collect()
