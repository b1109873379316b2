"""Pages, sheets, outcomes and the pre-rendered form without a database."""

import json
import re
from datetime import datetime

import pytest

from assessments.answers import (
    MOST_BYTES,
    Page,
    PageRefused,
    Sheet,
    blanks_of,
    is_newer,
    merged,
    pack,
    places_of,
    read_form,
    read_json,
    unpack,
)
from assessments.flag_due import CHINA
from assessments.outcome import Person, critical_only, scored, with_due
from assessments.prerender import cut, pieces_of
from assessments.scoring import DefinitionError, find_scale, load_documents, parse_definition
from xinyu.organisations.calendar import SchoolCalendar

PHQ, GAD = find_scale("PHQ-9"), find_scale("GAD-7")
GIRL = Person("F", 14, 8)


def body(**changes) -> bytes:
    data = {"scale": "PHQ-9", "revision": 3, "answers": {"1": 0, "9": 2}, "seconds": {"1": 2.5, "9": 4}}
    return json.dumps(data | changes).encode()


def test_a_page_becomes_option_values_in_order_and_blanks_stay_blank():
    page, key = read_json(body(key="k-1"), PHQ)
    assert page == Page("PHQ-9", 3, Sheet((0, None, None, None, None, None, None, None, 2), 6.5)) and key == "k-1"
    assert places_of(PHQ, page.sheet) == {1: 0, 9: 2} and blanks_of(PHQ, page.sheet) == [2, 3, 4, 5, 6, 7, 8]
    assert blanks_of(PHQ, None) == list(range(1, 10)) and not page.sheet.is_blank


def test_a_plain_form_reads_the_same_answers_and_knows_no_times():
    data = {
        "scale": "PHQ-9",
        "revision": "3",
        "1": "0",
        "9": "2",
        "key": "k",
        "csrfmiddlewaretoken": "x",
        "do": "submit",
    }
    page, key = read_form(data, PHQ)
    assert page.sheet == Sheet((0, *[None] * 7, 2)) and page.revision == 3 and key == "k"


@pytest.mark.parametrize(
    "changes",
    [
        {"scale": "GAD-7"},
        {"answers": {"10": 1}},
        {"answers": {"1": 4}},
        {"answers": {"1": -1}},
        {"answers": {"1": True}},
        {"answers": {"1": 1.5}},
        {"answers": {"一": 1}},
        {"answers": [0, 1]},
        {"answers": None},
        {"revision": None},
        {"revision": "9" * 40},
    ],
)
def test_what_the_scale_does_not_ask_is_refused_without_repeating_it(changes):
    with pytest.raises(PageRefused) as refused:
        read_json(body(**changes), PHQ)
    assert re.search("[一-龥]", str(refused.value))


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff\xfe", b" " * (MOST_BYTES + 1)])
def test_what_is_no_page_is_refused(raw):
    with pytest.raises(PageRefused):
        read_json(raw, PHQ)


@pytest.mark.parametrize("seconds", [None, {}, {"1": 2.5}, {"1": -1, "9": 2}, {"1": "2", "9": 2}, {"1": 1e9, "9": 2}])
def test_doubtful_times_count_as_unknown(seconds):
    assert read_json(body(seconds=seconds), PHQ)[0].sheet.seconds is None


def test_packing_is_canonical_and_comes_back():
    sheets = {"PHQ-9": Sheet((0, None, 3), 4.5), "GAD-7": Sheet((1,))}
    assert unpack(pack(sheets)) == sheets and pack(dict(reversed(sheets.items()))) == pack(sheets)
    with pytest.raises(ValueError, match="version"):
        unpack(b'{"v":9,"sheets":{}}')


def test_an_older_revision_never_wins():
    old, new = Page("PHQ-9", 4, Sheet((0,))), Page("PHQ-9", 4, Sheet((1,)))
    saved = merged({"GAD-7": Sheet((2,))}, old)
    assert set(saved) == {"PHQ-9", "GAD-7"}
    assert is_newer(old, saved, 4) and not is_newer(new, saved, 4)  # the same again, or another with the same number
    assert is_newer(new, saved, 3) and not is_newer(new, saved, 5)


def test_an_answer_of_another_device_is_never_blanked():
    saved = {"PHQ-9": Sheet((1, 2, None), 9.0)}
    page = Page("PHQ-9", 5, Sheet((None, 3, 0), 4.0))
    assert merged(saved, page) == {"PHQ-9": Sheet((1, 3, 0))} and merged(saved, page) == merged(
        merged(saved, page), page
    )
    assert merged(saved, Page("PHQ-9", 5, Sheet((1, 3, 0), 4.0)))["PHQ-9"].seconds == 4.0


def test_what_was_typed_upon_something_else_is_not_newer():
    saved = {"PHQ-9": Sheet((1,))}
    assert is_newer(Page("PHQ-9", 6, Sheet((0,)), base=4), saved, 4)
    assert not is_newer(Page("PHQ-9", 6, Sheet((0,)), base=3), saved, 4)
    assert is_newer(Page("PHQ-9", 6, Sheet((1,)), base=3), saved, 4)  # it says nothing else
    assert is_newer(Page("PHQ-9", 1, Sheet((1,)), base=0), {}, -1)


def test_results_and_flags_of_a_whole_sheet():
    sheets = {"PHQ-9": Sheet((3,) * 8 + (1,)), "GAD-7": Sheet((0,) * 7)}
    results, flags = scored([(11, PHQ), (12, GAD)], sheets, GIRL)
    assert [(r.version_id, r.scale, str(r.total), r.band_order) for r in results] == [
        (11, "PHQ-9", "25.00", 4),
        (12, "GAD-7", "0.00", 0),
    ]
    assert [(flag.level, flag.source, flag.item) for flag in flags] == [("same_day", "item", 9)]


def test_a_critical_answer_on_an_almost_empty_sheet_flags_and_scores_nothing():
    results, flags = scored([(11, PHQ)], {"PHQ-9": Sheet((None,) * 8 + (3,))}, GIRL)
    assert (results[0].total, results[0].is_complete, results[0].band) == (None, False, "")
    assert [(flag.level, flag.item) for flag in flags] == [("immediate", 9)]


def test_a_high_total_without_a_critical_answer_is_talked_about_all_the_same():
    _, flags = scored([(11, PHQ)], {"PHQ-9": Sheet((3,) * 8 + (0,))}, GIRL)
    assert [(flag.source, flag.level, flag.item) for flag in flags] == [("band", "same_day", None)]
    assert scored([(11, PHQ)], {"PHQ-9": Sheet((1,) * 8 + (0,))}, GIRL)[1] == []


def test_a_scale_that_was_never_opened_is_blank_not_zero():
    results, flags = scored([(12, GAD)], {}, GIRL)
    assert results[0].total is None and not results[0].is_complete and flags == []


def test_the_sheet_of_a_result_does_not_tell_the_answers():
    one, two = [scored([(11, PHQ)], {"PHQ-9": Sheet(values)}, GIRL)[0][0].sheet for values in (
        (2, 1, 0, 0, 0, 0, 0, 0, 2), (0, 0, 0, 0, 0, 0, 1, 1, 3))]  # fmt: skip
    assert one == two and "flags" not in one


def test_the_more_urgent_of_saved_and_typed_counts_when_somebody_declines():
    saved, typed = {"PHQ-9": Sheet((None,) * 8 + (1,))}, {"PHQ-9": Sheet((None,) * 8 + (3,))}
    for pair in ((saved, typed), (typed, saved)):
        assert [flag.level for flag in critical_only([(11, PHQ)], *pair)] == ["immediate"]
    assert critical_only([(11, PHQ)], {}, {}) == []


def test_flags_carry_their_due_time():
    at = datetime(2026, 11, 24, 10, 0, tzinfo=CHINA)
    _, flags = scored([(11, PHQ)], {"PHQ-9": Sheet((None,) * 8 + (2,))}, GIRL)
    [row] = with_due(flags, at, SchoolCalendar(()).filled(2026))
    assert row["due_at"] == "2026-11-24T10:30:00+08:00" and row["scale"] == "PHQ-9"


def test_the_page_is_cut_once_and_filled_per_student():
    pieces = pieces_of(PHQ, 1, 2)
    assert pieces is pieces_of(PHQ, 1, 2)
    html = pieces.filled({"label": "<张*>", "revision": "4", "csrf": "tok", "key": "k1"}, {3: 2})
    assert "&lt;张*&gt;" in html and "<张*>" not in html and "@@" not in html
    assert html.count(" checked") == 1 and 'name="3" value="2" checked' in html
    assert 'data-revision="4"' in html and 'value="tok"' in html and "下一部分" in html and "PHQ" not in _seen(html)
    assert " checked" not in pieces.filled({}, {})


def _seen(html: str) -> str:
    """What a reader sees: no tags."""
    return re.sub(r"<[^>]*>", " ", html)


def test_cutting_loses_nothing():
    html = '<p>@@label@@</p><input name="1" value="0"><input name="1" value="1">'
    assert cut(html).filled({"label": "A"}, {}) == html.replace("@@label@@", "A")


def test_the_scale_says_how_many_items_stand_together_and_whether_one_may_go_back_or_leave_out():
    document = load_documents()["GAD-7"]

    def sheet(**screen):
        return pieces_of(parse_definition(dict(document, screen=screen)), 1, 1).filled({}, {})

    assert sheet().count("<section data-page>") == 2 and "data-back=" not in sheet() and "data-skip=" not in sheet()
    assert sheet(per_page=1).count("<section data-page>") == 7 and sheet(per_page=0).count("<section data-page>") == 1
    young = parse_definition(dict(document, screen={"per_page": 0, "young_per_page": 3}))
    assert [
        pieces_of(young, 1, 1, is_young=one).filled({}, {}).count("<section data-page>") for one in (False, True)
    ] == [1, 3]
    held = sheet(back=False, skip=False)
    assert 'data-back="no"' in held and 'data-skip="no"' in held and "不想作答" in held
    for wrong in ("per_page", "young_per_page"):
        with pytest.raises(DefinitionError):
            sheet(**{wrong: -1})


def test_the_youngest_see_about_one_screen_at_once_and_nobody_is_held():
    """Whoever may ask grade 4 says how many items stand together; no shipped scale bars the way back."""
    for document in load_documents().values():
        scale = parse_definition(document)
        assert scale.screen.back and scale.screen.skip, scale.code
        asks_young = "primary" in scale.stages and "self" in scale.roles and scale.ages[0] <= 10
        if asks_young:
            shown = max(len(item.options) for item in scale.items) * scale.screen.young_per_page
            assert shown <= 8, f"{scale.code}: {shown} options under each other in large type"


def test_the_youngest_get_large_type_at_once():
    assert 'class="young large"' in pieces_of(PHQ, 1, 2, is_young=True).filled({}, {})
    assert "large" not in pieces_of(PHQ, 1, 2).filled({}, {})
