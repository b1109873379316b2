"""A file with results of an earlier platform."""

from typing import Any

from django import forms

from assessments.queries.screenings import own_schools
from xinyu.organisations.models import School


class EarlierForm(forms.Form):
    school: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=School.objects.none(), label="学校", empty_label=None
    )
    platform = forms.CharField(
        label="来源平台", max_length=60, min_length=2, help_text="如“某某心理测评系统（2023—2025）”。"
    )
    file = forms.FileField(
        label="结果文件",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="请用本页的模板：一行一名学生、一个量表、一次测评。学号和姓名都要与名册相符。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，没有任何内容。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        schools = own_schools("assessments.import_results")
        fields["school"].queryset = schools
        self.only = schools[0] if len(schools) == 1 else None
        if self.only:
            del fields["school"]

    @property
    def place(self) -> School:
        return self.only or self.cleaned_data["school"]
