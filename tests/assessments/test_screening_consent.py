from datetime import UTC, date, datetime

import pytest

from assessments.consent import Consent, Said, age_on, consent_of, may_be_asked

MOTHER, FATHER, SELF = 1, 2, None


def said(who, decision, day=1, verified=True):
    return Said(who, decision, verified, datetime(2026, 9, day, tzinfo=UTC))


@pytest.mark.parametrize(
    ("decisions", "age", "expected"),
    [
        ([], 13, Consent.SILENT),
        ([said(MOTHER, "given")], 13, Consent.GIVEN),
        ([said(MOTHER, "given", verified=False)], 13, Consent.SILENT),
        ([said(MOTHER, "refused", 1), said(MOTHER, "given", 2)], 13, Consent.GIVEN),
        ([said(MOTHER, "given", 2), said(MOTHER, "withdrawn", 3)], 13, Consent.REFUSED),
        ([said(MOTHER, "given", 3), said(MOTHER, "refused", 2)], 13, Consent.GIVEN),
        ([said(MOTHER, "given", 5), said(FATHER, "refused", 1)], 13, Consent.REFUSED),
        ([said(MOTHER, "given", 1), said(FATHER, "refused", 2, verified=False)], 13, Consent.GIVEN),
        ([said(MOTHER, "given"), said(SELF, "refused")], 14, Consent.REFUSED),
        ([said(MOTHER, "given"), said(SELF, "refused")], 13, Consent.GIVEN),
        ([said(MOTHER, "given"), said(SELF, "refused")], None, Consent.REFUSED),
        ([said(SELF, "given")], 15, Consent.SILENT),
        ([said(SELF, "refused", 1), said(SELF, "given", 2), said(MOTHER, "given")], 15, Consent.GIVEN),
    ],
)
def test_the_latest_verified_word_of_each_person_counts(decisions, age, expected):
    assert consent_of(decisions, age) is expected
    assert consent_of(reversed(decisions), age) is expected


def test_silence_hinders_only_where_consent_is_the_basis_and_a_refusal_always():
    assert [may_be_asked(c, "consent") for c in Consent] == [True, False, False]
    assert [may_be_asked(c, "duty") for c in Consent] == [True, False, True]


def test_age_is_completed_years():
    assert age_on(date(2012, 9, 2), date(2026, 9, 1)) == 13
    assert age_on(date(2012, 9, 1), date(2026, 9, 1)) == 14
    assert age_on(None, date(2026, 9, 1)) is None
