"""Binding the words of an official form to the key of a scale."""

from typing import Any

from django import forms
from django.utils import timezone

from assessments.scale_gate import ROLE_NAMES
from assessments.scoring import Definition


class TextForm(forms.Form):
    """`scale` decides which questions are asked: orders and informants only where there are several."""

    file = forms.FileField(
        label="题目文件",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="请用本页的模板：一行一题，题号按纸面上的顺序。",
        error_messages={"required": "请选择题目文件。", "empty": "文件是空的，没有任何内容。"},
    )
    form = forms.ChoiceField(label="纸面的题序", help_text="题序不同，计分键就不同；请对照纸面的前几题。")
    role = forms.ChoiceField(label="由谁填写")
    entitled = forms.CharField(label="有权使用的单位", max_length=80, help_text="如“云川市教育局”。")
    document = forms.CharField(
        label="依据的文件或出处", max_length=200, min_length=6, help_text="购买合同、授权书或出版物的名称与编号。"
    )
    licence_number = forms.CharField(label="许可编号", max_length=80)
    licence_until = forms.DateField(label="许可有效期至", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, scale: Definition, **kwargs):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["form"].choices = [(one.code, one.title_zh or one.code) for one in scale.forms]
        fields["role"].choices = [(role, ROLE_NAMES[role]) for role in scale.roles]
        for name, several in (("form", scale.forms), ("role", scale.roles)):
            if len(several) == 1:
                fields[name].initial, fields[name].required = fields[name].choices[0][0], False
                fields[name].widget = forms.HiddenInput()
        if not scale.needs_licence:
            del fields["licence_number"], fields["licence_until"]
        self.scale = scale

    def clean_form(self) -> str:
        return self.cleaned_data["form"] or self.scale.printed

    def clean_role(self) -> str:
        return self.cleaned_data["role"] or self.scale.roles[0]

    def clean_licence_until(self):
        until = self.cleaned_data["licence_until"]
        if until < timezone.localdate():
            raise forms.ValidationError("许可已经过期。")
        return until
