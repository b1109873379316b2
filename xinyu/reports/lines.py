"""A small line drawing for paper: numbers in, points of an SVG out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 460.0, 120.0, 34.0, 14.0, 22.0


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    day: str
    value: str


@dataclass(frozen=True)
class Drawing:
    """`dots`: known values; `paths`: runs of known neighbours as "x,y x,y"; `top`: the number at the upper line."""

    dots: Sequence[Dot]
    paths: Sequence[str]
    days: Sequence[tuple[float, str]]
    top: str


def drawing(days: Sequence[str], values: Sequence[float | None]) -> Drawing:
    """Gaps stay gaps: a None is neither a dot nor bridged."""
    top = max([value for value in values if value is not None], default=0) or 1
    step = (WIDTH - LEFT - 20) / max(len(values) - 1, 1)
    runs: list[list[Dot]] = [[]]
    for place, (day, value) in enumerate(zip(days, values, strict=True)):
        if value is None:
            runs.append([])
            continue
        y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)
        runs[-1].append(Dot(round(LEFT + place * step, 1), round(y, 1), day, f"{value:g}"))
    paths = [" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1]
    labels = [(round(LEFT + place * step, 1), day) for place, day in enumerate(days)]
    return Drawing([dot for run in runs for dot in run], paths, labels, f"{top:g}")
