"""GB 11643 numbers: check digit, date and sex; never the region."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinyu.lib.identity_numbers import IdentityNumberError, check_digit, normalise, parse, parse_registration

EXAMPLE = "11010519491231002X"  # the worked example of the standard

bodies = st.builds(
    lambda region, day, sequence: f"{region}{day:%Y%m%d}{sequence:03d}",
    st.integers(100000, 999999),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)


def test_worked_example_of_the_standard():
    parsed = parse(EXAMPLE)
    assert (parsed.number, parsed.birth_on, parsed.sex) == (EXAMPLE, date(1949, 12, 31), "F")
    assert EXAMPLE not in repr(parsed)


@given(bodies)
def test_any_region_is_accepted_and_facts_are_read(body):
    parsed = parse(body + check_digit(body))
    assert f"{parsed.birth_on:%Y%m%d}" == body[6:14]
    assert parsed.sex == ("M" if int(body[16]) % 2 else "F")


@given(bodies, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body, place, shift):
    wrong = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    with pytest.raises(IdentityNumberError):
        parse(wrong + check_digit(body))


@given(bodies, st.integers(0, 15))
def test_two_neighbours_swapped_are_always_noticed(body, place):
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    if swapped != body:
        with pytest.raises(IdentityNumberError):
            parse(swapped + check_digit(body))


@pytest.mark.parametrize(
    "typed", ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002X ", "'" + EXAMPLE]
)
def test_usual_spellings_are_one_number(typed):
    assert normalise(typed) == EXAMPLE and parse(typed).number == EXAMPLE


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("110105194912310021", "校验码"),
        ("11010519490230002X", "日期不存在"),
        ("110105491231002", "15 位"),
        ("1101051949", "10 位"),
        ("11010519491231A02X", "17 位数字"),
        ("E12345678", "其他证件请留空"),
    ],
)
def test_refusal_says_why_and_never_repeats_the_number(typed, reason):
    with pytest.raises(IdentityNumberError, match=reason) as refusal:
        parse(typed)
    assert typed not in str(refusal.value)


def test_registration_is_g_with_a_number_or_l_with_a_temporary_code():
    assert parse_registration("g" + EXAMPLE.lower()) == "G" + EXAMPLE
    assert parse_registration("L430000202612345678") == "L430000202612345678"
    for wrong in ("G110105194912310021", EXAMPLE, "X" + EXAMPLE, "L123"):
        with pytest.raises(IdentityNumberError):
            parse_registration(wrong)
