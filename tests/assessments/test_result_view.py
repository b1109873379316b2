"""What a counselor reads of one result: every rule with its source, factors drawn, and nothing of a void sheet."""

from assessments.models import Result, ScaleVersion
from assessments.queries.results import ResultView
from assessments.scoring import find_scale, score


def view(code, answers, **person):
    found = score(find_scale(code), answers, **person)
    sheet = {name: value for name, value in found.as_dict().items() if name != "flags"}
    version = ScaleVersion(code=code, version="1", title=find_scale(code).title_zh)
    return ResultView(
        Result(version=version, scale=code, is_valid=found.valid, is_complete=found.complete, sheet=sheet, pk=7)
    )


def test_every_table_that_places_the_total_is_named_with_its_source():
    rules = view("PHQ-9", [2] * 6 + [0] * 3, age=14).rules
    assert [words for words, _ in rules] == ["提示情绪困扰程度：中", "建议心理老师进一步了解"]
    assert "Richardson" in rules[1][1]


def test_factors_are_a_chart_that_is_a_table_first():
    chart = view("DASS-21", [1] * 21).chart
    assert chart.rows == [("低落感受", [14.0]), ("紧张害怕", [14.0]), ("压力感受", [14.0])]
    assert view("PHQ-9", [1] * 9).chart is None


def test_a_sheet_that_is_not_interpreted_shows_no_rule_and_no_factor():
    lying = [0] * 81 + [1, 0] * 9 + [1]
    assert (void := view("MHT", lying)).state.label == "不作解释"
    assert void.rules == [] and void.chart is None
