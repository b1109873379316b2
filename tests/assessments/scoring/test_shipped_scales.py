"""PHQ-9, GAD-7 and WHO-5 as shipped: worked examples, read off the published tables by hand."""

import pytest

from assessments.scoring import critical, definition_hash, load_documents, load_scales, parse_definition, score

SCALES = load_scales()
PHQ, GAD, WHO = SCALES["PHQ-9"], SCALES["GAD-7"], SCALES["WHO-5"]


def flags(sheet):
    return [(flag.item, flag.value, flag.level) for flag in sheet.flags]


@pytest.mark.parametrize(
    ("code", "answers", "total", "band", "concern"),
    [
        ("PHQ-9", [0] * 9, 0, "minimal", 0),
        ("PHQ-9", [3] * 9, 27, "severe", 4),
        ("PHQ-9", [1, 1, 1, 1, 0, 0, 0, 0, 0], 4, "minimal", 0),
        ("PHQ-9", [1, 1, 1, 1, 1, 0, 0, 0, 0], 5, "mild", 1),
        ("PHQ-9", [3, 3, 3, 0, 0, 0, 0, 0, 0], 9, "mild", 1),
        ("PHQ-9", [3, 3, 3, 1, 0, 0, 0, 0, 0], 10, "moderate", 2),
        ("PHQ-9", [3, 3, 3, 3, 2, 0, 0, 0, 0], 14, "moderate", 2),
        ("PHQ-9", [3, 3, 3, 3, 3, 0, 0, 0, 0], 15, "moderately_severe", 3),
        ("PHQ-9", [3, 3, 3, 3, 3, 3, 1, 0, 0], 19, "moderately_severe", 3),
        ("PHQ-9", [3, 3, 3, 3, 3, 3, 2, 0, 0], 20, "severe", 4),
        ("GAD-7", [0] * 7, 0, "minimal", 0),
        ("GAD-7", [3] * 7, 21, "severe", 3),
        ("GAD-7", [3, 1, 0, 0, 0, 0, 0], 4, "minimal", 0),
        ("GAD-7", [3, 2, 0, 0, 0, 0, 0], 5, "mild", 1),
        ("GAD-7", [3, 3, 3, 1, 0, 0, 0], 10, "moderate", 2),
        ("GAD-7", [3, 3, 3, 3, 3, 0, 0], 15, "severe", 3),
        ("WHO-5", [0] * 5, 0, "very_low", 2),
        ("WHO-5", [5] * 5, 25, "usual", 0),
        ("WHO-5", [2, 2, 2, 1, 0], 7, "very_low", 2),
        ("WHO-5", [2, 2, 2, 2, 0], 8, "low", 1),
    ],
)
def test_score_worked_examples(code, answers, total, band, concern):
    sheet = score(SCALES[code], answers)
    assert (sheet.total, sheet.band.code, sheet.band.concern) == (total, band, concern)
    assert sheet.complete and sheet.valid and sheet.answered == len(answers) and not sheet.missing


@pytest.mark.parametrize(
    ("age", "total", "screen"),
    [(14, 10, "below"), (14, 11, "at_cut"), (13, 11, "at_cut"), (17, 10, "below"), (12, 10, "at_cut"),
     (18, 10, "at_cut"), (None, 10, "at_cut"), (None, 9, "below")],
)  # fmt: skip
def test_phq9_screen_cut_is_eleven_from_13_to_17_and_ten_otherwise(age, total, screen):
    answers = [3, 3, 3, total - 9, 0, 0, 0, 0, 0]
    sheet = score(PHQ, answers, age=age)
    assert sheet.total == total and sheet.band_in("screen").code == screen
    assert ("Richardson" in sheet.band_in("screen").source) == (age is not None and 13 <= age <= 17)
    assert sheet.band_source == "Kroenke, Spitzer, Williams 2001"


@pytest.mark.parametrize("value, level", [(1, "same_day"), (2, "immediate"), (3, "immediate")])
def test_phq9_item_9_alone_flags_by_its_value(value, level):
    sheet = score(PHQ, [0] * 8 + [value])
    assert flags(sheet) == [(9, value, level)] and sheet.band.code == "minimal"


def test_phq9_item_9_zero_or_blank_does_not_flag():
    assert score(PHQ, [3] * 8 + [0]).flags == () and score(PHQ, [3] * 8 + [None]).flags == ()


def test_phq9_item_9_flags_on_an_invalid_nearly_empty_sheet():
    sheet = score(PHQ, [None] * 8 + [2])
    assert not sheet.valid and sheet.total is None and sheet.band is None
    assert flags(sheet) == [(9, 2, "immediate")] and sheet.missing == (1, 2, 3, 4, 5, 6, 7, 8)


def test_critical_answers_before_submission():
    assert critical(PHQ, [0, 1, 2]) == ()
    assert [f.level for f in critical(PHQ, {9: 1})] == ["same_day"]
    assert [f.level for f in critical(PHQ, {9: 3, 1: None})] == ["immediate"]
    assert critical(GAD, [3] * 7) == () and critical(WHO, [0] * 5) == ()


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ([None, 2, 2, 2, 2, 2, 2, 2, 0], 16, "moderately_severe"),  # 14 / 8 × 9 = 15.75
        ([None, None, 1, 1, 1, 1, 1, 1, 0], 8, "mild"),  # 6 / 7 × 9 = 7.71
        ([None, 1, 1, 1, 1, 0, 0, 0, 0], 5, "mild"),  # 4 / 8 × 9 = 4.5: half goes up
        ([None, None, 0, 0, 0, 0, 0, 0, 0], 0, "minimal"),
    ],
)
def test_phq9_one_or_two_blanks_are_prorated(answers, total, band):
    sheet = score(PHQ, answers)
    assert (sheet.total, sheet.band.code, sheet.valid, sheet.complete) == (total, band, True, False)
    assert sheet.prorated


def test_phq9_blank_is_not_a_zero():
    blank, zero = score(PHQ, [None, *[2] * 7, 0]), score(PHQ, [0, *[2] * 7, 0])
    assert (blank.total, zero.total) == (16, 14) and blank.band.code != zero.band.code


def test_phq9_three_blanks_have_no_total():
    sheet = score(PHQ, [None] * 3 + [3] * 6)
    assert (sheet.valid, sheet.total, sheet.display_total, sheet.bands) == (False, None, None, ())
    assert sheet.invalid_because == ("missing",) and sheet.answered == 6


@pytest.mark.parametrize("definition", [GAD, WHO], ids=["GAD-7", "WHO-5"])
@pytest.mark.parametrize("blanks", [1, 2, 3])
def test_gad7_and_who5_have_no_published_prorating(definition, blanks):
    size = len(definition.items)
    sheet = score(definition, [None] * blanks + [1] * (size - blanks))
    assert not sheet.valid and sheet.total is None and len(sheet.missing) == blanks


@pytest.mark.parametrize(
    ("age", "raw", "band"),
    [(10, 10, "low"), (10, 11, "usual"), (14, 9, "low"), (14, 10, "usual"), (18, 12, "low"), (20, 13, "usual"),
     (None, 12, "low"), (14, 7, "very_low")],
)  # fmt: skip
def test_who5_low_is_worse_and_the_cut_depends_on_age(age, raw, band):
    answers = [min(5, max(0, raw - 5 * place)) for place in range(5)]
    sheet = score(WHO, answers, age=age)
    assert (sheet.total, sheet.display_total, sheet.band.code) == (raw, raw * 4, band)
    assert WHO.higher_is_better


def test_concern_never_falls_as_wellbeing_falls():
    concerns = [score(WHO, [value] * 5, age=14).band.concern for value in (5, 4, 3, 2, 1, 0)]
    assert concerns == sorted(concerns) and concerns[0] == 0 and concerns[-1] == 2


def test_shipped_words_are_marked_as_our_own_and_never_diagnose():
    for definition in SCALES.values():
        assert definition.text_status in ("project_wording", "none") and definition.licence.notice_zh
        words = " ".join(band.label_zh for table in definition.band_tables for band in table.bands)
        for diagnosis in ("患", "抑郁症", "焦虑症", "抑郁", "障碍", "异常", "确诊", "病"):
            assert diagnosis not in words, (definition.code, diagnosis)


def test_words_ship_only_where_they_may():
    own = {code for code, scale in SCALES.items() if scale.text_status == "project_wording"}
    assert own == {"PHQ-9", "PHQ-A", "GAD-7", "K6", "K10", "CES-D", "CES-DC", "DASS-21", "RSES", "UCLA-3", "WHO-5"}
    assert all("translate" in SCALES[code].licence.allowed for code in own)
    assert {code for code, scale in SCALES.items() if scale.needs_licence} == {"SDQ", "ISI"}


def test_who5_names_its_licence_and_its_owner():
    assert "CC BY-NC-SA" in WHO.licence.licence and "charge" not in WHO.licence.allowed
    assert "世界卫生组织" in WHO.licence.notice_zh


def test_scales_with_a_suicide_item_are_not_for_primary_schools():
    assert PHQ.critical and not PHQ.suits(stage="primary") and PHQ.suits(stage="junior", age=13)
    assert WHO.suits(stage="primary", age=9) and not WHO.suits(stage="primary", age=8)


def test_documents_hash_to_the_digest_a_result_keeps():
    for code, document in load_documents().items():
        scale = SCALES[code]
        assert definition_hash(document) == scale.digest == parse_definition(document).digest
        assert score(scale, [None] * len(scale.items), form=scale.printed, role=scale.roles[0]).digest == scale.digest
    changed = load_documents()["PHQ-9"]
    changed["critical"][0]["min"] = 2
    assert definition_hash(changed) != PHQ.digest


def test_hash_ignores_the_order_of_fields():
    document = load_documents()["WHO-5"]
    assert definition_hash(dict(reversed(document.items()))) == definition_hash(document)
