"""Worked examples of every scale, computed by hand from the published key: lowest, highest, and special sheets."""

import copy

import pytest

from assessments.scoring import (
    AnswerError,
    DefinitionError,
    critical,
    load_documents,
    load_scales,
    parse_definition,
    score,
)

SCALES = load_scales()
#: code -> (every item lowest: total and band, every item highest: total and band); totals after reversing
ENDS = {
    "PHQ-9": (0, "minimal", 27, "severe"), "PHQ-A": (0, "minimal", 27, "severe"), "GAD-7": (0, "minimal", 21, "severe"),
    "K6": (0, "low", 24, "high"), "K10": (10, "low", 50, "high"), "CES-D": (12, "low", 48, "marked"),
    "CES-DC": (12, "below", 48, "at_cut"), "DASS-21": (None, None, None, None), "RSES": (15, "usual", 15, "usual"),
    "UCLA-3": (3, "below", 9, "at_cut"), "WHO-5": (0, "very_low", 25, "usual"), "MSSMHS": (1, "none", 5, "severe"),
    "SCL-90": (90, "below", 450, "above"), "SCARED": (0, "below", 82, "at_cut"), "PSC-17": (0, "below", 34, "at_cut"),
    "SDS": (50, "mild", 50, "mild"), "SAS": (35, "below", 65, "marked"), "PSS-10": (16, "moderate", 24, "moderate"),
    "CRIES-8": (0, "below", 40, "at_cut"), "CRIES-13": (0, "below", 65, "at_cut"), "RCADS-25": (0, None, 75, None),
    "DSRSC": (20, "at_cut", 16, "at_cut"), "MPAI": (17, "below", 85, "at_cut"), "SDQ": (10, "usual", 30, "raised"),
    "ISI": (0, "low", 28, "marked"), "MHT": (0, "low", None, None),
}  # fmt: skip


def find(code, answers, **person):
    scale = SCALES[code]
    return score(scale, answers, **({"form": scale.printed, "role": scale.roles[0]} | person))


def sheet_of(code, default=min, **items):
    """Every item lowest (or highest); `_3=2` sets item 3."""
    answers = [default(option.value for option in item.options) for item in SCALES[code].items]
    for name, value in items.items():
        answers[int(name[1:]) - 1] = value
    return answers


def test_every_shipped_scale_has_its_ends():
    assert ENDS.keys() == SCALES.keys()


@pytest.mark.parametrize("code", sorted(ENDS))
def test_all_lowest_and_all_highest(code):
    low, low_band, high, high_band = ENDS[code]
    for answers, total, band in ((sheet_of(code), low, low_band), (sheet_of(code, max), high, high_band)):
        sheet = find(code, answers)
        assert (sheet.total, sheet.band and sheet.band.code) == (total, band)
        assert sheet.valid == (code != "MHT" or total == 0)


@pytest.mark.parametrize(("code", "total"), [
    ("CES-D", 0), ("CES-DC", 0), ("RSES", 0), ("SDS", 20), ("SAS", 20), ("PSS-10", 0), ("DSRSC", 0), ("SDQ", 0),
])  # fmt: skip
def test_only_the_reversed_items_highest_is_the_lowest_total(code, total):
    scale = SCALES[code]
    answers = [
        (max if item.number in scale.reverse else min)(option.value for option in item.options) for item in scale.items
    ]
    assert find(code, answers).total == total


AT_ITS_MAXIMUM = [
    ("MHT", "study", 15, 15), ("MHT", "body", 15, 15), ("MSSMHS", "imbalance", 5, 84 / 60), ("SCL-90", "other", 5, 118),
    ("SCARED", "panic", 26, 26), ("PSC-17", "externalizing", 14, 14), ("CRIES-13", "arousal", 25, 25),
    ("RCADS-25", "anxiety", 45, 45), ("MPAI", "escape", 15, 29), ("DASS-21", "stress", 42, None),
    ("CRIES-8", "intrusion", 20, 20), ("CES-D", "somatic", 21, 33), ("SDQ", "emotional", 10, 20),
]  # fmt: skip


def test_every_scale_with_factors_has_one_at_its_maximum_and_every_reversed_one_its_lowest():
    assert {code for code, *_ in AT_ITS_MAXIMUM} == {code for code, scale in SCALES.items() if scale.factors}
    shown = {"CES-D", "CES-DC", "RSES", "SDS", "SAS", "PSS-10", "DSRSC", "SDQ"}
    assert shown == {code for code, scale in SCALES.items() if scale.reverse}


@pytest.mark.parametrize(("code", "factor", "value", "total"), AT_ITS_MAXIMUM)
def test_one_factor_at_its_maximum(code, factor, value, total):
    scale = SCALES[code]
    items = next(f.items for f in scale.factors if f.code == factor)
    sheet = find(code, sheet_of(code, **{f"_{n}": max(o.value for o in scale.items[n - 1].options) for n in items}))
    assert sheet.total == (None if total is None else pytest.approx(total))
    assert {f.code: f.value for f in sheet.factors}[factor] == value


CRITICAL = [
    ("PHQ-A", 9, 1, "same_day"), ("PHQ-A", 9, 2, "immediate"), ("PHQ-A", 12, 1, "immediate"),
    ("PHQ-A", 13, 1, "immediate"), ("DASS-21", 21, 2, "talk"), ("MHT", 85, 1, "same_day"), ("MHT", 97, 1, "same_day"),
    ("MSSMHS", 57, 2, "same_day"), ("MSSMHS", 57, 3, "immediate"), ("MSSMHS", 52, 4, "same_day"),
    ("SCL-90", 15, 2, "same_day"), ("SCL-90", 15, 4, "immediate"), ("SCL-90", 59, 3, "same_day"),
    ("SDS", 19, 2, "same_day"), ("RCADS-25", 18, 2, "same_day"), ("DSRSC", 10, 1, "same_day"), ("DSRSC", 5, 2, "talk"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "item", "value", "level"), CRITICAL)
def test_a_single_critical_answer_flags_alone_even_on_an_empty_sheet(code, item, value, level):
    lowest, empty = sheet_of(code), [None] * len(SCALES[code].items)
    lowest[item - 1] = empty[item - 1] = value
    for answers in (lowest, empty):
        assert [(f.item, f.level) for f in find(code, answers).flags if f.item == item] == [(item, level)]
    assert find(code, empty).valid is False
    assert [f.item for f in critical(SCALES[code], {item: value}, form=SCALES[code].printed)] == [item]


NOWHERE = (None, None, None)
#: every item answered with 1 (MHT: no; CES-D: each worth 1 after reversing), then 1, 2 and 3 items left out: the total
LEFT_OUT = dict.fromkeys(SCALES, NOWHERE) | {
    "PHQ-9": (9, 9, None), "PHQ-A": (9, 9, None), "CES-D": (20, 20, 20), "PSC-17": (17, 17, 17), "SDQ": (20, 20, 20),
}  # fmt: skip


def test_every_critical_item_of_every_shipped_scale_is_shown_alone():
    alone = {(code, item) for code, item, *_ in CRITICAL} | {("PHQ-9", 9)}  # PHQ-9: test_shipped_scales
    assert alone == {(code, rule.test.item) for code, scale in SCALES.items() for rule in scale.critical}


@pytest.mark.parametrize(("code", "blanks", "total"), [
    *((code, n, total) for code, totals in LEFT_OUT.items() for n, total in enumerate(totals, 1)),
    ("CES-D", 4, 20), ("CES-D", 5, None), ("PSC-17", 4, None),
])  # fmt: skip
def test_blanks_are_filled_in_only_where_a_rule_was_published(code, blanks, total):
    answers = [1] * len(SCALES[code].items)
    if code == "CES-D":
        answers = [2 if n in (4, 8, 12, 16) else 1 for n in range(1, 21)]
    if code == "MHT":
        answers = [0] * 100
    for place in range(blanks):
        answers[-1 - place if code == "PSC-17" else place] = None
    sheet = find(code, answers)
    assert sheet.total == total and not sheet.complete and len(sheet.missing) == blanks
    if code != "DASS-21":  # no total; a factor without a blank stands: test_dass_factors_stand_or_fall_alone
        assert sheet.valid == (total is not None)


def test_dass_factors_stand_or_fall_alone():
    """Item 1 is stress, item 2 anxiety: these two are gone, seven answers of 1 doubled remain."""
    sheet = find("DASS-21", [None, None, *[1] * 19])
    assert {f.code: f.value for f in sheet.factors} == {"depression": 14, "anxiety": None, "stress": None}
    assert sheet.valid and not find("DASS-21", [None] * 3 + [1] * 18).valid


def test_mht_validity_at_seven_takes_the_total_but_not_the_alarm():
    lying = {f"_{n}": 1 for n in (82, 84, 86, 88, 90, 92)}
    assert find("MHT", sheet_of("MHT", **lying)).valid
    sheet = find("MHT", sheet_of("MHT", **lying, _94=1, _85=1))
    assert (sheet.valid, sheet.total, sheet.invalid_because) == (False, None, ("validity",))
    assert [flag.item for flag in sheet.flags] == [85] and {f.value for f in sheet.factors} == {None}


def test_counts_have_bands_that_no_blank_can_change():
    # 44 positive answers: SCL-90 is raised by their number alone
    answers = [2] * 44 + [1] * 46
    assert find("SCL-90", answers).band_in("positive").code == "above"
    assert find("SCL-90", [2] * 43 + [1] * 47).band_in("positive").code == "below"
    assert find("SCL-90", [2] * 43 + [None] + [1] * 46).band_in("positive") is None
    assert find("SCL-90", [2] * 44 + [None] + [1] * 45).band_in("positive").code == "above"
    four = sheet_of("MPAI", _3=3, _4=3, _5=3, _6=3)
    assert (find("MPAI", four).band.code, find("MPAI", [*four[:7], 3, *four[8:]]).band.code) == ("below", "at_cut")


@pytest.mark.parametrize(("role", "total", "band"), [
    ("self", 15, "usual"), ("self", 16, "borderline"), ("self", 20, "raised"), ("parent", 13, "usual"),
    ("parent", 14, "borderline"), ("parent", 17, "raised"), ("teacher", 11, "usual"), ("teacher", 12, "borderline"),
    ("teacher", 16, "raised"),
])  # fmt: skip
def test_sdq_cuts_belong_to_the_informant(role, total, band):
    """Published code scores the self form by the parents' cuts; 14 points are nothing in a child's own answers."""
    answers, rest = sheet_of("SDQ", _7=2, _11=2, _14=2, _21=2, _25=2), total
    for item in (3, 8, 13, 16, 24, 2, 10, 15, 6, 19, 23, 5, 12):
        answers[item - 1], rest = min(2, rest), rest - min(2, rest)
    sheet = find("SDQ", answers, role=role)
    assert (sheet.total, sheet.band.code) == (total, band)


def test_sdq_subscale_needs_three_of_five():
    answers = [1] * 25
    answers[2] = answers[7] = None
    assert find("SDQ", answers).total == 20
    answers[12] = None
    assert find("SDQ", answers).total is None and find("SDQ", answers).factors[1].value == 5


def test_rses_in_both_orders():
    """A published package does not reverse "…a failure": the third item of the second order."""
    best = {"1": [3, 0, 3, 3, 0, 0, 3, 0, 0, 3], "2": [3, 3, 0, 3, 0, 3, 3, 0, 0, 0]}
    for form, answers in best.items():
        assert find("RSES", answers, form=form).total == 30
    third = [3, 3, 3, 3, 0, 3, 3, 0, 0, 0]
    assert find("RSES", third, form="2").total == 27


def test_psc17_in_both_orders():
    a, b = [0] * 17, [0] * 17
    for item in (2, 6, 9, 11, 15):
        a[item - 1] = 1
    b[:5] = [1] * 5
    for form, answers in (("A", a), ("B", b)):
        values = {factor.code: factor.value for factor in find("PSC-17", answers, form=form).factors}
        assert values == {"internalizing": 5, "attention": 0, "externalizing": 0}


@pytest.mark.parametrize(("sex", "total", "band"), [("M", 21, "below"), ("M", 22, "at_cut"), ("F", 23, "below"),
                                                     ("F", 24, "at_cut"), (None, 16, "at_cut")])  # fmt: skip
def test_cesd_cut_of_adolescents_depends_on_sex(sex, total, band):
    answers = [3 if n in (4, 8, 12, 16) else 0 for n in range(1, 21)]
    for place in (0, 1, 2, 4, 5, 6, 8, 9):
        answers[place] = min(3, total)
        total -= answers[place]
    assert find("CES-D", answers, sex=sex, age=14).band_in("screen").code == band


def test_published_keys_that_lose_an_item_would_be_refused_here():
    mssmhs = SCALES["MSSMHS"]
    owned = sorted(n for factor in mssmhs.factors for n in factor.items)
    assert owned == list(range(1, 61)) and {len(factor.items) for factor in mssmhs.factors} == {6}
    assert 100 not in {n for factor in SCALES["MHT"].factors for n in factor.items}
    assert SCALES["SCL-90"].counts[0].low == 2 and min(o.value for o in SCALES["SCL-90"].items[0].options) == 1


def published(code, change):
    """The shipped document with a mistake that stands in public code."""
    document = copy.deepcopy(load_documents()[code])
    change(document, {factor["code"]: factor for factor in document.get("factors", ())})
    return document


@pytest.mark.parametrize(("code", "change", "rule"), [
    # items 48 and 59 lost, 54 twice, one factor of five divided by six
    ("MSSMHS", lambda d, f: f["compulsion"].update(items=[3, 10, 12, 22, 23]), "not_a_partition"),
    ("MSSMHS", lambda d, f: f["sensitivity"].update(items=[4, 17, 18, 45, 51, 54]), "not_a_partition"),
    # the lie item 100 among the lonely ones
    ("MHT", lambda d, f: f["lonely"]["items"].append(100), "validity_item_scored"),
    # coded 0-4 with the cut-offs of 1-5
    *[(code, lambda d, f: d.update(options=[{"label_zh": str(v), "value": v} for v in range(5)]), "range_mismatch")
      for code in ("SCL-90", "MSSMHS")],
    # subscales of a blog: an item in two of them
    ("PSC-17", lambda d, f: f["attention"]["items"].__setitem__(0, 2), "not_a_partition"),
])  # fmt: skip
def test_mistakes_of_public_code_are_refused_by_name(code, change, rule):
    with pytest.raises(DefinitionError) as refused:
        parse_definition(published(code, change))
    assert refused.value.rule == rule


def test_other_mistakes_of_public_code_are_not_ours():
    assert SCALES["GAD-7"].items[0].options[0].label_zh == "一天也没有"  # printed elsewhere as "not at all sure"
    with pytest.raises(AnswerError, match="MHT 共 100 题，收到 40"):
        score(SCALES["MHT"], [0] * 40)
    assert {f.code: f.items for f in SCALES["PSC-17"].factors}["internalizing"] == (2, 6, 9, 11, 15)


def test_repeated_pattern_is_remarked_and_changes_nothing():
    turning = [1, 2, 3] * 20
    sheet = find("MSSMHS", turning)
    assert "pattern" in {remark.code for remark in sheet.quality} and sheet.total == 2
    assert "pattern" not in {remark.code for remark in find("MSSMHS", [*turning[:-1], 1]).quality}
