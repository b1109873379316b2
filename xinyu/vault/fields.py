"""conceal() and reveal(): how actions write sealed fields and pages read them.

The owner of a row's key is found by the row itself: `row.vault_owner()` returns ('student:12', wrapped key bytes).
"""

import os
from typing import Any, ClassVar, Protocol

from . import envelope
from .keys import master, suite

#: how a wrapped key comes out of a row; None when it was destroyed
Wrapped = bytes | memoryview | None


class HasVault(Protocol):
    vault_id: Any
    _meta: ClassVar[Any]

    def vault_owner(self) -> tuple[str, Wrapped]: ...


def _aad(row: HasVault, field: str, owner: str) -> bytes:
    return f"{row._meta.db_table}|{field}|{row.vault_id}|{owner}".encode()


def fresh_key(owner: str) -> tuple[bytes, bytes]:
    """(data key, the same key wrapped) for a new owner: imports seal thousands of values without unwrapping again."""
    key = os.urandom(envelope.DATA_KEY_BYTES)
    return key, envelope.wrap(master(), key, owner, suite())


def open_key(owner: str, wrapped: Wrapped) -> bytes:
    """The data key of `owner`. Raises VaultError when it is destroyed or out of sight."""
    if wrapped is None:
        raise envelope.VaultError(f"the key of {owner} is destroyed or out of sight")
    return envelope.unwrap(master(), bytes(wrapped), owner)


def seal_value(text: str, *, key: bytes, owner: str, table: str, field: str, vault_id: Any) -> bytes:
    """What `conceal` would put into `field` of the row `vault_id` of `table`."""
    return envelope.seal(key, text.encode(), f"{table}|{field}|{vault_id}|{owner}".encode(), suite())


def reveal_with(row: HasVault, field: str, *, owner: str, key: bytes) -> str:
    """As `reveal`, for many rows of one owner whose key is already open."""
    value = getattr(row, field)
    return "" if value is None else envelope.unseal(key, bytes(value), _aad(row, field, owner)).decode()


def _open_key(row: HasVault) -> tuple[str, bytes]:
    owner, wrapped = row.vault_owner()
    return owner, open_key(owner, wrapped)


def conceal(row: HasVault, **texts: str) -> None:
    """Set sealed fields of `row` from texts; '' becomes NULL. The caller saves."""
    owner, key = _open_key(row)
    for field, text in texts.items():
        sealed = envelope.seal(key, text.encode(), _aad(row, field, owner), suite()) if text else None
        setattr(row, field, sealed)


def reveal(row: HasVault, field: str) -> str:
    """The text of a sealed field, '' for NULL. Raises VaultError for a moved value or a destroyed key."""
    value = getattr(row, field)
    if value is None:
        return ""
    owner, key = _open_key(row)
    return envelope.unseal(key, bytes(value), _aad(row, field, owner)).decode()


def new_key(owner: str) -> bytes:
    """A wrapped data key for a new owner ('student:12', 'screening:3')."""
    return fresh_key(owner)[1]


def find_by(purpose: str, value: str) -> bytes:
    """Blind index of an ID number ('id') or phone ('phone')."""
    return envelope.blind_index(master(), purpose, value)
