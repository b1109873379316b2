from datetime import date, datetime

import pytest

from xinyu.ui import wording


def test_day_leaves_out_the_year_of_today():
    assert wording.day(date(2026, 9, 1)) == "2026年9月1日"
    assert wording.day(date(2026, 9, 1), date(2026, 12, 31)) == "9月1日"
    assert wording.day(None) == "—"


def test_day_weekday_names_the_weekday():
    assert wording.day_weekday(date(2026, 9, 6)) == "2026年9月6日 周日"


def test_moment_keeps_the_hour_it_was_given():
    assert wording.moment(datetime(2026, 9, 1, 8, 5)) == "2026年9月1日 08:05"


def test_span_with_open_ends():
    assert wording.span(date(2026, 9, 1), date(2026, 9, 30)) == "2026年9月1日至9月30日"
    assert wording.span(date(2026, 9, 1), date(2027, 1, 15)) == "2026年9月1日至2027年1月15日"
    assert wording.span(date(2026, 9, 1), None) == "2026年9月1日起"
    assert wording.span(None, date(2026, 9, 1)) == "2026年9月1日止"


def test_percent_of_an_empty_whole_is_unknown_not_zero():
    assert wording.percent(0.625) == "62.5%"
    assert wording.percent(1, 3) == "33.3%"
    assert wording.percent(0, 12, 0) == "0%"
    assert wording.percent(0, 0) == "—"
    assert wording.percent(None, 12) == "—"


def test_masked_hides_a_short_value_whole():
    assert wording.masked("13800000012") == "138******12"
    assert wording.masked("12345") == "*****"
    assert wording.masked("欧阳明玥", 1, 0) == "欧***"
    assert wording.masked("") == "—"


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("12355", "12355"),
        ("0731-12355（每天8:00—22:00）", "0731-12355"),
        ("0731-12355(周一至周五 8:00—22:00)", "0731-12355"),
        ("400 161 9995", "4001619995"),
        ("+86 731-88712345", "+86731-88712345"),
        ("０７３１－１２３５５（24小时）", "0731-12355"),
        ("", ""),
    ],
)
def test_what_a_telephone_dials_of_a_number_with_its_hours(shown, number):
    assert wording.dialled(shown) == number
