"""Forms of the safety plan, of 结对帮扶 and of a school's own card texts."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.utils import timezone

from crisis.models import CardAnswer, PairContactKind
from crisis.queries.people import colleagues
from crisis.safety_steps import STEPS

from .cases import DAY, LONG
from .medical import not_after_today


class SafetyPlanForm(forms.Form):
    written_on = forms.DateField(label="写下的日期", widget=DAY)
    is_with_student = forms.BooleanField(
        label="和学生当面一起写的，用的是学生自己的话",
        error_messages={"required": "安全计划要和学生一起写；学生不在场时请不要代写。"},
    )
    after = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number, step in enumerate(STEPS, start=1):
            self.fields[step.code] = forms.CharField(
                label=f"{number}. {step.title}", help_text=step.question, widget=LONG, max_length=1000, required=False
            )
        self.order_fields([*(step.code for step in STEPS), "written_on", "is_with_student"])
        self.initial.setdefault("key", uuid4())
        self.initial.setdefault("written_on", timezone.localdate())

    def clean_written_on(self):
        return not_after_today(self.cleaned_data["written_on"])

    def words(self) -> dict[str, str]:
        return {step.code: self.cleaned_data[step.code] for step in STEPS}


class PairForm(forms.Form):
    helper_id = forms.TypedChoiceField(label="帮扶人", coerce=int)
    aim = forms.CharField(
        label="帮什么", widget=LONG, max_length=500, help_text="给帮扶人看：写要做的事，不写级别和谈话内容。"
    )
    from_on = forms.DateField(label="开始", widget=DAY)
    until_on = forms.DateField(label="至", widget=DAY)

    def __init__(self, *args, school_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["helper_id"].choices = colleagues(school_id)  # type: ignore[attr-defined]
        self.initial.setdefault("from_on", timezone.localdate())
        self.initial.setdefault("until_on", timezone.localdate() + timedelta(days=90))


class PairContactForm(forms.Form):
    """Two taps: how, and how it was; the second one sends."""

    kind = forms.ChoiceField(label="怎么联系的", choices=PairContactKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="看到的情况", widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False
    )
    on = forms.DateField(label="日期", widget=DAY)
    answer = forms.ChoiceField(choices=CardAnswer.choices, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())
        self.initial.setdefault("on", timezone.localdate())
        self.initial.setdefault("kind", "talk")

    def clean_on(self):
        return not_after_today(self.cleaned_data["on"])


class CardTextForm(forms.Form):
    title = forms.CharField(label="行为", max_length=40, help_text="写行为，不写级别、分数和病名。")
    watch = forms.CharField(label="留意什么", widget=LONG, max_length=1000)
    say = forms.CharField(label="怎么说、怎么做", widget=LONG, max_length=1000)
    call = forms.CharField(label="找谁、什么时候找", widget=LONG, max_length=1000)
    is_shown = forms.BooleanField(label="发行动卡时可选", required=False, initial=True)
    after = forms.IntegerField(widget=forms.HiddenInput)
