"""联动时限: two numbers for each rung of each colour."""

from collections.abc import Mapping

from django import forms

from crisis.actions.clock_times import Times, refuse_times
from crisis.chain import Clock, load_clocks

UNITS = {"real": "分钟", "on_site": "个在校日"}


class ClockTimesForm(forms.Form):
    """Fields are named colour-rung-acknowledge and colour-rung-act."""

    def __init__(self, clocks: Mapping[str, Clock], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.clocks = clocks
        for clock in clocks.values():
            for rung in clock.rungs:
                for part, words in (("acknowledge", "确认"), ("act", "采取措施")):
                    self.fields[self._name(clock, rung, part)] = forms.IntegerField(
                        label=f"{rung.label}：{words}（{UNITS[clock.kind]}）", min_value=1, initial=getattr(rung, part)
                    )

    @staticmethod
    def _name(clock: Clock, rung, part: str) -> str:
        return f"{clock.colour}-{rung.code}-{part}"

    def rows(self) -> list[tuple[Clock, list[tuple]]]:
        """(clock, [(rung, what is usual, acknowledge field, act field)]) in the order of the page."""
        usual = {colour: {r.code: r.limits(c.kind) for r in c.rungs} for colour, c in load_clocks().items()}
        return [
            (
                clock,
                [
                    (
                        rung,
                        usual.get(clock.colour, {}).get(rung.code, ""),
                        self[self._name(clock, rung, "acknowledge")],
                        self[self._name(clock, rung, "act")],
                    )
                    for rung in clock.rungs
                ],
            )
            for clock in self.clocks.values()
        ]

    def clean(self) -> dict:
        data = super().clean() or {}
        for clock in self.clocks.values():
            for rung in clock.rungs:
                names = [self._name(clock, rung, part) for part in ("acknowledge", "act")]
                given = [data[name] for name in names if name in data]
                if len(given) == len(names) and (why := refuse_times(clock.colour, rung, *given)):
                    self.add_error(names[0], why)
        return data

    def times(self) -> Times:
        data = self.cleaned_data
        return {
            (clock.colour, rung.code): (
                data[self._name(clock, rung, "acknowledge")],
                data[self._name(clock, rung, "act")],
            )
            for clock in self.clocks.values()
            for rung in clock.rungs
        }
