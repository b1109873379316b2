"""One-sitting codes: what a student types, the index that finds it, the sealed copy that slips are printed from.

A code is found by HMAC (2 µs; a password hash would cost 0.25 s per log-in) and kept sealed under the screening's key.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Protocol

from xinyu.vault import envelope
from xinyu.vault.fields import find_by
from xinyu.vault.keys import master, suite

#: no 0 O, 1 I L: a code is read from paper and typed on a phone
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10
#: what stands on the blackboard; and what a student types beside it and the own number
KLASS_LENGTH, SHORT_LENGTH = 5, 6


@dataclass(frozen=True)
class SittingOwner:
    """Whose code it is; known before the sitting has an id. `key` is the screening's data key, unwrapped."""

    screening_id: int
    student_id: int
    key: bytes

    @property
    def aad(self) -> bytes:
        return f"assessments_sitting|code|{self.student_id}|screening:{self.screening_id}".encode()


def new_code() -> str:
    """10 characters, about 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_klass_code() -> str:
    """5 characters: opens nothing by itself."""
    return "".join(secrets.choice(ALPHABET) for _ in range(KLASS_LENGTH))


def short_code(index: bytes | memoryview) -> str:
    """6 digits that go with a code, for the keyboard of a computer room. Made from the stored index with the
    platform's key: nothing more is stored, and a dump of the database does not tell it."""
    said = hmac.new(master().derive("sitting-short"), bytes(index), hashlib.sha256).digest()
    return f"{int.from_bytes(said[:8], 'big') % 10**SHORT_LENGTH:0{SHORT_LENGTH}d}"


def clean_code(text: str) -> str:
    """What was typed, without spaces and dashes, in capitals, full-width letters made narrow."""
    return "".join(c for c in narrow(text) if c.isalnum()).upper()


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as a Chinese keyboard types them, made narrow; without spaces."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text if not c.isspace())


def code_index(code: str) -> bytes:
    """16 bytes by which a sitting is found from its code."""
    return find_by("sitting-code", clean_code(code))


def grouped(code: str) -> str:
    """ "ABCDE23456" → "ABC DE2 3456", as printed."""
    return " ".join((code[:3], code[3:6], code[6:]))


def screening_key(screening_id: int, wrapped: bytes | memoryview | None) -> bytes:
    """The data key of a screening (ScreeningKey.wrapped). Raises VaultError when it was destroyed."""
    if wrapped is None:
        raise envelope.VaultError(f"the key of screening:{screening_id} is destroyed")
    return envelope.unwrap(master(), bytes(wrapped), f"screening:{screening_id}")


class CodeOwner(Protocol):
    """Whose code it is: the key that seals it and what binds it to its row."""

    @property
    def key(self) -> bytes: ...

    @property
    def aad(self) -> bytes: ...


def seal_code(code: str, sitting_owner: CodeOwner) -> bytes:
    return envelope.seal(sitting_owner.key, code.encode(), sitting_owner.aad, suite())


def open_code(sealed: bytes, sitting_owner: CodeOwner) -> str:
    """The code again. Raises VaultError for a value that was moved to another sitting."""
    return envelope.unseal(sitting_owner.key, bytes(sealed), sitting_owner.aad).decode()


def link_index(code: str) -> bytes:
    """16 bytes by which a guardian's link is found from its code."""
    return find_by("consent-code", clean_code(code))


@dataclass(frozen=True)
class LinkOwner:
    """A guardian's link: its code lies sealed under the screening's key until it has been sent or printed."""

    screening_id: int
    guardian_id: int
    key: bytes

    @property
    def aad(self) -> bytes:
        return f"assessments_consentlink|code|{self.guardian_id}|screening:{self.screening_id}".encode()
