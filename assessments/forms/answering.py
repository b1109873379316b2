"""The one field at the door of a questionnaire."""

from django import forms

from assessments.codes import ALPHABET, LENGTH, clean_code


class CodeForm(forms.Form):
    code = forms.CharField(
        label="作答码",
        max_length=40,
        error_messages={
            "required": "请输入纸条上的作答码。",
            "max_length": "作答码是 10 个字母和数字，请照纸条再输一次。",
        },
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
                "inputmode": "text",
                "maxlength": 20,
            }
        ),
    )

    def clean_code(self) -> str:
        code = clean_code(self.cleaned_data["code"])
        if len(code) != LENGTH or set(code) - set(ALPHABET):
            raise forms.ValidationError(
                "作答码是 10 个字母和数字（没有字母 I、L、O，也没有数字 0 和 1），请照纸条再输一次。"
            )
        return code
