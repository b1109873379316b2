"""Forms of raising a concern and of naming the student whom a report means."""

from django import forms

from assessments.choices import FlagLevel
from assessments.naming import MOST, split_names

from .interviews import DiagnosisHint


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
        help_text="时间、地点、原话。加密送达，只有心理教师能读；您的姓名不会告诉学生、家长和其他同事。",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    names_home = forms.BooleanField(
        label="说到伤害可能来自监护人或家里人（暂不通知家里，由学校先商定）", required=False
    )
    field_order = ["level", "text", "names_home", "is_from_hospital"]


class NamedConcernForm(ConcernForm):
    """For somebody who sees no roster: a class and names, typed. Nothing tells whether such a student exists."""

    klass = forms.TypedChoiceField(label="班级", coerce=int, empty_value=None, required=False)
    names = forms.CharField(
        label="学生姓名",
        max_length=200,
        required=False,
        help_text="几名学生用顿号隔开，各自分开处理。不知道姓名可以不填，在下面写明是谁。",
    )
    field_order = ["klass", "names", "level", "text", "names_home", "is_from_hospital"]

    def __init__(self, *args, klasses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["klass"].choices = [("", "不清楚")] + [(k.pk, name) for k, name in klasses]  # type: ignore[attr-defined]

    def clean_names(self) -> list[str]:
        names = split_names(self.cleaned_data["names"])
        if len(names) > MOST:
            raise forms.ValidationError(f"一次最多 {MOST} 名学生。")
        return names


class WhoForm(forms.Form):
    """The number of the student whom a report means."""

    number = forms.CharField(label="学号", max_length=32)


class ClosingForm(forms.Form):
    reason = forms.CharField(label="结束的理由", max_length=300)
