import json

import pytest
from django.template.loader import render_to_string

from xinyu.ui.charts import Chart, Series


def chart(**changes):
    facts = {"id": "cover", "title": "覆盖", "kind": "bar", "categories": ["一中", "三中"], "unit": "人"}
    facts |= {"series": [Series("已完成", [12, None])], "definition": "已交卷"}
    return Chart(**facts | changes)


def test_a_chart_always_has_its_table_and_a_hidden_number_is_a_dash():
    html = render_to_string("components/chart_table.html", {"chart": chart()})
    assert "<table" in html and "已完成（人）" in html and ">12</td>" in html and ">—</td>" in html and "已交卷" in html


def test_the_drawing_reads_the_same_numbers():
    html = render_to_string("components/chart_table.html", {"chart": chart()})
    text = html.split('type="application/json">')[1].split("</script>")[0]
    assert json.loads(text)["series"] == [{"name": "已完成", "values": [12, None]}]


def test_a_name_cannot_break_out_of_the_data():
    html = render_to_string("components/chart_table.html", {"chart": chart(categories=["</script><b>", "三中"])})
    assert "</script><b>" not in html


def test_a_crooked_chart_is_refused():
    with pytest.raises(ValueError, match="values for"):
        chart(series=[Series("已完成", [1])])
    with pytest.raises(ValueError, match="kind"):
        chart(kind="pie3d")
