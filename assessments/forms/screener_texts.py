"""Binding the words of the C-SSRS."""

from django import forms


class ScreenerTextForm(forms.Form):
    file = forms.FileField(
        label="题目文件",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="请用本页的模板：一行一题，题号 1—6 和 6m（第 6 题后半，近三个月）。",
        error_messages={"required": "请选择题目文件。", "empty": "文件是空的，没有任何内容。"},
    )
    document = forms.CharField(
        label="依据的文件或出处", max_length=200, min_length=6, help_text="官方中文版的名称、版本，从哪里得到。"
    )
    is_checked = forms.BooleanField(
        label="已逐题对照官方中文版，一字未改", error_messages={"required": "请先逐题对照原文。"}
    )
