"""`.data/env`: KEY=VALUE lines read by settings.py. Real environment variables win over it."""

import os
from collections.abc import Mapping
from pathlib import Path


def parse(text: str) -> dict[str, str]:
    """Read KEY=VALUE lines; blank lines and # comments are passed over, matching quotes removed.

    Raises ValueError with the line number for a line without `=` or with a malformed key.
    """
    found: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        key, value = key.strip(), value.strip()
        if not equals or not key.replace("_", "a").isalnum() or key[0].isdigit():
            raise ValueError(f"line {number} is not KEY=VALUE")
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        found[key] = value
    return found


def dump(values: Mapping[str, str]) -> str:
    """The inverse of parse, sorted. Raises ValueError for a value that one line cannot hold."""
    for key, value in values.items():
        if "\n" in value or "\r" in value:
            raise ValueError(f"{key} has a line break")
    return "".join(f"{key}={values[key]}\n" for key in sorted(values))


def read(path: Path) -> dict[str, str]:
    """The file's values; an absent file has none."""
    return parse(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_secret(path: Path, text: str) -> None:
    """Replace a file at one stroke, readable by its owner only from the first byte on."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


def update(path: Path, changes: Mapping[str, str]) -> dict[str, str]:
    """Merge changes into the file (keys the user added stay) and return all values."""
    before = read(path)
    after = before | dict(changes)
    if after != before or not path.exists():
        write_secret(path, dump(after))
    return after
