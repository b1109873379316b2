import base64
import os

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from xinyu.vault import envelope, keys
from xinyu.vault.envelope import MasterKey, VaultError, blind_index, seal, unseal, unwrap, wrap

KEY, MASTER = os.urandom(32), MasterKey(os.urandom(32))


@given(st.binary(max_size=200), st.binary(max_size=40), st.sampled_from([envelope.AES, envelope.SM4]))
def test_what_was_sealed_opens_and_never_twice_alike(plain, aad, suite):
    first, second = seal(KEY, plain, aad, suite), seal(KEY, plain, aad, suite)
    assert unseal(KEY, first, aad) == unseal(KEY, second, aad) == plain
    assert first != second


@given(st.integers(0, 60), st.sampled_from([envelope.AES, envelope.SM4]))
def test_a_flipped_bit_anywhere_does_not_open(position, suite):
    value = bytearray(seal(KEY, b"sixteen bytes or more of text", b"row", suite))
    value[position % len(value)] ^= 1
    with pytest.raises(VaultError):
        unseal(KEY, bytes(value), b"row")


def test_a_value_moved_to_another_row_or_key_does_not_open():
    value = seal(KEY, b"secret", b"table|body|1|student:1")
    for key, aad in ((KEY, b"table|body|2|student:1"), (os.urandom(32), b"table|body|1|student:1")):
        with pytest.raises(VaultError):
            unseal(key, value, aad)


def test_a_data_key_opens_for_its_owner_only():
    wrapped = wrap(MASTER, KEY, "student:1")
    assert unwrap(MASTER, wrapped, "student:1") == KEY
    with pytest.raises(VaultError):
        unwrap(MASTER, wrapped, "student:2")
    with pytest.raises(VaultError):
        unwrap(MasterKey(os.urandom(32)), wrapped, "student:1")


def test_blind_indexes_tell_equal_values_and_nothing_across_purposes():
    assert blind_index(MASTER, "id", "1") == blind_index(MASTER, "id", "1")
    assert len({blind_index(MASTER, "id", "1"), blind_index(MASTER, "phone", "1"), blind_index(MASTER, "id", "2")}) == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "cannot be read"), (b"", "32 bytes"), (b"short", "32 bytes"), (base64.b64encode(b"x" * 31), "32 bytes")],
)
def test_a_missing_or_damaged_key_file_is_named(tmp_path, settings, content, says):
    path = tmp_path / "kek"
    if content is not None:
        path.write_bytes(content)
    settings.KEY_FILE = str(path)
    keys.master.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match=says) as caught:
            keys.master()
        assert "XINYU_KEY_FILE" in str(caught.value) and str(path) in str(caught.value)
    finally:
        keys.master.cache_clear()


@pytest.mark.django_db
def test_another_key_than_the_databases_refuses_to_start(tmp_path, settings):
    keys.refuse_a_wrong_key()
    keys.refuse_a_wrong_key()
    (tmp_path / "kek").write_bytes(base64.b64encode(os.urandom(32)))
    settings.KEY_FILE = str(tmp_path / "kek")
    keys.master.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match="was written with key"):
            keys.refuse_a_wrong_key()
    finally:
        keys.master.cache_clear()
