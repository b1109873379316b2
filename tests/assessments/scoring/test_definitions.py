"""Bad definitions are refused by name. Several are mistakes that stand in published scale code."""

import pytest

from assessments.scoring import DefinitionError, definition_hash, parse_definition

FACTOR = {"code": "a", "title_zh": "甲", "items": [1, 2, 3]}
ROWS = [
    {"min": 0, "code": "low", "concern": 0, "label_zh": "低"},
    {"min": 9, "code": "high", "concern": 1, "label_zh": "高"},
]
TABLE = {"source": "s", "rows": ROWS}
NORM = {"kind": "T", "source": "s"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        # one factor has an item twice and misses another, so that its sum is divided by the wrong count
        ({"factors": [{**FACTOR, "items": [1, 2, 2]}]}, "item_twice"),
        ({"factors": [FACTOR, {"code": "b", "title_zh": "乙", "items": [4, 5]}], "partition": True}, "not_a_partition"),
        ({"factors": [FACTOR, {**FACTOR, "code": "b"}], "partition": True}, "not_a_partition"),
        # a lie-scale item counted into a content factor
        ({"factors": [FACTOR], "validity": {"title_zh": "效度", "items": [3, 6], "cut": 2}}, "validity_item_scored"),
        # cut-offs of another coding or another form
        ({"bands": [{"source": "s", "rows": [ROWS[0], {**ROWS[1], "min": 19}]}]}, "band_out_of_reach"),
        ({"bands": [{"source": "s", "rows": [{**ROWS[0], "min": 1}, ROWS[1]]}]}, "band_gap"),
        ({"total": {"range": [6, 24]}}, "range_mismatch"),
        ({"critical": [{"item": 2, "min": 4, "level": "talk"}]}, "test_never_holds"),
        ({"critical": [{"item": 7, "min": 1, "level": "talk"}]}, "unknown_item"),
        ({"critical": [{"item": 2, "level": "talk"}]}, "open_test"),
        ({"critical": [{"item": 2, "min": 1, "level": "red"}]}, "not_a_choice"),
        # a misspelt field would be a rule silently dropped
        ({"critcal": [{"item": 2, "min": 1, "level": "talk"}]}, "unknown_field"),
        ({"missing": {"rule": "prorate", "up_to": 6}}, "bad_missing_rule"),
        ({"missing": {"rule": "prorate", "up_to": 0}}, "bad_missing_rule"),
        ({"missing": {"rule": "as_zero"}}, "not_a_choice"),
        ({"missing": None}, "missing_field"),
        ({"reverse": [7]}, "unknown_item"),
        ({"reverse": [2, 2, 9]}, "unknown_item"),
        ({"items": [{"number": 1}, {"number": 3}]}, "item_numbers"),
        ({"items": []}, "item_numbers"),
        ({"items": [{"number": 1, "text_zh": "你好"}, {"number": 2}]}, "unlicensed_text"),
        ({"text_status": "official"}, "missing_text"),
        ({"text_status": "approved"}, "not_a_choice"),
        ({"options": [{"label_zh": "是", "value": 1}, {"label_zh": "否", "value": 1}]}, "item_options"),
        ({"options": [{"label_zh": "是", "value": "1"}]}, "not_a_whole_number"),
        ({"options": [{"label_zh": "是", "value": True}]}, "not_a_whole_number"),
        ({"forms": [{"code": "A", "order": [1, 2, 3, 4, 5, 5]}]}, "form_order"),
        ({"forms": [{"code": "A", "order": [1, 2, 3, 4, 5, 6]}] * 2}, "form_twice"),
        ({"factors": [FACTOR, FACTOR]}, "factor_twice"),
        ({"factors": [{**FACTOR, "code": "total"}]}, "factor_twice"),
        ({"factors": [{"code": "a", "title_zh": "甲"}]}, "empty_measure"),
        ({"factors": [{"code": "a", "title_zh": "甲", "of": ["b"]}]}, "unknown_factor"),
        ({"total": {"of": ["b"]}}, "unknown_factor"),
        ({"total": {"of": 3}}, "not_text"),
        ({"total": {"multiply": 0}}, "bad_multiply"),
        ({"bands": [{**TABLE, "on": "b"}]}, "unknown_factor"),
        ({"bands": [{**TABLE, "on": "norm:total"}]}, "unknown_factor"),
        ({"bands": [{"source": "s", "rows": ROWS[::-1]}]}, "band_order"),
        ({"bands": [{"source": "s", "rows": [ROWS[0], {**ROWS[1], "code": "low"}]}]}, "band_twice"),
        ({"bands": [{"source": "s", "rows": []}]}, "empty_band_table"),
        ({"bands": [{"rows": ROWS}]}, "missing_field"),
        ({"bands": [TABLE, {**TABLE, "when": {"sex": "F"}}]}, "unreachable_table"),
        ({"bands": [TABLE], "higher_is_better": True}, "band_direction"),
        ({"bands": [{**TABLE, "when": {"age": [17, 13]}}]}, "bad_range"),
        ({"factors": [{**FACTOR, "bands": 3}]}, "not_a_list"),
        ({"norms": [NORM]}, "bad_norm"),
        ({"norms": [{**NORM, "points": [[3, 50], [1, 40]]}]}, "bad_norm"),
        ({"norms": [{**NORM, "points": [[3, "50"]]}]}, "not_pairs"),
        ({"norms": [{**NORM, "kind": "percentile", "mean": 1, "sd": 1}]}, "bad_norm"),
        ({"items": [{"number": 1, "ask_if": {"item": 2, "min": 1}, "otherwise": 0}, {"number": 2}]}, "condition_order"),
        ({"items": [{"number": 1}, {"number": 2, "ask_if": {"item": 1, "min": 1}}]}, "condition_value"),
        ({"quality": {"contradictions": [{"when": [{"item": 1, "min": 1}], "text_zh": "x"}]}}, "lonely_contradiction"),
        ({"ages": {"min": 12, "max": 9}}, "bad_range"),
        ({"stages": ["kindergarten"]}, "not_a_choice"),
        ({"licence": {"owner": "o"}}, "missing_field"),
        ({"code": " "}, "not_text"),
    ],
)
def test_bad_definition_is_refused_by_name(document, changes, rule):
    with pytest.raises(DefinitionError) as error:
        parse_definition(document(6, **changes))
    assert error.value.rule == rule and "量表定义有误" in str(error.value)


def test_the_complaint_names_the_place(document):
    with pytest.raises(DefinitionError) as error:
        parse_definition(document(6, factors=[FACTOR, {"code": "b", "title_zh": "乙", "items": [4, 9]}]))
    assert error.value.where == "factors[1].items" and "第 9 题" in str(error.value)


def test_only_an_object_of_plain_json_is_a_definition(document):
    for wrong, rule in (([], "not_an_object"), (document(2, note={1, 2}), "not_json"), ({}, "missing_field")):
        with pytest.raises(DefinitionError) as error:
            parse_definition(wrong)
        assert error.value.rule == rule


def test_equal_documents_share_a_digest_and_any_change_breaks_it(document):
    first, again = parse_definition(document(6)), parse_definition(document(6))
    assert first.digest == again.digest == definition_hash(document(6)) and len(first.digest) == 64
    assert parse_definition(document(6, reverse=[1])).digest != first.digest
