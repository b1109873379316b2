import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling_rooms.standard import (
    ABOVE,
    BELOW,
    MET,
    MISSING,
    MODEL,
    SCHOOL_TYPES,
    SIMPLE,
    STANDARD,
    RuleSettings,
    SchoolFacts,
    check_items,
    compliance,
    load_standard,
    required_type,
)

WORKED = [
    (SchoolFacts("primary", "rural", 600), SIMPLE),
    (SchoolFacts("primary", "rural", 601), STANDARD),
    (SchoolFacts("junior", "rural", 0), SIMPLE),
    (SchoolFacts("senior", "urban", 999, is_demonstration=True), STANDARD),
    (SchoolFacts("senior", "urban", 1000, is_demonstration=True), MODEL),
    (SchoolFacts("senior", "urban", 900, is_demonstration=True), STANDARD),
    (SchoolFacts("senior", "urban", 1000), STANDARD),
    (SchoolFacts("vocational", "urban", 1000, is_demonstration=True), MODEL),
    (SchoolFacts("vocational", "rural", 300), STANDARD),
    (SchoolFacts("vocational", "rural", 300, is_demonstration=True), STANDARD),
    (SchoolFacts("special", "rural", 120), STANDARD),
    (SchoolFacts("primary", "urban", 1200), STANDARD),
    (SchoolFacts("primary", "urban", 1200, is_demonstration=True), STANDARD),
    (SchoolFacts("nine_year", "rural", 600), SIMPLE),
    (SchoolFacts("twelve_year", "rural", 599), SIMPLE),
    (SchoolFacts("complete", "rural", 600), SIMPLE),
    (SchoolFacts("primary", "town", 300), STANDARD),
    (SchoolFacts("primary", "urban", 300), STANDARD),
    (SchoolFacts("complete", "urban", 1100, is_demonstration=True, senior_enrolment=500), MODEL),
    (SchoolFacts("senior", "rural", 600, is_demonstration=True), SIMPLE),
]


@pytest.mark.parametrize(("school", "expected"), WORKED)
def test_required_type_of_worked_schools(school, expected):
    answer = required_type(school)
    assert answer.minimum is expected
    assert str(school.enrolment) in answer.text
    assert "株教提字〔2023〕26号" in answer.source
    assert answer.is_permission == (expected is SIMPLE)


def test_settings_decide_where_the_document_is_silent():
    town = SchoolFacts("primary", "town", 300)
    assert required_type(town, RuleSettings(town_counts_as_rural=True)).minimum is SIMPLE
    complete = SchoolFacts("complete", "urban", 1100, is_demonstration=True, senior_enrolment=500)
    assert required_type(complete, RuleSettings(whole_school_enrolment=False)).minimum is STANDARD
    unknown = SchoolFacts("complete", "urban", 1100, is_demonstration=True)
    assert required_type(unknown, RuleSettings(whole_school_enrolment=False)).minimum is MODEL


def test_negative_enrolment_is_refused():
    with pytest.raises(ValueError, match="负数"):
        required_type(SchoolFacts("primary", "rural", -1))


@given(
    st.builds(
        SchoolFacts,
        st.sampled_from(SCHOOL_TYPES),
        st.sampled_from(["rural", "town", "urban"]),
        st.integers(0, 5000),
        st.booleans(),
    ),
    st.builds(RuleSettings, st.booleans(), st.booleans()),
)
def test_vocational_is_never_simple_and_rules_do_not_contradict(school, settings):
    answer = required_type(school, settings)
    assert not (school.stage == "vocational" and answer.minimum is SIMPLE)
    assert not (school.enrolment < 1000 and answer.minimum is MODEL)
    assert not (school.enrolment > 600 and answer.minimum is SIMPLE)
    assert compliance(answer, answer.minimum) is MET
    assert compliance(answer, MODEL).is_met


def test_compliance_accepts_what_is_higher_than_required():
    assert compliance(SIMPLE, STANDARD) is ABOVE
    assert compliance(STANDARD, SIMPLE) is BELOW
    assert compliance(SIMPLE, None) is MISSING


def test_contents_are_marked_as_a_trial_default():
    standard = load_standard()
    assert "试用默认，非文件规定" in standard.source
    assert set(standard.items) == {"simple", "standard", "model"}
    for items in standard.items.values():
        assert len({item.code for item in items}) == len(items)


def test_each_unmet_line_says_what_is_there_and_what_is_wanted():
    facts = {
        "individual_room_count": 1,
        "smallest_individual_m2": 9.5,
        "group_room_m2": 20,
        "has_phone": False,
        "staff_count": 1,
    }
    checked = {line.item.code: line for line in check_items(STANDARD, facts)}
    assert checked["individual_rooms"].is_met and checked["group_area"].is_met
    assert checked["individual_area"].reason == "现为 9.5 平方米，要求不少于 10 平方米"
    assert (checked["phone"].is_met, checked["phone"].reason) == (False, "没有")
    assert checked["office_area"].reason == "未填报"


def test_the_staff_ratio_has_an_upper_bound():
    ratio = {line.item.code: line for line in check_items(MODEL, {"students_per_full_time": 1200})}["staff_ratio"]
    assert not ratio.is_met and "不多于 1000" in ratio.reason
    assert {x.item.code: x for x in check_items(MODEL, {"students_per_full_time": 1000})}["staff_ratio"].is_met
