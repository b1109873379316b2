"""The notice of a screening, and the page behind a guardian's code."""

from django import forms

from xinyu.lib.phones import PhoneError, normalise


class NoticeForm(forms.Form):
    text = forms.CharField(
        label="告知书正文", min_length=80, max_length=4000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text="写清楚：为什么测、问什么、谁能看到结果、可以不同意、随时可以撤回。",
        error_messages={"min_length": "告知书太短，请写清楚目的、内容、谁能看到和监护人的权利。"},
    )  # fmt: skip
    topics = forms.CharField(
        label="主题清单（一行一条）", max_length=3000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="家长事先看到的内容清单。含有自伤或轻生条目的，请保留说明。",
    )  # fmt: skip

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n").strip()

    def clean_topics(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["topics"].splitlines() if line.strip()]


class CodeOnPaperForm(forms.Form):
    code = forms.CharField(
        label="回执或短信上的编号", max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class SayForm(forms.Form):
    """`asks_phone`: a slip, which anybody may have picked up, counts only with the telephone of the roster."""

    decision = forms.ChoiceField(
        label="您的决定", choices=(("given", "我同意孩子参加这次测评"), ("refused", "我不同意孩子参加这次测评")),
        widget=forms.RadioSelect, error_messages={"required": "请先选择同意或不同意。"},
    )  # fmt: skip
    phone = forms.CharField(
        label="您在学校登记的手机号", max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": "请填写您在学校登记的手机号，用来核对是您本人。"},
    )  # fmt: skip

    def __init__(self, *args, asks_phone: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_phone:
            del self.fields["phone"]

    def clean_phone(self) -> str:
        try:
            return normalise(self.cleaned_data["phone"])
        except PhoneError as error:
            raise forms.ValidationError(f"{error}。") from None
