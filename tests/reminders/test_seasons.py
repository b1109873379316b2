from datetime import date

import pytest

from xinyu.access.roles import LEVELS, ROLES
from xinyu.organisations.calendar import SchoolCalendar, Span, Term
from xinyu.reminders.season_book import PsychMonth, load_book, parse_season
from xinyu.reminders.seasons import CountySetting, Exam, seasons_in

CALENDAR = SchoolCalendar(
    (
        Term("2026-2027-1", date(2026, 9, 1), date(2027, 1, 22)),
        Term("2026-2027-2", date(2027, 2, 22), date(2027, 7, 2), midterm=Span(date(2027, 4, 26), date(2027, 4, 28))),
    )
)
SETTING = CountySetting("430211", CALENDAR)
DATED = {
    "code": "autumn_care",
    "title": "秋冬关爱行动",
    "who": {"stages": ["junior"], "grades": "all"},
    "windows": [{"kind": "dates", "start": "2026-11-16", "end": "2026-12-11"}],
    "obligations": [
        {"code": "class_check", "role": "homeroom", "title": "排查", "subject": "klass", "evidence": "class_check"}
    ],
}


def windows(year, setting=SETTING):
    return {window.key: window for window in seasons_in(year, setting)}


def test_the_year_holds_every_season_of_the_founding_document():
    found = windows(2027)
    assert {window.code for window in found.values()} == {
        "spring",
        "midterm",
        "final",
        "zhongkao",
        "gaokao",
        "graduation",
        "entering",
        "may_june",
        "before_break",
        "psych_month",
        "privacy_report",
    }
    assert found["spring:2027"].span == Span(date(2027, 3, 1), date(2027, 5, 31))
    assert found["may_june:2027"].title == "5–6月重点关注学生排查"
    assert found["privacy_report:2027"].span.end == date(2027, 1, 31)


def test_windows_are_sorted_unique_and_touch_the_year():
    for year in range(2026, 2034):
        found = seasons_in(year, SETTING)
        assert len({window.key for window in found}) == len(found)
        assert found == sorted(found, key=lambda window: (window.span, window.key))
        assert all(window.span.start.year <= year <= window.span.end.year for window in found)


def test_exam_seasons_follow_given_days_and_mark_usual_ones():
    found = windows(2027)
    assert found["midterm:2026-2027-2"].span == Span(date(2027, 4, 16), date(2027, 5, 5))
    assert not found["midterm:2026-2027-2"].is_estimated
    assert found["final:2026-2027-1"].is_estimated
    assert found["gaokao:2027"].span == Span(date(2027, 5, 8), date(2027, 6, 13))
    announced = CountySetting("430211", CALENDAR, exams=(Exam("zhongkao", Span(date(2027, 6, 15), date(2027, 6, 17))),))
    assert windows(2027)["zhongkao:2027"].is_estimated
    assert windows(2027, announced)["zhongkao:2027"].span.end == date(2027, 6, 20)
    assert not windows(2027, announced)["zhongkao:2027"].is_estimated
    final = CountySetting("430211", CALENDAR, exams=(Exam("final", Span(date(2027, 1, 13), date(2027, 1, 15))),))
    assert windows(2027, final)["final:2026-2027-1"].span == Span(date(2027, 1, 3), date(2027, 1, 18))
    assert not windows(2027, final)["final:2026-2027-1"].is_estimated
    assert windows(2027, final)["final:2026-2027-2"].is_estimated


def test_exam_seasons_are_per_stage_and_for_leaving_grades():
    gaokao = windows(2027)["gaokao:2027"].who
    assert gaokao.includes([("senior", "leaving")])
    assert not gaokao.includes([("senior", ""), ("senior", "entering"), ("junior", "leaving")])
    assert windows(2027)["entering:2027"].who.includes([("primary", "entering")])
    assert windows(2027)["spring:2027"].who.includes([("primary", "")])


def test_terms_nobody_entered_get_usual_dates():
    bare = windows(2029, CountySetting("430211", SchoolCalendar(())))
    assert {"midterm:2028-2029-2", "midterm:2029-2030-1", "before_break:2028-2029-1"} <= set(bare)
    assert all(bare[key].is_estimated for key in bare if key.startswith(("midterm", "final", "before_break")))


def test_before_break_ends_with_the_term():
    assert windows(2027)["before_break:2026-2027-1"].span == Span(date(2027, 1, 8), date(2027, 1, 22))


def test_the_psych_month_is_a_dated_setting():
    may = CountySetting(
        "430211", CALENDAR, psych_months=(PsychMonth(2024, "05-01", "05-31"), PsychMonth(2028, "03-01", "05-31"))
    )
    assert windows(2027)["psych_month:2027"].span.start == date(2027, 3, 1)
    assert windows(2027, may)["psych_month:2027"].span.start == date(2027, 5, 1)
    assert windows(2028, may)["psych_month:2028"].span.start == date(2028, 3, 1)
    assert "psych_month:2023" not in windows(2023, may)


def test_a_county_adds_and_disables_seasons_by_data_alone():
    setting = CountySetting("430211", CALENDAR, custom=(parse_season(DATED),), disabled=frozenset({"spring"}))
    assert windows(2026, setting)["autumn_care:2026-11-16"].span.end == date(2026, 12, 11)
    assert "autumn_care:2026-11-16" not in windows(2027, setting)
    assert "spring:2027" not in windows(2027, setting)


def test_an_unknown_window_rule_is_refused_by_name():
    with pytest.raises(ValueError, match="秋冬关爱行动.*lunar"):
        parse_season({**DATED, "windows": [{"kind": "lunar"}]})


def test_every_rule_names_its_source_and_known_roles():
    book = load_book()
    assert book.note == "本区设定，可修改"
    assert set(book.ladder) | set(book.ladder.values()) <= set(ROLES)
    for season in book.seasons:
        assert season.source and season.note
        for obligation in season.obligations:
            assert obligation.role in ROLES
            assert obligation.subject in LEVELS
            assert obligation.anchor in ("start", "end") and obligation.days in ("on_site", "work")


def test_no_season_title_uses_the_word_that_only_forms_print():
    assert all("高危" not in season.title for season in load_book().seasons)
