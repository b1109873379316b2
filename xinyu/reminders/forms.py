"""What is asked in a season: a count (zero is an answer), a sentence of what was done, a day to be reminded again."""

from django import forms

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
    """`asks_what` for work that leaves no figures of its own (an activity, longer hours)."""

    note = forms.CharField(
        label="说明", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_NAMES
    )

    def __init__(self, *args, asks_what: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if asks_what:
            field = self.fields["note"]
            field.required, field.label = True, "做了什么、何时、在哪里"
            field.error_messages["required"] = "请写一句做了什么、何时、在哪里。"


class SnoozeForm(forms.Form):
    until = forms.DateField(
        label="到这一天再提醒", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "请选择日期。", "invalid": "日期写法应为 2026-12-01。"},
    )  # fmt: skip
