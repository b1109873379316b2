"""A small synthetic questionnaire that each test bends to the feature it is about."""

import copy

import pytest

from assessments.scoring import parse_definition

OPTIONS = [{"label_zh": f"选项{value}", "value": value} for value in range(4)]


def band_rows(*starts):
    return [{"min": s, "code": f"b{i}", "concern": i, "label_zh": f"第{i}级"} for i, s in enumerate(starts)]


@pytest.fixture
def rows():
    return band_rows


@pytest.fixture
def document():
    """Builds a plain document of `count` items coded 0-3; keyword arguments replace top-level fields."""

    def build(count=6, **changes):
        plain = {
            "code": "SYN",
            "version": "1",
            "title_zh": "演示问卷",
            "source": "synthetic",
            "licence": {
                "owner": "本项目", "licence": "own", "notice_zh": "仅供测试",
                "allowed": ["paper", "electronic"], "checked_on": "2026-01-01",
            },
            "text_status": "none",
            "ages": {"min": 8, "max": 18},
            "stages": ["junior"],
            "options": OPTIONS,
            "items": [{"number": number} for number in range(1, count + 1)],
            "total": {"aggregate": "sum"},
            "missing": {"rule": "invalid"},
        }  # fmt: skip
        plain.update(changes)
        return copy.deepcopy(plain)

    return build


@pytest.fixture
def scale(document):
    return lambda count=6, **changes: parse_definition(document(count, **changes))
