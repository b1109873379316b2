"""Filters of the two logs."""

from django import forms

DATE = forms.DateInput(attrs={"type": "date"})


class LookFilter(forms.Form):
    student = forms.CharField(label="学生姓名或学号", required=False, max_length=60)
    person = forms.CharField(label="查看人姓名", required=False, max_length=40)
    day = forms.DateField(label="日期", required=False, widget=DATE)


class LogFilter(forms.Form):
    verb = forms.CharField(label="操作代码", required=False, max_length=60)
    actor = forms.CharField(
        label="操作者编号", required=False, max_length=60, help_text="例如 user:12、system:triage。"
    )
    day = forms.DateField(label="日期", required=False, widget=DATE)


class SignatureCode(forms.Form):
    code = forms.CharField(label="签字编号", max_length=20, help_text="印在文件签字栏的 12 位编号，不分大小写。")

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).replace("-", "").upper()
