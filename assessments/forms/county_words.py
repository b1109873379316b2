"""The county's hotline and the periods in which short talks can be held."""

import re
from datetime import time
from typing import Any

from django import forms

from assessments.actions.county_words import Period
from assessments.codes import narrow

#: a number as people write it, and perhaps its hours in brackets
_NUMBER = re.compile(r"\d[\d-]{2,19}(\([^()<>]{1,20}\))?")
#: rows on the page: a school day has no more breaks than that
ROWS = 6


class HotlineForm(forms.Form):
    hotline = forms.CharField(
        label="本地心理热线", max_length=40, required=False,
        help_text="如 0731-12355（每天 8:00—22:00）。印在问卷最后一页、求助海报和给学生看的说明上；留空就不印。",
    )  # fmt: skip

    def clean_hotline(self) -> str:
        typed = narrow(self.cleaned_data["hotline"])
        if typed and not _NUMBER.fullmatch(typed):
            raise forms.ValidationError("请写电话号码，可以在后面用括号写时间，如 0731-12355（每天 8:00—22:00）。")
        return typed.replace("(", "（").replace(")", "）")


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "请写成 09:40 这样的时间。"},
    )  # fmt: skip


class TalkPeriodsForm(forms.Form):
    """Rows of label, start and end, named label-0, start-0, end-0 …; an empty row is none."""

    def __init__(self, periods: list[Period], *args, **kwargs):
        super().__init__(*args, **kwargs)
        for n in range(ROWS):
            label, start, end = periods[n] if n < len(periods) else ("", "", "")
            self.fields[f"label-{n}"] = forms.CharField(
                label=f"第 {n + 1} 段的名称", max_length=10, required=False, initial=label
            )
            self.fields[f"start-{n}"], self.fields[f"end-{n}"] = _time("开始"), _time("结束")
            self.initial.update({f"start-{n}": start, f"end-{n}": end})

    def rows(self) -> list[tuple]:
        return [(self[f"label-{n}"], self[f"start-{n}"], self[f"end-{n}"]) for n in range(ROWS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        found: list[tuple[time, time, str]] = []
        for n in range(ROWS):
            if any(f"{name}-{n}" in self.errors for name in ("label", "start", "end")):
                continue
            label, start, end = (data.get(f"{name}-{n}") for name in ("label", "start", "end"))
            if not label and start is None and end is None:
                continue
            if not label:
                self.add_error(f"label-{n}", "请写这一段的名称，如“大课间”。")
            elif start is None or end is None:
                self.add_error(f"start-{n}" if start is None else f"end-{n}", "请写时间。")
            elif end <= start:
                self.add_error(f"end-{n}", "结束应晚于开始。")
            elif clash := next((one for one in found if start < one[1] and one[0] < end), None):
                self.add_error(f"start-{n}", f"和“{clash[2]}”重叠。")
            else:
                found.append((start, end, label))
        if not found and not self.errors:
            self.add_error(None, "至少要有一段时间；想用默认的，请点“改回默认”。")
        data["periods"] = [(label, f"{start:%H:%M}", f"{end:%H:%M}") for start, end, label in sorted(found)]
        return data
