"""What is typed at the door of a questionnaire."""

from django import forms

from assessments.codes import ALPHABET, KLASS_LENGTH, LENGTH, SHORT_LENGTH, clean_code, narrow


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


def _typed(**more) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **more})


class KlassForm(forms.Form):
    """The short way for a computer room: class code from the board, own number, six digits of the slip."""

    klass = forms.CharField(
        label="班级码", max_length=12, error_messages={"required": "请输入黑板上的班级码。"},
        widget=_typed(autocapitalize="characters", inputmode="text"),
    )  # fmt: skip
    number = forms.CharField(
        label="学号（或学号最后几位）",
        max_length=30,
        error_messages={"required": "请输入自己的学号。"},
        widget=_typed(),
    )
    short = forms.CharField(
        label="短码", max_length=12, error_messages={"required": "请输入纸条上的 6 位短码。"},
        widget=_typed(inputmode="numeric"),
    )  # fmt: skip

    def clean_klass(self) -> str:
        code = clean_code(self.cleaned_data["klass"])
        if len(code) != KLASS_LENGTH or set(code) - set(ALPHABET):
            raise forms.ValidationError(f"班级码是 {KLASS_LENGTH} 个字母和数字，请照黑板再输一次。")
        return code

    def clean_number(self) -> str:
        return narrow(self.cleaned_data["number"])

    def clean_short(self) -> str:
        short = clean_code(self.cleaned_data["short"])
        if len(short) != SHORT_LENGTH or not (short.isascii() and short.isdecimal()):
            raise forms.ValidationError(f"短码是 {SHORT_LENGTH} 位数字，请照纸条再输一次。")
        return short
