"""The key-encryption key and Django's secret key."""

import base64
import os
import secrets
from pathlib import Path

from xinyu.ops import envfile, paths
from xinyu.ops.words import Refusal, say

KEK_BYTES = 32
HOW = "python3 -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())'"


def fresh() -> str:
    """A key as settings expect it in the file: base64 of 32 random bytes."""
    return base64.b64encode(secrets.token_bytes(KEK_BYTES)).decode() + "\n"


def may_make(is_demo: bool, was_made: bool, exists: bool) -> bool:
    """Only the demo gets a key by itself, and only once: a second key would hide that the first is lost."""
    return is_demo and not was_made and not exists


def ensure(known: dict[str, str], is_demo: bool) -> dict[str, str]:
    """Lines of `.data/env` about keys. Raises Refusal when real data would be without a key of its own."""
    named = os.environ.get("XINYU_KEY_FILE") or known.get("XINYU_KEY_FILE", "")
    path = Path(named or paths.data() / "keys" / "kek")
    if may_make(is_demo, bool(named), path.exists()):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        envfile.write_secret(path, fresh())
    elif not named and not path.exists():
        raise Refusal(f"Outside the demo set XINYU_KEY_FILE to a key you keep and back up; make one with\n  {HOW}")
    elif not path.exists():
        say(f"! The key file {path} is missing. The platform will refuse to start; what it sealed needs that very key.")
    return {
        "XINYU_KEY_FILE": str(path),
        "XINYU_SECRET_KEY": known.get("XINYU_SECRET_KEY") or secrets.token_urlsafe(48),
    }
