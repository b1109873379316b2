"""Envelope encryption without Django: a key-encryption key wraps data keys, data keys encrypt fields.

A sealed value is ``version(1) suite(1) nonce(12) ciphertext+tag``. The associated data binds a value to
table|column|row|owner, so a ciphertext that is moved elsewhere does not open.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
AES, SM4 = 1, 2
KEY_BYTES = {AES: 32, SM4: 16}
DATA_KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16


class VaultError(Exception):
    """A sealed value does not open, or a key is missing or not the right one."""


@lru_cache(maxsize=64)
def _derive(raw: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"xinyu|{purpose}".encode()).derive(raw)


@dataclass(frozen=True)
class MasterKey:
    """The key-encryption key (32 bytes) and what is derived from it."""

    raw: bytes

    def __post_init__(self):
        if len(self.raw) != 32:
            raise VaultError("the key-encryption key must be 32 bytes")

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HKDF-SHA256)."""
        return _derive(self.raw, purpose)

    @property
    def fingerprint(self) -> str:
        """16 hex characters that tell one key from another and nothing else."""
        return hashlib.sha256(self.derive("fingerprint")).hexdigest()[:16]


def _sm4(key: bytes, nonce: bytes, aad: bytes, data: bytes, *, opening: bool) -> bytes:
    mode = modes.GCM(nonce, data[-TAG_BYTES:]) if opening else modes.GCM(nonce)
    cipher = Cipher(algorithms.SM4(key), mode)
    worker = cipher.decryptor() if opening else cipher.encryptor()
    worker.authenticate_additional_data(aad)
    if opening:
        return worker.update(data[:-TAG_BYTES]) + worker.finalize()
    return worker.update(data) + worker.finalize() + worker.tag  # type: ignore[union-attr] # an encryptor has one


def seal(key: bytes, plain: bytes, aad: bytes, suite: int = AES) -> bytes:
    """Encrypt `plain` under a 32-byte data key; SM4 uses its first 16 bytes (GB/T 32907)."""
    nonce = os.urandom(NONCE_BYTES)
    if suite == SM4:
        body = _sm4(key[:16], nonce, aad, plain, opening=False)
    else:
        body = AESGCM(key).encrypt(nonce, plain, aad)
    return bytes((VERSION, suite)) + nonce + body


def unseal(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Open what `seal` made. Raises VaultError for a wrong key, a moved or a damaged value."""
    if len(sealed) < 2 + NONCE_BYTES + TAG_BYTES or sealed[0] != VERSION or sealed[1] not in KEY_BYTES:
        raise VaultError("not a sealed value")
    nonce, body = sealed[2 : 2 + NONCE_BYTES], sealed[2 + NONCE_BYTES :]
    try:
        if sealed[1] == SM4:
            return _sm4(key[:16], nonce, aad, body, opening=True)
        return AESGCM(key).decrypt(nonce, body, aad)
    except InvalidTag as error:
        raise VaultError("the value does not open: wrong key, or it was moved or changed") from error


def wrap(master: MasterKey, key: bytes, owner: str, suite: int = AES) -> bytes:
    """The data key of `owner` ('student:12') as it may be stored."""
    return seal(master.derive("wrap"), key, f"datakey|{owner}".encode(), suite)


def unwrap(master: MasterKey, wrapped: bytes, owner: str) -> bytes:
    return unseal(master.derive("wrap"), wrapped, f"datakey|{owner}".encode())


def blind_index(master: MasterKey, purpose: str, value: str) -> bytes:
    """16 bytes by which equal values can be found without being read. Only for ID numbers and phones."""
    return hmac.new(master.derive(f"index|{purpose}"), value.encode(), hashlib.sha256).digest()[:16]
