"""Scoring one sheet, beside adding up the same answers and nothing else."""

from random import Random
from typing import Any

from assessments.scoring import find_scale, parse_definition, score
from tests.bench.measure import line, timed
from tests.bench.world import long_document

SHEETS = 3_000


def measure() -> dict[str, Any]:
    return {
        "scoring_phq9": _one(find_scale("PHQ-9"), 9),
        "scoring_100_items": _one(parse_definition(long_document()), 100),
    }


def _one(definition, items: int) -> dict[str, Any]:
    dice = Random(1)  # noqa: S311 - invented answers
    sheets = [[dice.randrange(4) for _ in range(items)] for _ in range(SHEETS)]
    score(definition, sheets[0], age=14)
    ours = timed(lambda: [score(definition, sheet, age=14) for sheet in sheets])
    limit = timed(lambda: [sum(sheet) for sheet in sheets])
    return line(
        ours.seconds / SHEETS * 1e6, limit.seconds / SHEETS * 1e6, "µs a sheet",
        cpu_ms=round(ours.cpu_ms / SHEETS, 4), limit_is="sum() of the same answers: no validity, bands, flags",
    )  # fmt: skip
