import pytest

from assessments.codes import (
    ALPHABET,
    LENGTH,
    SittingOwner,
    clean_code,
    code_index,
    grouped,
    new_code,
    open_code,
    screening_key,
    seal_code,
)
from xinyu.vault.envelope import VaultError
from xinyu.vault.fields import new_key


def test_codes_have_no_look_alikes_and_do_not_repeat():
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000 and all(len(code) == LENGTH for code in codes)
    assert not set("".join(codes)) & set("01ILO") and set("".join(codes)) <= set(ALPHABET)


@pytest.mark.parametrize("typed", ["abc de2 3456", "ABC-DE2-3456", "ａｂｃＤＥ２　３４５６", " ABCDE23456\n"])
def test_a_code_is_found_however_it_is_typed(typed):
    assert clean_code(typed) == "ABCDE23456"
    assert code_index(typed) == code_index("ABCDE23456")


def test_the_index_is_16_bytes_and_tells_nothing_of_the_code():
    first, second = code_index("ABCDE23456"), code_index("ABCDE23457")
    assert len(first) == 16 and first != second and b"ABCDE" not in first
    assert grouped("ABCDE23456") == "ABC DE2 3456"


def test_a_sealed_code_opens_for_its_own_sitting_only():
    key = screening_key(7, new_key("screening:7"))
    sealed = seal_code("ABCDE23456", SittingOwner(7, 1, key))
    assert b"ABCDE23456" not in sealed and open_code(sealed, SittingOwner(7, 1, key)) == "ABCDE23456"
    with pytest.raises(VaultError):
        open_code(sealed, SittingOwner(7, 2, key))
    with pytest.raises(VaultError):
        screening_key(7, None)
