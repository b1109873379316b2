"""Days, terms and telephone numbers as people type them."""

from datetime import date, datetime

import pytest

from xinyu.lib.dates import DateError, Term, age, parse_date, school_year, term, years_since_entry
from xinyu.lib.phones import PhoneError, is_mobile, normalise


@pytest.mark.parametrize(
    "typed",
    [
        *("2012-03-04", "2012/3/4", "2012.3.4", "2012年3月4日", "20120304", "２０１２－３－４", "2012-03-04 00:00:00"),
        *(20120304, 20120304.0, date(2012, 3, 4), datetime(2012, 3, 4, 8, 30)),
    ],
)
def test_usual_spellings_of_a_day(typed):
    assert parse_date(typed) == date(2012, 3, 4)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("2012-02-30", "不存在"),
        ("12-3-4", "四位"),
        (40972.0, "日期序号"),
        ("三月四日", "应写成"),
        (True, "不是日期"),
        (float("nan"), "应写成"),
    ],
)
def test_what_is_no_day_is_refused_with_a_reason(typed, reason):
    with pytest.raises(DateError, match=reason):
        parse_date(typed)


def test_school_year_begins_in_september():
    assert [school_year(date(2026, 8, 31)), school_year(date(2026, 9, 1)), school_year(date(2027, 3, 1))] == [
        2025,
        2026,
        2026,
    ]
    assert term(date(2027, 1, 20)).code == "2026-2027-1"
    assert term(date(2027, 2, 20)).code == "2026-2027-2"
    assert years_since_entry(2024, date(2026, 11, 1)) == 2


def test_term_code_is_read_back_and_checked():
    assert Term.from_code("2026-2027-2") == Term(2026, 2)
    assert Term(2026, 2).next() == Term(2027, 1)
    for wrong in ("2026-2028-1", "2026-2027-3", "2026"):
        with pytest.raises(DateError):
            Term.from_code(wrong)


def test_age_counts_full_years():
    assert age(date(2012, 3, 4), date(2026, 3, 3)) == 13
    assert age(date(2012, 3, 4), date(2026, 3, 4)) == 14
    assert age(date(2012, 2, 29), date(2026, 2, 28)) == 13


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13812345678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("0731-88712345", "0731-88712345"),
        ("(010)62345678", "010-62345678"),
        ("+86 731 88712345", "0731-88712345"),
        ("073188712345转801", "0731-88712345-801"),
    ],
)
def test_usual_spellings_of_a_telephone(typed, number):
    assert normalise(typed) == number
    assert normalise(number) == number
    assert is_mobile(number) == number.startswith("1")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1381234567", "11 位"),
        ("12812345678", "号段"),
        ("88712345", "区号"),
        ("13812345678/13912345678", "一个电话"),
        ("无", "只能写数字"),
        ("999", "不正确"),
    ],
)
def test_what_is_no_telephone_is_refused_with_a_reason(typed, reason):
    with pytest.raises(PhoneError, match=reason):
        normalise(typed)
