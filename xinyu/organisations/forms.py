"""Editing a county's calendar."""

from django import forms

from .choices import DayKind, Stage
from .queries import EXAMS

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DayForm(forms.Form):
    on = forms.DateField(label="日期", widget=DATE)
    kind = forms.ChoiceField(label="安排", choices=DayKind.choices)
    note = forms.CharField(
        label="说明", max_length=60, required=False, help_text="例如：调休上课、校运会、期末考试后放假。"
    )


class SpanForm(forms.Form):
    starts_on = forms.DateField(label="开始", widget=DATE)
    ends_on = forms.DateField(label="结束", widget=DATE)

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] <= data["starts_on"]:
            self.add_error("ends_on", "结束要晚于开始。")
        return data


class TermForm(SpanForm):
    code = forms.RegexField(
        r"^20\d\d-20\d\d-[12]$",
        label="学期",
        help_text="写成 2026-2027-1（上学期）或 2026-2027-2（下学期）。",
        error_messages={"invalid": "学期应写成 2026-2027-1。"},
    )
    field_order = ["code", "starts_on", "ends_on"]


class ExamForm(SpanForm):
    code = forms.ChoiceField(label="考试", choices=list(EXAMS.items()))
    stage = forms.ChoiceField(label="学段", choices=[("", "全部"), *Stage.choices], required=False)
    field_order = ["code", "stage", "starts_on", "ends_on"]


#: name in the address → (form, heading)
FORMS = {"day": (DayForm, "某一天"), "term": (TermForm, "学期"), "exam": (ExamForm, "考试")}
