"""The engine against a second scorer written straight from the published tables, sharing no code with it."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import critical, load_scales, score

SCALES = load_scales()


def sheets(size, top):
    return st.lists(st.one_of(st.none(), st.integers(0, top)), min_size=size, max_size=size)


AGES = st.one_of(st.none(), st.integers(6, 40))


def by_hand_phq9(answers, age):
    """(total, severity, screen) or (None, None, None) with three or more blanks."""
    given_values = [a for a in answers if a is not None]
    if len(given_values) < 7:
        return None, None, None
    exact = Fraction(sum(given_values), len(given_values)) * 9
    total = int(exact + Fraction(1, 2))
    if total <= 4:
        severity = "minimal"
    elif total <= 9:
        severity = "mild"
    elif total <= 14:
        severity = "moderate"
    elif total <= 19:
        severity = "moderately_severe"
    else:
        severity = "severe"
    cut = 11 if age in (13, 14, 15, 16, 17) else 10
    return total, severity, "at_cut" if total >= cut else "below"


@given(sheets(9, 3), AGES)
def test_phq9_agrees_with_the_table(answers, age):
    sheet = score(SCALES["PHQ-9"], answers, age=age)
    screen = sheet.band_in("screen")
    ours = (sheet.total, sheet.band and sheet.band.code, screen and screen.code)
    assert ours == by_hand_phq9(answers, age)
    level = {None: None, 0: None, 1: "same_day", 2: "immediate", 3: "immediate"}[answers[8]]
    assert [(f.item, f.level) for f in sheet.flags] == ([(9, level)] if level else [])
    assert sheet.flags == critical(SCALES["PHQ-9"], answers)


@given(sheets(7, 3))
def test_gad7_agrees_with_the_table(answers):
    sheet = score(SCALES["GAD-7"], answers)
    if None in answers:
        assert (sheet.valid, sheet.total, sheet.band) == (False, None, None)
        return
    total = sum(answers)
    names = {0: "minimal", 1: "mild", 2: "moderate"}
    assert (sheet.total, sheet.band.code) == (total, names.get(total // 5, "severe"))
    assert sheet.band_in("screen").code == ("at_cut" if total > 9 else "below")


@given(sheets(5, 5), AGES)
def test_who5_agrees_with_the_table(answers, age):
    sheet = score(SCALES["WHO-5"], answers, age=age)
    if None in answers:
        assert (sheet.valid, sheet.total, sheet.display_total, sheet.band) == (False, None, None, None)
        return
    index = sum(answers) * 4
    limit = 40 if age in (9, 10, 11, 12) else 36 if age in (13, 14, 15, 16, 17) else 50
    expected = "very_low" if index <= 28 else "low" if index <= limit else "usual"
    assert (sheet.total, sheet.display_total, sheet.band.code) == (sum(answers), index, expected)


@given(st.sampled_from(sorted(SCALES)), st.data())
def test_missing_and_answered_add_up(code, data):
    definition = SCALES[code]
    top = max(option.value for option in definition.items[0].options)
    answers = data.draw(sheets(len(definition.items), top))
    sheet = score(definition, answers)
    assert sheet.missing == tuple(n for n, a in enumerate(answers, 1) if a is None)
    assert sheet.answered + len(sheet.missing) == len(answers)
    assert sheet.complete == (None not in answers) and sheet.valid == (sheet.total is not None)
