"""Fields and rows of the vault: sealed text, wrapped data keys, the fingerprint of the platform's key."""

import uuid

from django.db import models

from xinyu.access.seal import Open


class SealedField(models.BinaryField):
    """Ciphertext of a text. Reading the attribute gives bytes; `vault.reveal(row, "field")` gives the text.

    Explicit on purpose: a list page cannot decrypt by accident.
    """

    description = "AES-256-GCM or SM4-GCM ciphertext"

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)


class SealedRow(models.Model):
    """A row with sealed fields. `vault_id` is its name in the associated data, known before the row has an id."""

    vault_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)

    class Meta:
        abstract = True


class KeyRow(models.Model):
    """A wrapped data key of one owner. Destroying it (`wrapped` = NULL) makes the owner's sealed values unreadable."""

    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class KeyCheck(models.Model):
    """Fingerprints of the keys this database was written with, newest last."""

    fingerprint = models.CharField(max_length=16)
    since = models.DateTimeField(auto_now_add=True)

    seal = Open("a fingerprint tells nothing about the key", may="SELECT, INSERT")
