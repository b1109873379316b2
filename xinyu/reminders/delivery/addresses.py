"""Addresses and secrets of delivery, sealed by the platform's key: staff have no key of their own, students do."""

import re
from typing import Any, ClassVar, Protocol

from xinyu.vault import envelope
from xinyu.vault.keys import master, suite

PURPOSE = "delivery"
#: robots of these services only; a free URL would be a way to send anything anywhere
GROUP_SCHEMES = ("wecombot", "dingtalk", "feishu")
_PHONE = re.compile(r"1[3-9]\d{9}$")


class AddressRefused(ValueError):
    """Not an address of its kind; the text says what is expected."""


class HasVaultId(Protocol):
    vault_id: Any
    _meta: ClassVar[Any]


def _aad(row: HasVaultId, field: str) -> bytes:
    return f"{row._meta.db_table}|{field}|{row.vault_id}".encode()


def conceal(row: HasVaultId, field: str, text: str) -> None:
    """Set a sealed field; the caller saves."""
    setattr(row, field, envelope.seal(master().derive(PURPOSE), text.encode(), _aad(row, field), suite()))


def reveal(row: HasVaultId, field: str) -> str:
    """Raises VaultError for a value that was moved from another row."""
    return envelope.unseal(master().derive(PURPOSE), bytes(getattr(row, field)), _aad(row, field)).decode()


def phone(text: str) -> str:
    """Eleven digits of a mobile number of the mainland; spaces, hyphens and +86 are taken off."""
    digits = re.sub(r"[\s-]", "", text).removeprefix("+86")
    if not _PHONE.match(digits):
        raise AddressRefused("请填写 11 位手机号码。")
    return digits


def group(text: str) -> str:
    """An address as apprise writes it, of one of the three services."""
    from apprise import Apprise  # slow to import, and only needed here

    scheme = text.partition("://")[0].lower()
    if scheme not in GROUP_SCHEMES or Apprise.instantiate(text) is None:
        raise AddressRefused("地址应以 wecombot://、dingtalk:// 或 feishu:// 开头，后面是机器人的密钥。")
    return text
