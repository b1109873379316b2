"""A chart is a table first: one frozen value gives both the table that is always there and the drawing beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

KINDS = ("bar", "barh", "stacked", "line", "donut")

Number = int | float | None


@dataclass(frozen=True)
class Series:
    """One row of numbers, one per category; None is a suppressed or unknown number and is drawn as a gap."""

    name: str
    values: Sequence[Number]


@dataclass(frozen=True)
class Chart:
    """What `components/chart_table.html` shows. `definition` is the 口径; `id` must be unique on the page.

    Raises ValueError for an unknown kind or a series of another length than the categories.
    """

    id: str
    title: str
    kind: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    heading: str = "项目"
    definition: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of chart: {self.kind}")
        for line in self.series:
            if len(line.values) != len(self.categories):
                raise ValueError(f"series {line.name} has {len(line.values)} values for {len(self.categories)}")

    @property
    def rows(self) -> list[tuple[str, list[Number]]]:
        """One (category, numbers) pair per table row."""
        return [(name, [line.values[i] for line in self.series]) for i, name in enumerate(self.categories)]

    @property
    def spec(self) -> dict[str, object]:
        """The JSON that chart.js reads."""
        return {
            "kind": self.kind,
            "categories": list(self.categories),
            "series": [{"name": line.name, "values": list(line.values)} for line in self.series],
            "unit": self.unit,
            "title": self.title,
        }
