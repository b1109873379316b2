"""What is asked in a season: a count (zero is an answer), an activity, longer hours, a day to be reminded again."""

from datetime import date
from typing import Any

from django import forms

from xinyu.organisations.calendar import Span

NO_NAMES = "不要写学生姓名和具体情况。"


class CheckForm(forms.Form):
    count = forms.IntegerField(
        label="需要进一步了解的人数",
        min_value=0,
        max_value=200,
        help_text="没有就填 0。只填人数；具体学生请直接告诉心理教师。",
        error_messages={"required": "请填写人数，没有请填 0。", "min_value": "人数不能小于 0。"},
    )
    note = forms.CharField(label="说明", max_length=200, required=False, help_text=NO_NAMES)


class RecordForm(forms.Form):
    """Of work whose figures the platform has gathered itself."""

    note = forms.CharField(
        label="说明", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_NAMES
    )


def day_field(label: str, **options: Any) -> forms.DateField:
    messages = {"required": "请选择日期。", "invalid": "日期写法应为 2026-12-01。"}
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=messages,
        **options,
    )


class ActivityForm(forms.Form):
    """An activity that was held: within its season and not in the future. `span`: the days of the season."""

    held_on = day_field("举办日期")
    place = forms.CharField(label="地点", max_length=60, error_messages={"required": "请填写地点。"})
    participants = forms.IntegerField(
        label="参加人数", min_value=1, max_value=20_000, help_text="学生、家长和老师一共多少人次。",
        error_messages={"required": "请填写参加人数。", "min_value": "参加人数不能小于 1。"},
    )  # fmt: skip
    note = forms.CharField(
        label="做了什么", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_NAMES,
        error_messages={"required": "请写一句做了什么。"},
    )  # fmt: skip

    def __init__(self, *args, span: Span, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.span, self.today = span, today

    def clean_held_on(self) -> date:
        on = self.cleaned_data["held_on"]
        if on > self.today:
            raise forms.ValidationError("活动办完以后再登记，日期不能晚于今天。")
        if on not in self.span:
            raise forms.ValidationError(f"日期应在这个时节之内（{self.span.start} 至 {self.span.end}）。")
        return on


WEEKDAYS = tuple(enumerate(("周一", "周二", "周三", "周四", "周五", "周六", "周日")))


class HoursForm(forms.Form):
    """Longer hours of the room: which weekdays, from when to when, until which day."""

    weekdays = forms.TypedMultipleChoiceField(
        label="星期", choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一天。"},
    )  # fmt: skip
    opens = forms.TimeField(
        label="开始", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "请填写开始时间。", "invalid": "时间写法应为 17:00。"},
    )  # fmt: skip
    closes = forms.TimeField(
        label="结束", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "请填写结束时间。", "invalid": "时间写法应为 18:30。"},
    )  # fmt: skip
    held_on = day_field("从哪一天起")
    until = day_field("到哪一天止")
    note = forms.CharField(label="说明", max_length=200, required=False, help_text=NO_NAMES)

    def clean(self) -> dict:
        data = super().clean() or {}
        if data.get("opens") and data.get("closes") and data["closes"] <= data["opens"]:
            self.add_error("closes", "结束时间应晚于开始时间。")
        if data.get("held_on") and data.get("until") and data["until"] < data["held_on"]:
            self.add_error("until", "最后一天不能早于第一天。")
        return data

    def hours(self) -> list[dict]:
        opens, closes = (f"{self.cleaned_data[name]:%H:%M}" for name in ("opens", "closes"))
        return [{"weekday": day, "opens": opens, "closes": closes} for day in sorted(self.cleaned_data["weekdays"])]


class SnoozeForm(forms.Form):
    until = day_field("到这一天再提醒")
