"""The questionnaire shell without a browser: weight, names that work without JavaScript, what it never says."""

import json
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from assessments.prerender import pieces_of
from assessments.scoring import parse_definition
from tests.bench.world import long_document
from tests.ui.questionnaire import OPTIONS, WORDS, page


def test_first_page_weighs_little_and_loads_only_its_own_files():
    html = page()
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
    assert files == ["ui/favicon.svg", "ui/answer.css", "ui/answer_plain.css", "ui/answer_copy.js", "ui/answer.js"]
    sizes = {name: Path(finders.find(name)).stat().st_size for name in files}
    assert sum(sizes.values()) + len(html.encode()) <= 100_000
    assert sizes["ui/answer.js"] < 16384


def test_a_hundred_items_weigh_little_and_a_save_less():
    """All that a first visit fetches for the longest questionnaire; a save as the script writes it, times included."""
    definition = parse_definition(long_document())
    html = pieces_of(definition, 1, 1, is_young=True).filled({"label": "欧*** 学号尾号 01", "csrf": "x" * 64}, {})
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
    assert "ui/answer_read.js" in files
    assert len(html.encode()) + sum(Path(finders.find(name)).stat().st_size for name in files) <= 100_000
    numbers = [str(n) for n in range(1, 101)]
    save = {"scale": definition.code, "revision": 99, "base": 98, "answers": dict.fromkeys(numbers, 3)}
    assert len(json.dumps(save | {"seconds": dict.fromkeys(numbers, 123.4)}, separators=(",", ":"))) <= 5_000


def test_plain_form_posts_without_javascript():
    html = page()
    assert html.count("<fieldset") == html.count("<legend") == len(WORDS)
    assert html.count('type="radio"') == len(WORDS) * len(OPTIONS) and 'name="5" value="3"' in html
    assert 'method="post" action="/submit"' in html and 'name="do" value="submit"' in html
    assert 'name="key" value="0b6f2a52' in html
    for name in ("decline", "talk", "not_me"):
        assert f'formaction="/{name}"' in html


def test_saved_answers_come_back_checked():
    html = page(3, {2: 0, 5: 3})
    assert 'data-revision="3"' in html and html.count(" checked") == 2 and 'name="2" value="0" checked' in html


def test_items_left_out_are_named_kindly():
    html = render_to_string("answer/_form.html", {"left_out": [3, 5], "pages": []})
    assert "第 3、5 题" in html and "不想答的也可以空着" in html


def test_last_page_is_the_same_for_all_and_wipes_the_browser():
    html = render_to_string("answer/base_end.html", {"receipt": "A7K2", "room": "综合楼 2 楼"})
    assert "data-wipe" in html and "12356" in html and "A7K2" in html and "综合楼" in html
    assert not re.search("分数|得分|结果|风险|等级", html)
