"""Which scales adults may be asked, how a round stands on a day, soft words without a number."""

from datetime import date

import pytest

from assessments.adults import DRAFT, OPEN, OVER, PLANNED, adult_parts, is_for_adults, reasons_against, state_on
from assessments.answers import Sheet
from assessments.outcome import Person, scored
from assessments.scoring import load_documents, parse_definition
from assessments.staff_notice import ON_SAFETY, notice

LIBRARY = {one.code: one for one in map(parse_definition, load_documents().values())}
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 15)


def test_scales_with_words_and_no_upper_age_are_for_adults():
    found = {code for code, scale in LIBRARY.items() if is_for_adults(scale)}
    assert {"PHQ-9", "GAD-7", "K10", "WHO-5"} <= found
    assert not found & {"PHQ-A", "CES-DC", "SCARED", "SDQ", "MHT"}, "made for children"
    assert not found & {"SCL-90", "SAS"}, "no words to show"


def test_a_scale_needs_the_countys_word():
    assert reasons_against(LIBRARY["PHQ-9"], is_approved=True) == ()
    assert "核对批准" in reasons_against(LIBRARY["PHQ-9"], is_approved=False)[0]
    assert "不是成人" in reasons_against(LIBRARY["PHQ-A"], is_approved=True)[0]


@pytest.mark.parametrize(
    ("today", "is_started", "is_ended", "state"),
    [
        (FIRST, False, False, DRAFT),
        (LAST, False, True, OVER),
        (date(2026, 11, 1), True, False, PLANNED),
        (FIRST, True, False, OPEN),
        (LAST, True, False, OPEN),
        (date(2026, 11, 16), True, False, OVER),
        (FIRST, True, True, OVER),
    ],
)
def test_a_round_stands_by_its_days_and_its_two_acts(today, is_started, is_ended, state):
    assert state_on(today, opens_on=FIRST, closes_on=LAST, is_started=is_started, is_ended=is_ended) == state


def test_the_person_reads_bands_in_words_without_a_number_or_a_code():
    phq = LIBRARY["PHQ-9"]
    for values, word in (((0,) * 9, "没有看到需要特别留意"), ((3,) * 9, "不必一个人扛着"), ((None,) * 9, "没有作解释")):
        [row], _ = scored([(1, phq)], {"PHQ-9": Sheet(values)}, Person(None, None, None))
        [part] = adult_parts([(phq.title_zh, row, False)])
        said = part.about + part.band + part.words
        assert word in said and "PHQ" not in said and not any(sign.isdigit() for sign in said)


def test_beside_an_answer_that_alerts_no_low_band_soothes():
    phq = LIBRARY["PHQ-9"]
    [row], _ = scored([(1, phq)], {"PHQ-9": Sheet((0,) * 8 + (1,))}, Person(None, None, None))
    [part] = adult_parts([(phq.title_zh, row, True)])
    assert part.band == "" and "当面听您说说" in part.words and "没有看到" not in part.words


def test_the_notice_speaks_of_safety_only_where_it_is_asked_about():
    assert ON_SAFETY in notice(has_critical=True)
    assert ON_SAFETY not in notice(has_critical=False) and len(notice(has_critical=False)) == 5
