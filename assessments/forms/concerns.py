"""Forms of raising a concern and of naming the student whom a report means."""

from django import forms
from django.utils import timezone

from assessments.choices import FlagLevel, FlagSource
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


class OutsideForm(DiagnosisHint):
    """What a hospital or a hotline told the school, written down by the counselor."""

    text_field = "text"
    number = forms.CharField(label="学生学号", max_length=32)
    source = forms.ChoiceField(
        label="谁告诉学校的",
        widget=forms.RadioSelect,
        choices=[(FlagSource.HOSPITAL, "医院"), (FlagSource.HOTLINE, "心理援助热线")],
    )
    institution = forms.CharField(label="单位名称", max_length=60)
    caller = forms.CharField(label="来电或来人", max_length=60, help_text="姓名、科室或工号、回拨电话。加密保存。")
    happened_on = forms.DateField(label="收到日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    document = forms.CharField(
        label="文书", max_length=120, required=False, help_text="名称、编号、原件放在哪里；没有文书写“无，电话告知”。"
    )
    level = forms.ChoiceField(
        label="多久之内需要有人和 TA 谈谈？",
        widget=forms.RadioSelect,
        choices=[(FlagLevel.IMMEDIATE, "现在"), (FlagLevel.SAME_DAY, "今天"), (FlagLevel.TALK, "这几天")],
    )
    text = forms.CharField(
        label="告知的内容",
        max_length=2000,
        help_text="照原话记，不改写成诊断。只有心理教师能读。",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    names_home = forms.BooleanField(
        label="说到伤害可能来自监护人或家里人（暂不通知家里，由学校先商定）", required=False
    )
    field_order = ["number", "source", "institution", "caller", "happened_on", "document", "level", "text",
                   "names_home", "is_from_hospital"]  # fmt: skip

    def clean_happened_on(self):
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("收到日期不能晚于今天。")
        return day

    def told(self) -> str:
        """The words with who said them: they stay together, sealed."""
        said = self.cleaned_data
        head = f"{said['institution']}（{said['caller']}），{said['happened_on']:%Y-%m-%d}"
        return f"{head}\n文书：{said['document'] or '未登记'}\n{said['text']}"


class WhoForm(forms.Form):
    """The number of the student whom a report means."""

    number = forms.CharField(label="学号", max_length=32)


class ClosingForm(forms.Form):
    reason = forms.CharField(label="结束的理由", max_length=300)
