"""What a counselor reads of one result: every rule with its source, factors drawn, and nothing of a void sheet."""

from datetime import timedelta

from django.utils import timezone

from assessments.models import Result, ScaleVersion
from assessments.queries.results import ResultView, trends
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
    much_too_good = [0] * 81 + [1, 0] * 9 + [1]
    assert (void := view("MHT", much_too_good)).state.label == "不作解释"
    assert void.rules == [] and void.chart is None and void.standing is None
    assert void.why_void == "按量表的效度规则不宜解释"


def test_the_drawing_of_one_scale_wants_two_points_and_leaves_a_gap_for_a_void_sheet():
    def sheet(n, total, is_valid=True):
        one = view("GAD-7", [1] * 7)
        one.result.at = timezone.now() + timedelta(days=n)
        one.result.total, one.result.is_valid = total, is_valid
        one.result.sheet = {"display_total": total}
        return one

    assert trends([sheet(0, 7), sheet(1, None, False)]) == []
    (chart,) = trends([sheet(2, 4), sheet(0, 7), sheet(1, None, False)])
    assert chart.series[0].values == [7, None, 4]


def test_a_whole_number_is_drawn_without_a_point():
    chart = view("MSSMHS", [2] * 59 + [3]).chart
    assert chart.rows[0] == ("强迫", [2]) and isinstance(chart.rows[0][1][0], int)
    assert chart.series[0].values[-1] == 2.17
