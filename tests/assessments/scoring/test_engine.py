"""What the engine must support, each on a small synthetic questionnaire; expected numbers worked out by hand."""

import json

import pytest

from assessments.scoring import AnswerError, compile_key, critical, score


def test_reverse_is_lowest_plus_highest_minus_the_answer(scale):
    one_to_five = [{"label_zh": str(v), "value": v} for v in (1, 2, 3, 4, 5)]
    assert score(scale(3, reverse=[2]), [3, 0, 1]).total == 3 + 3 + 1
    assert score(scale(3, options=one_to_five, reverse=[1, 3]), [5, 5, 2]).total == 1 + 5 + 4


def test_items_with_their_own_options_reverse_within_them(scale):
    yes_no = [{"label_zh": "是", "value": 1}, {"label_zh": "否", "value": 0}]
    definition = scale(2, items=[{"number": 1, "options": yes_no}, {"number": 2}], reverse=[1])
    assert score(definition, [0, 2]).total == 3
    with pytest.raises(AnswerError, match="第 1 题"):
        score(definition, [2, 2])


def test_factors_sum_mean_and_bands_on_both(scale, rows):
    definition = scale(
        6,
        factors=[
            {"code": "a", "title_zh": "甲", "items": [1, 3, 5], "bands": [{"source": "s", "rows": rows(0, 5)}]},
            {"code": "b", "title_zh": "乙", "items": [2, 4, 6], "aggregate": "mean",
             "bands": [{"source": "s", "rows": rows(0, 1.5)}]},
        ],
        partition=True,
        bands=[{"source": "s", "rows": rows(0, 9)}],
    )  # fmt: skip
    sheet = score(definition, [1, 2, 1, 2, 3, 0])
    a, b = sheet.factors
    assert (a.value, a.bands[0].code, b.value, b.bands[0].code) == (5, "b1", pytest.approx(4 / 3), "b0")
    assert (sheet.total, sheet.band.code) == (9, "b1")


def test_band_edges_of_a_mean_have_no_gap(scale, rows):
    definition = scale(10, total={"aggregate": "mean"}, bands=[{"source": "s", "rows": rows(0, 1.2, 2)}])
    codes = {n: score(definition, [2] * n + [0] * (10 - n)).band.code for n in (5, 6, 9, 10)}
    assert codes == {5: "b0", 6: "b1", 9: "b1", 10: "b2"}


def test_a_band_may_start_just_above_a_number(scale):
    bands = [{"min": 0, "code": "low", "concern": 0, "label_zh": "低"},
             {"above": 2, "code": "high", "concern": 1, "label_zh": "高"}]  # fmt: skip
    definition = scale(2, total={"aggregate": "mean"}, bands=[{"source": "s", "rows": bands}])
    assert [score(definition, a).band.code for a in ([2, 2], [2, 3])] == ["low", "high"]


def test_factor_prorating_is_its_own_and_rounds_half_up(scale):
    definition = scale(
        5,
        total={"aggregate": "none"},
        missing={"rule": "prorate", "up_to": 4},
        factors=[{"code": "a", "title_zh": "甲", "items": [1, 2, 3, 4, 5], "missing": {"rule": "prorate", "up_to": 2}}],
    )
    assert score(definition, [1, 1, 2, None, None]).factors[0].value == 7  # 4 / 3 × 5 = 6.67
    assert score(definition, [0, 0, 1, 1, None]).factors[0].value == 3  # 2 / 4 × 5 = 2.5
    assert score(definition, [1, 1, None, None, None]).factors[0].value is None
    assert score(definition, [1, 1, 2, None, None]).total is None


def test_total_of_factors_leaves_the_others_out(scale):
    factors = [{"code": c, "title_zh": c, "items": i} for c, i in (("emo", [1, 2]), ("peer", [3, 4]), ("kind", [5, 6]))]
    factors.append({"code": "inner", "title_zh": "内化", "of": ["emo", "peer"]})
    definition = scale(6, factors=factors, total={"of": ["emo", "peer"]})
    sheet = score(definition, [1, 1, 2, 2, 3, 3])
    assert sheet.total == 6 and {f.code: f.value for f in sheet.factors} == {"emo": 2, "peer": 4, "kind": 6, "inner": 6}
    blank_elsewhere = score(definition, [1, 1, 2, 2, 3, None])
    assert blank_elsewhere.total == 6 and blank_elsewhere.valid and not blank_elsewhere.complete
    assert not blank_elsewhere.prorated
    assert score(definition, [1, None, 2, 2, 3, 3]).invalid_because == ("missing",)


@pytest.mark.parametrize(("answers", "display"), [([3, 2, 2], 8), ([3, 3, 3], 11), ([0, 0, 1], 1)])
def test_standard_score_is_cut_not_rounded(scale, answers, display):
    sheet = score(scale(3, total={"multiply": 1.25, "floor": True}), answers)
    assert (sheet.total, sheet.display_total) == (sum(answers), display)


def test_factor_multiplier(scale):
    factor = {"code": "d", "title_zh": "丁", "items": [1, 2], "multiply": 2}
    assert score(scale(3, factors=[factor]), [3, 2, 0]).factors[0].value == 10


def test_count_of_items_at_or_above(scale):
    definition = scale(5, reverse=[5], counts=[{"code": "positive", "title_zh": "阳性项目数", "min": 2}])
    assert dict(score(definition, [2, 3, 1, None, 0]).counts) == {"positive": 3}


def test_validity_scale_takes_the_total_but_never_the_alarm(scale, rows):
    definition = scale(
        6,
        validity={"title_zh": "效度", "items": [5, 6], "cut": 4},
        factors=[{"code": "a", "title_zh": "甲", "items": [1, 2, 3, 4]}],
        partition=True,
        bands=[{"source": "s", "rows": rows(0, 6)}],
        critical=[{"item": 4, "min": 1, "level": "immediate"}],
    )
    honest, doubtful = score(definition, [1, 1, 1, 1, 1, 2]), score(definition, [1, 1, 1, 1, 2, 2])
    assert honest.valid and honest.total == 4
    assert (doubtful.valid, doubtful.total, doubtful.bands) == (False, None, ())
    assert doubtful.invalid_because == ("validity",) and doubtful.factors[0].value is None
    assert doubtful.flags == honest.flags and doubtful.flags[0].level == "immediate"
    # A blank validity item matters only while it could still reach the cut.
    assert score(definition, [1, 1, 1, 1, 0, None]).valid
    assert score(definition, [1, 1, 1, 1, 1, None]).invalid_because == ("missing",)


def test_conditional_item_not_asked_is_not_missing(scale):
    items = [{"number": 1}, {"number": 2, "ask_if": {"item": 1, "min": 2}, "otherwise": 0}, {"number": 3}]
    definition = scale(3, items=items, critical=[{"item": 2, "min": 1, "level": "talk"}])
    unasked = score(definition, [1, None, 3])
    assert (unasked.complete, unasked.total, unasked.missing) == (True, 4, ())
    asked = score(definition, [2, None, 3])
    assert (asked.complete, asked.total, asked.missing) == (False, None, (2,))
    assert score(definition, [None, None, 3]).missing == (1, 2)
    given_anyway = score(definition, [0, 3, 0])
    assert given_anyway.total == 3 and [f.item for f in given_anyway.flags] == [2]


def test_unscored_items_count_nowhere_but_may_alert(scale):
    yes_no = [{"label_zh": "否", "value": 0}, {"label_zh": "是", "value": 1}]
    items = [{"number": 1}, {"number": 2}, {"number": 3, "options": yes_no, "unscored": True}]
    definition = scale(3, items=items, critical=[{"item": 3, "min": 1, "level": "immediate"}])
    sheet = score(definition, [1, 1, 1])
    assert (sheet.total, sheet.answered, sheet.flags[0].level) == (2, 2, "immediate")
    assert score(definition, [1, 1, None]).complete


def test_two_orders_have_two_keys(scale):
    definition = scale(
        4,
        reverse=[1],
        factors=[{"code": "a", "title_zh": "甲", "items": [1, 2]}],
        forms=[{"code": "A", "order": [1, 2, 3, 4]}, {"code": "B", "order": [4, 3, 2, 1]}],
        critical=[{"item": 4, "min": 1, "level": "same_day"}],
    )
    a, b = score(definition, [0, 1, 2, 3], form="A"), score(definition, [3, 2, 1, 0], form="B")
    assert a.total == b.total == 3 + 1 + 2 + 3 and a.factors == b.factors and (a.form, b.form) == ("A", "B")
    assert [(f.item, f.position) for f in a.flags + b.flags] == [(4, 4), (4, 1)]
    assert score(definition, [None, 2, 1, 0], form="B").missing == (4,)
    assert critical(definition, [2], form="B")[0].item == 4 and critical(definition, [2], form="A") == ()


def test_the_order_is_never_guessed(scale):
    orders = [{"code": "A", "order": [1, 2]}, {"code": "B", "order": [2, 1]}]
    definition = scale(2, forms=orders)
    with pytest.raises(AnswerError) as error:
        score(definition, [0, 0])
    assert error.value.rule == "form_needed"
    with pytest.raises(AnswerError, match="没有题序“C”"):
        score(definition, [0, 0], form="C")
    assert score(scale(2), [0, 0], form="A").form == "A"


def test_bands_by_role_sex_and_grade(scale, rows):
    source = {"name": "cut", "rows": rows(0, 5)}
    definition = scale(
        4,
        roles=["self", "parent"],
        bands=[
            {"name": "cut", "source": "parent", "when": {"role": "parent"}, "rows": rows(0, 3)},
            {"name": "cut", "source": "girls", "when": {"sex": "F", "grade": [7, 9]}, "rows": rows(0, 4)},
            {**source, "source": "everybody"},
        ],
    )

    def found(**person):
        return score(definition, [1] * 4, **person).band

    assert (found(role="parent").source, found(role="parent").code) == ("parent", "b1")
    assert (found(sex="F", grade=8).source, found(sex="F", grade=8).code) == ("girls", "b1")
    assert [found(**p).source for p in ({"sex": "F"}, {"sex": "M", "grade": 8}, {"sex": "F", "grade": 10})] == [
        "everybody"
    ] * 3
    with pytest.raises(AnswerError) as error:
        found(role="teacher")
    assert error.value.rule == "unknown_role"


def test_norm_tables_and_bands_on_them(scale, rows):
    definition = scale(
        4,
        norms=[
            {"kind": "T", "source": "girls", "when": {"sex": "F", "grade": [7, 7]},
             "points": [[2, 45], [6, 60], [9, 70]]},
            {"kind": "T", "source": "all", "mean": 5, "sd": 2},
        ],
        bands=[{"name": "T", "on": "norm:total", "source": "s", "rows": rows(0, 60, 70)}],
    )  # fmt: skip
    girl = score(definition, [2, 2, 2, 1], sex="F", grade=7)
    other = score(definition, [3, 2, 2, 1], sex="M", grade=7)
    assert (girl.norms[0].value, girl.band.code) == (60, "b1")
    assert (other.norms[0].value, other.norms[0].source, other.band.code) == (65.0, "all", "b1")
    below = score(definition, [0, 0, 0, 1], sex="F", grade=7)
    assert below.norms == () and below.band is None and below.total == 1


def test_most_urgent_rule_wins_on_one_answer(scale):
    rules = [{"item": 1, "min": 3, "level": "immediate"}, {"item": 1, "min": 1, "level": "talk"}]
    definition = scale(1 + 1, critical=rules)
    assert [score(definition, [v, 0]).flags[0].level for v in (1, 2, 3)] == ["talk", "talk", "immediate"]


def test_critical_reads_the_raw_answer_of_a_reversed_item(scale):
    definition = scale(2, reverse=[1], critical=[{"item": 1, "max": 0, "level": "talk"}])
    assert score(definition, [0, 0]).flags[0].value == 0 and score(definition, [3, 0]).flags == ()


def test_quality_remarks_change_nothing_else(scale):
    definition = scale(
        6,
        quality={
            "min_seconds_per_item": 2,
            "straight_line": {"items": 5, "except": [0]},
            "contradictions": [{"when": [{"item": 1, "min": 3}, {"item": 2, "min": 3}], "text_zh": "第1、2题意思相反"}],
        },
        critical=[{"item": 6, "min": 3, "level": "immediate"}],
    )

    def codes(answers, **how):
        return [remark.code for remark in score(definition, answers, **how).quality]

    assert codes([3] * 6, seconds=11) == ["too_fast", "straight_line", "contradiction"]
    assert codes([0] * 6, seconds=12) == [] and codes([1] * 4 + [None] * 2) == []
    assert codes([3, 2, 1, 0, 1, 2], age=7) == ["outside_ages"]
    hurried = score(definition, [3] * 6, seconds=1)
    assert hurried.valid and hurried.total == 18 and hurried.flags[0].level == "immediate"


@pytest.mark.parametrize(
    ("answers", "rule", "position"),
    [([0] * 5, "wrong_count", None), ([0] * 7, "wrong_count", None), ([0, 0, 4, 0, 0, 0], "not_an_option", 3),
     ([0, 0, 0, 0, 0, "1"], "not_an_option", 6), ([0, [], 0, 0, 0, 0], "not_an_option", 2)],
)  # fmt: skip
def test_answers_that_do_not_belong_are_refused_by_place(scale, answers, rule, position):
    with pytest.raises(AnswerError) as error:
        score(scale(6), answers)
    assert (error.value.rule, error.value.position) == (rule, position)


def test_critical_refuses_items_and_values_the_scale_does_not_have(scale):
    for wrong, rule in (({7: 1}, "unknown_item"), ({1: 9}, "not_an_option"), ([0] * 7, "wrong_count")):
        with pytest.raises(AnswerError) as error:
            critical(scale(6), wrong)
        assert error.value.rule == rule


def test_key_is_compiled_once_and_holds_the_matrix_facts(scale):
    definition = scale(3, reverse=[2])
    key = compile_key(definition)
    assert compile_key(definition) is key
    answers = [1, 2, 3]
    by_matrix = sum(o + s * a for o, s, a in zip(key.offsets, key.signs, answers, strict=True))
    assert by_matrix == score(definition, answers).total == 1 + 1 + 3


def test_sheet_as_json(scale, rows):
    definition = scale(
        2, bands=[{"source": "出处", "rows": rows(0, 3)}], critical=[{"item": 2, "min": 1, "level": "talk"}]
    )
    plain = json.loads(json.dumps(score(definition, [2, 1]).as_dict(), ensure_ascii=False))
    assert plain["band"] == {"code": "b1", "label": "第1级", "concern": 1, "from": 3, "on": "total", "source": "出处"}
    assert plain["flags"] == [{"item": 2, "position": 2, "value": 1, "level": "talk"}]
    assert (plain["scale"], plain["version"], plain["total"], plain["factors"]) == ("SYN", "1", 3, {})
