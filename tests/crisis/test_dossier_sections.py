"""Which sections a depth has, what it owes, how two texts become one. No database."""

from crisis.dossier import BY_CODE, FULL, PAGE, SECTIONS, checked, merged, missing, shown


def test_seventeen_sections_in_the_order_of_the_form():
    assert [section.number for section in SECTIONS] == list(range(1, 18)) and len(BY_CODE) == 17
    assert all(section.fields or section.sources for section in SECTIONS)


def test_one_page_is_short_and_owes_nothing_typed():
    assert [one.code for one in shown(PAGE, ())] == [
        "cover", "student", "discovery", "plan", "pairing", "follow_up", "levels"
    ]  # fmt: skip
    assert missing(PAGE, ()) == []


def test_the_whole_form_owes_risk_and_assessment_until_they_are_written():
    assert [one.code for one in missing(FULL, ())] == ["discovery", "risk", "assessment"]
    assert [one.code for one in missing(FULL, {"discovery", "risk"})] == ["assessment"]
    assert shown(FULL, ()) == list(SECTIONS)


def test_what_was_written_stays_when_the_level_comes_down():
    assert "risk" in [one.code for one in shown(PAGE, {"risk"})]


def test_only_the_fields_of_the_section_are_kept():
    assert checked(BY_CODE["risk"], {"ideation": " 有 ", "plan": "", "level": "red"}) == {"ideation": "有"}


def test_two_texts_become_one_and_nothing_is_said_twice():
    risk, medical = BY_CODE["risk"], BY_CODE["medical"]
    assert merged(risk, {"plan": "甲"}, {"plan": "乙", "means": "丙"}) == {"plan": "甲\n乙", "means": "丙"}
    assert merged(risk, {"plan": "甲\n乙"}, {"plan": "乙"}) == {"plan": "甲\n乙"}
    assert merged(medical, {"told_by": "监护人转述"}, {"told_by": "别处"}) == {"told_by": "监护人转述"}
