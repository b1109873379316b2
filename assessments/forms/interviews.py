"""Forms of the interview pages."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from assessments.choices import FlagLevel, Outcome
from assessments.diagnosis_words import diagnosis_words, hint

LATER = timedelta(minutes=5)


class QueueFilter(forms.Form):
    """What part of the queue is shown; an unknown value shows everything."""

    klass = forms.TypedChoiceField(label="班级", required=False, coerce=int, empty_value=None)
    level = forms.ChoiceField(label="紧急程度", required=False, choices=[("", "全部"), *FlagLevel.choices])

    def __init__(self, *args, klasses: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["klass"].choices = [("", "全部班级"), *klasses]  # type: ignore[attr-defined]

    def chosen(self) -> dict:
        """{'klass_id': int | None, 'level': str}."""
        data = self.cleaned_data if self.is_valid() else {}
        return {"klass_id": data.get("klass"), "level": data.get("level", "")}


class RoundForm(forms.Form):
    """How the same-day round is staffed."""

    counselors = forms.IntegerField(label="可参加的心理教师人数", min_value=1, max_value=20, initial=1)
    minutes = forms.IntegerField(label="每人分钟数", min_value=3, max_value=30, initial=5)

    def chosen(self) -> dict[str, int]:
        data = self.cleaned_data if self.is_valid() else {}
        return {"counselors": data.get("counselors", 1), "minutes": data.get("minutes", 5)}


class DiagnosisHint(forms.Form):
    """A form whose text may not carry a diagnosis without its medical source (精神卫生法 §23, 4-workflow D9.14)."""

    is_from_hospital = forms.BooleanField(label="文中的诊断说法由医疗机构提供（监护人转述或有病历）", required=False)
    text_field = ""

    def clean(self):
        data = super().clean() or self.cleaned_data
        words = diagnosis_words(data.get(self.text_field) or "")
        if words and not data.get("is_from_hospital"):
            self.add_error(self.text_field, hint(words))
        return data


class InterviewForm(DiagnosisHint):
    text_field = "summary"
    flags = forms.CharField(widget=forms.HiddenInput, required=False)
    at = forms.DateTimeField(
        label="访谈时间",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    outcome = forms.ChoiceField(label="结果", choices=Outcome.choices, widget=forms.RadioSelect)
    watch_until = forms.DateField(
        label="留意至",
        required=False,
        help_text="结果为“持续留意”时必填，到期自动提醒复核。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    summary = forms.CharField(
        label="访谈要点",
        max_length=4000,
        help_text="记录学生说的话和您看到的情况；加密保存，仅心理教师可读。",
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    field_order = ["at", "outcome", "watch_until", "summary", "is_from_hospital", "flags"]

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at > timezone.now() + LATER:
            raise forms.ValidationError("访谈时间不能晚于现在。")
        return at

    def clean_flags(self) -> list[int]:
        text = self.cleaned_data["flags"]
        return [int(part) for part in text.split(",") if part.strip().isdecimal()][:200]

    def clean(self):
        data = super().clean()
        if data.get("outcome") == Outcome.WATCH:
            until = data.get("watch_until")
            if "watch_until" not in self.errors and (until is None or until <= timezone.localdate()):
                self.add_error("watch_until", "请填写今天之后的日期。")
        return data


class ConcernForm(DiagnosisHint):
    """Plain words instead of levels: the reporter says how soon, not how bad."""

    text_field = "text"
    level = forms.ChoiceField(
        label="多久之内需要有人和 TA 谈谈？",
        widget=forms.RadioSelect,
        choices=[
            (FlagLevel.IMMEDIATE, "现在。说过要伤害自己或别人、已经受伤，或找不到人"),
            (FlagLevel.SAME_DAY, "今天。情绪或行为明显不对，放心不下"),
            (FlagLevel.TALK, "这几天。想请心理老师找机会聊聊"),
        ],
    )
    text = forms.CharField(
        label="您看到、听到了什么",
        max_length=2000,
        help_text="时间、地点、原话。只有心理教师和您自己能看到。",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    field_order = ["level", "text", "is_from_hospital"]
