"""Asking for help without a log-in, and the codes that lead there."""

from uuid import uuid4

from django import forms

from assessments.choices import FlagLevel
from assessments.forms.answering import CodeForm
from assessments.naming import MOST, split_names


class HelpForm(forms.Form):
    """Only the words are asked for; everything else may stay empty."""

    level = forms.ChoiceField(
        label="多久之内需要有老师来？",
        widget=forms.RadioSelect,
        choices=[
            (FlagLevel.IMMEDIATE, "现在。有人可能马上受到伤害，或已经受伤"),
            (FlagLevel.SAME_DAY, "今天"),
            (FlagLevel.TALK, "这几天，想找老师聊聊"),
        ],
        error_messages={"required": "请选一项，老师好知道要多快。"},
    )
    text = forms.CharField(
        label="发生了什么",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写一句发生了什么，或者想说什么。"},
    )
    name = forms.CharField(label="需要帮助的是谁（可以不填）", max_length=60, required=False)
    klass = forms.TypedChoiceField(label="班级（可以不填）", coerce=int, empty_value=None, required=False)
    caller = forms.CharField(label="怎么找到你（可以不填）", max_length=80, required=False)
    names_home = forms.BooleanField(label="伤害可能来自家里人，请先不要告诉家里", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, klasses, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())
        self.fields["klass"].choices = [("", "不清楚"), *((k.pk, name) for k, name in klasses)]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        if len(split_names(self.cleaned_data["name"])) > MOST:
            raise forms.ValidationError(f"一次最多写 {MOST} 个人。")
        return self.cleaned_data["name"]


class FollowForm(CodeForm):
    """The code that somebody wrote down."""


class DoorForm(forms.Form):
    place = forms.CharField(
        label="贴在哪里",
        max_length=40,
        help_text="例如“初二（3）班教室”“三楼楼梯口”。印在海报下方，收到留言时也会看到。",
    )
    room = forms.CharField(
        label="心理辅导室在哪里、什么时候有人",
        max_length=80,
        help_text="印在海报上，也一直显示在求助页上。例如“综合楼 2 楼 203，每天 12:00—13:30、16:30—17:30”。",
    )
