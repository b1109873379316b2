"""Forms of the growth file."""

from uuid import uuid4

from django import forms
from django.utils import timezone

from .interviews import DiagnosisHint

#: why somebody needs what is older than last school year; fixed words, so that nothing private stands in an address
REASONS = [
    ("conference", "研判会准备"),
    ("interview", "访谈或辅导需要"),
    ("referral", "转介准备"),
    ("handover", "升学、转学移交"),
    ("request", "学生或监护人申请查阅"),
]


class OlderForm(forms.Form):
    older = forms.BooleanField(widget=forms.HiddenInput, initial=True)
    reason = forms.ChoiceField(
        label="查看更早记录的理由",
        choices=[("", "请选择"), *REASONS],
        error_messages={"required": "请选择理由；理由会写入调阅记录。"},
    )

    @property
    def words(self) -> str:
        return dict(REASONS)[self.cleaned_data["reason"]]


class ObservationForm(DiagnosisHint):
    text_field = "text"
    on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    text = forms.CharField(
        label="观察到的情况",
        max_length=2000,
        help_text="写看到、听到的事实：在什么场合、做了什么、说了什么。",
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    is_shared = forms.BooleanField(
        label="班主任可见", required=False, help_text="勾选后，这名学生的班主任（含接任的）都能看到。"
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    field_order = ["on", "text", "is_shared", "is_from_hospital", "key"]

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("日期不能晚于今天。")
        return on
