"""Where the key-encryption key comes from, and the proof that it is the one this database was written with."""

import base64
import binascii
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from . import envelope


@lru_cache(maxsize=1)
def master() -> envelope.MasterKey:
    """The platform's key from the file that XINYU_KEY_FILE names. Raises ImproperlyConfigured saying what is wrong."""
    name = settings.KEY_FILE
    if not name:
        raise ImproperlyConfigured("XINYU_KEY_FILE is not set: the platform does not start without its key")
    try:
        return envelope.MasterKey(base64.b64decode(Path(name).read_bytes().strip(), validate=True))
    except OSError as error:
        raise ImproperlyConfigured(f"XINYU_KEY_FILE: the key file {name} cannot be read ({error.strerror})") from error
    except (binascii.Error, ValueError, envelope.VaultError) as error:
        raise ImproperlyConfigured(f"XINYU_KEY_FILE: {name} does not hold 32 bytes in base64") from error


def suite() -> int:
    """Cipher suite for new values: AES-256-GCM, or SM4-GCM by the setting VAULT_SUITE."""
    return envelope.SM4 if settings.VAULT_SUITE == "sm4" else envelope.AES


def refuse_a_wrong_key() -> None:
    """Compare the key with the fingerprint kept in the database; the first start writes it."""
    from .models import KeyCheck

    fingerprint = master().fingerprint
    known = KeyCheck.objects.order_by("id").values_list("fingerprint", flat=True).last()
    if known is None:
        KeyCheck.objects.create(fingerprint=fingerprint)
    elif known != fingerprint:
        raise ImproperlyConfigured(
            f"XINYU_KEY_FILE: this is key {fingerprint}, the database was written with key {known}"
        )
