"""Forms of 建议就医."""

from uuid import uuid4

from django import forms
from django.utils import timezone

from assessments.forms.interviews import DiagnosisHint
from crisis.models import Answer
from xinyu.access.uploads import FileRefused, checked_paper

from .cases import DAY, LONG
from .home_harm import moment_field, not_later_than_now, this_minute


def not_after_today(day):
    if day > timezone.localdate():
        raise forms.ValidationError("日期不能晚于今天。")
    return day


class AdviceForm(DiagnosisHint):
    text_field = "reason"
    advised_at = moment_field("建议时间")
    reason = forms.CharField(
        label="看到、听到的情况",
        widget=LONG,
        max_length=2000,
        help_text="写行为、时间和影响。学校不作诊断，只建议就医。",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["advised_at", "reason", "is_from_hospital"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())
        self.initial.setdefault("advised_at", this_minute())

    def clean_advised_at(self):
        return not_later_than_now(self.cleaned_data["advised_at"])


class AdviceAnswerForm(DiagnosisHint):
    text_field = "words"
    answer = forms.ChoiceField(label="监护人的答复", choices=Answer.choices, widget=forms.RadioSelect)
    on = forms.DateField(label="日期", widget=DAY)
    hospital = forms.CharField(label="就诊的医疗机构", max_length=80, required=False)
    words = forms.CharField(
        label="说明",
        widget=LONG,
        max_length=2000,
        required=False,
        help_text="医院的结论请上传医院的材料，不在这里转写。",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["answer", "on", "hospital", "words", "is_from_hospital"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())
        self.initial.setdefault("on", timezone.localdate())

    def clean_on(self):
        return not_after_today(self.cleaned_data["on"])


class DocumentForm(forms.Form):
    title = forms.CharField(label="材料名称", max_length=60, help_text="例如：门诊病历、可返校学习的意见")
    hospital = forms.CharField(label="出具的医疗机构", max_length=80)
    brought_by = forms.CharField(label="由谁带来", max_length=60, help_text="例如：母亲")
    received_on = forms.DateField(label="收到日期", widget=DAY)
    paper = forms.FileField(
        label="文件",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text="PDF、JPEG 或 PNG，最多 5 MB。加密保存，只有心理教师能打开。",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())
        self.initial.setdefault("received_on", timezone.localdate())

    def clean_received_on(self):
        return not_after_today(self.cleaned_data["received_on"])

    def clean_paper(self):
        """As it may be stored."""
        try:
            return checked_paper(self.cleaned_data["paper"].read())
        except FileRefused as why:
            raise forms.ValidationError(str(why)) from why


class AttachmentForm(DocumentForm):
    """A paper that answers no advice."""

    is_medical = forms.BooleanField(
        label="由医疗机构出具", required=False, help_text="勾选后算作医疗机构意见，申请降级或结案时用得到。"
    )
    field_order = ("title", "hospital", "is_medical", "brought_by", "received_on", "paper", "key")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hospital"].label = "出具单位或个人"
        self.fields["title"].help_text = "例如：医院给学校的信、返校承诺书、出警回执"
