"""Scoring one sheet, and a pile of them, beside adding up the same answers and nothing else.

The pile stands beside a matrix product: NumPy's (`make bench` brings it; it is no dependency of the platform), and
the same product in plain Python. Both give sums only, without refusing a value, validity, bands, flags or remarks.
"""

from operator import mul
from random import Random
from typing import Any

from assessments.scoring import Filled, compile_key, find_scale, parse_definition, score, score_many
from tests.bench.measure import line, timed
from tests.bench.world import long_document

SHEETS = 3_000


def measure() -> dict[str, Any]:
    return {
        "scoring_phq9": _one(find_scale("PHQ-9"), 9),
        "scoring_100_items": _one(parse_definition(long_document()), 100),
        "score_many_mssmhs": _pile(find_scale("MSSMHS")),
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


def _pile(definition) -> dict[str, Any]:
    dice = Random(2)  # noqa: S311 - invented answers
    key = compile_key(definition)
    sheets = [[dice.choice((1, 2, 3, 4, 5)) for _ in key.numbers] for _ in range(SHEETS)]
    rows = [[key.signs[p] if p in measure.places else 0 for p in range(len(key.numbers))]
            for measure in (*key.factors, key.total)]  # fmt: skip
    pile = [Filled(sheet, age=14) for sheet in sheets]
    score_many(definition, pile[:1])
    ours = timed(lambda: score_many(definition, pile))
    plain = timed(lambda: [[sum(map(mul, row, sheet)) for row in rows] for sheet in sheets])
    each = {"plain_product_us": round(plain.seconds / SHEETS * 1e6, 3)}
    return line(
        ours.seconds / SHEETS * 1e6, _numpy_us(rows, sheets), "µs a sheet", cpu_ms=round(ours.cpu_ms / SHEETS, 4),
        limit_is="NumPy product of answers and key: sums only; null where the package index did not give it", **each,
    )  # fmt: skip


def _numpy_us(rows: list[list[int]], sheets: list[list[int]]) -> float | None:
    """From the same lists of answers: turning them into an array is part of what it costs."""
    try:
        import numpy
    except ImportError:
        return None
    matrix = numpy.array(rows).T
    return timed(lambda: (numpy.array(sheets) @ matrix).tolist()).seconds / len(sheets) * 1e6
