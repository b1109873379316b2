"""The unprivileged account that runs the private servers: PostgreSQL refuses root."""

import os
import pwd
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xinyu.ops.words import Refusal

PREFERRED = ("postgres", "redis", "nobody")


@dataclass(frozen=True)
class Account:
    """`is_self`: the present user is unprivileged already and nothing needs to change hands."""

    name: str
    uid: int
    gid: int
    is_self: bool

    def for_subprocess(self) -> dict[str, Any]:
        """Keyword arguments for subprocess: the child gives up root for good before it starts."""
        if self.is_self:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if not self.is_self:
            os.chown(path, self.uid, self.gid)


def choose(known: Iterable[str], preferred: tuple[str, ...] = PREFERRED) -> str:
    """The first preferred name the machine knows."""
    names = set(known)
    for name in preferred:
        if name in names:
            return name
    raise Refusal("PostgreSQL refuses to run as root, and no unprivileged account (postgres, nobody) was found.")


def unprivileged() -> Account:
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return Account(me.pw_name, me.pw_uid, me.pw_gid, is_self=True)
    entry = pwd.getpwnam(choose(one.pw_name for one in pwd.getpwall()))
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, is_self=False)
