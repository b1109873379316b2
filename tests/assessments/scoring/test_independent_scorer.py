"""The engine against a second scorer written straight from the published tables, sharing no code with it."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring import critical, load_scales, score
from tests.assessments.scoring.by_the_table import TABLES, second_score

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


def test_the_second_scorer_knows_every_shipped_scale():
    assert TABLES.keys() == SCALES.keys()
    for code, table in TABLES.items():
        options = [tuple(sorted(option.value for option in item.options)) for item in SCALES[code].items]
        assert options == [tuple(sorted(table.values))] * table.items + list(table.extra), code


def a_sheet(code, draw):
    """Mostly answered: with a fair chance of a blank at every item a long sheet would always be invalid."""
    table = TABLES[code]
    values = [draw(st.sampled_from(table.values)) for _ in range(table.items)]
    values += [draw(st.sampled_from(options)) for options in table.extra]
    for place in draw(st.lists(st.integers(0, len(values) - 1), max_size=6)):
        values[place] = None
    return values


def about(value):
    return None if value is None else pytest.approx(float(value))


@pytest.mark.parametrize("code", sorted(SCALES))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_scale_agrees_with_the_second_scorer(code, data):
    scale, answers = SCALES[code], a_sheet(code, data.draw)
    role, wanted = ("self" if "self" in scale.roles else scale.roles[0]), second_score(code, answers)
    sheet = score(scale, answers, form=scale.printed, role=role)
    assert (sheet.valid, sheet.total, sheet.display_total) == (wanted.valid, about(wanted.total), about(wanted.display))
    main = next((band for band in sheet.bands if not band.on.startswith("count:")), None)
    assert (main.start if main else None) == wanted.band_start
    ours = {factor.code: factor for factor in sheet.factors}
    for name, (value, start) in wanted.factors.items():
        bands = ours[name].bands
        assert (ours[name].value, bands[0].start if bands else None) == (about(value), start), name
    assert [(flag.item, flag.level) for flag in sheet.flags] == wanted.flags


@given(st.sampled_from(sorted(SCALES)), st.data())
def test_missing_and_answered_add_up(code, data):
    definition, table = SCALES[code], TABLES[code]
    answers = a_sheet(code, data.draw)
    sheet = score(definition, answers, form=definition.printed, role=definition.roles[0])
    scored = answers[: table.items]
    assert sheet.missing == tuple(n for n, a in enumerate(scored, 1) if a is None)
    assert sheet.answered + len(sheet.missing) == len(scored)
    assert sheet.complete == (None not in scored)
    assert table.no_total or sheet.valid == (sheet.total is not None)
