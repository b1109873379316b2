"""The county's interview forms, read from a table."""

from django import forms


class InterviewFormsForm(forms.Form):
    file = forms.FileField(
        label="访谈表文件",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="先下载现用的表格，改好再传上来：一行一个问题，顺序就是提问的顺序。",
        error_messages={"required": "请选择访谈表文件。", "empty": "文件是空的，没有任何内容。"},
    )
    document = forms.CharField(
        label="依据的文件或说明", max_length=200, min_length=4, help_text="例如：本区心理危机访谈规范 2026 版。"
    )
