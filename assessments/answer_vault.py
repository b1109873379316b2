"""Typed answers under the screening's key: one sealed value per sitting, bound to the sitting it belongs to."""

import base64
import hashlib
import hmac
from functools import lru_cache

from assessments.answers import Sheets, pack, unpack
from assessments.codes import screening_key
from xinyu.vault import envelope
from xinyu.vault.keys import master, suite

RECEIPT_LETTERS = 12


@lru_cache(maxsize=256)
def _key(screening_id: int, wrapped: bytes) -> bytes:
    """Unwrapped once per process. A destroyed key stays lost: the wrapped bytes are asked of the database each time."""
    return screening_key(screening_id, wrapped)


def _aad(sitting_id: int, screening_id: int) -> bytes:
    return f"assessments_savedanswers|answers|{sitting_id}|screening:{screening_id}".encode()


def seal_answers(sheets: Sheets, *, sitting_id: int, screening_id: int, wrapped: bytes | None) -> bytes:
    """Raises VaultError when the screening's key was destroyed."""
    key = _key(screening_id, bytes(wrapped)) if wrapped else screening_key(screening_id, None)
    return envelope.seal(key, pack(sheets), _aad(sitting_id, screening_id), suite())


def open_answers(sealed: bytes, *, sitting_id: int, screening_id: int, wrapped: bytes | None) -> Sheets:
    """The sheets again, by scale code. Raises VaultError for a moved value or a destroyed key."""
    key = _key(screening_id, bytes(wrapped)) if wrapped else screening_key(screening_id, None)
    return unpack(envelope.unseal(key, bytes(sealed), _aad(sitting_id, screening_id)))


@lru_cache(maxsize=1)
def _copies() -> bytes:
    return master().derive("answer-copy")


def copy_key(sitting_id: int, position: int) -> str:
    """Base64 of the 32 bytes under which a browser keeps its copy of this part of this sitting.

    Sent with the page and kept by nobody: what lies in the browser's storage opens only for whoever holds the code.
    """
    said = f"{sitting_id}:{position}".encode()
    return base64.b64encode(hmac.new(_copies(), said, hashlib.sha256).digest()).decode()


def receipt_for(sitting_id: int, client_key: str, sheets: Sheets) -> str:
    """12 letters that the same submit gets again and another body does not; says nothing without the platform's key."""
    said = f"{sitting_id}|{client_key}|".encode() + pack(sheets)
    return hmac.new(master().derive("receipt"), said, hashlib.sha256).hexdigest()[:RECEIPT_LETTERS].upper()
