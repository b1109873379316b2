"""Forms of the abuse path: whom not to tell, what was reported, what the team decided."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.utils import timezone

from crisis.models import ReportChannel, ReportTo
from xinyu.students.models import Guardian, Student

from .cases import DAY, LONG

MOMENT = {"type": "datetime-local"}


def moment_field(label: str, **kwargs) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M"), **kwargs)


def not_later_than_now(at):
    if at > timezone.now() + timedelta(minutes=5):
        raise forms.ValidationError("时间不能晚于现在。")
    return at


def this_minute():
    return timezone.localtime().replace(second=0, microsecond=0)


class HomeHarmForm(forms.Form):
    guardian = forms.ChoiceField(
        label="暂停告知谁",
        widget=forms.RadioSelect,
        help_text="拿不准时选“所有监护人”。另一位监护人确实可靠、能保护学生，才只暂停一位。",
    )
    named = forms.CharField(label="被指认的人", max_length=60, help_text="与学生的关系即可，例如：同住的亲戚。")
    reason = forms.CharField(
        label="依据", widget=LONG, max_length=2000, help_text="学生说的原话、看到的情况。不要写反映人是谁。"
    )
    known_at = moment_field("学校知悉时间")

    def __init__(self, *args, student: Student, **kwargs):
        super().__init__(*args, **kwargs)
        self.guardians = {str(row.pk): row for row in Guardian.objects.filter(student=student)}
        one = [(pk, f"只暂停 {row.name}（{row.relation or '关系未填'}）") for pk, row in self.guardians.items()]
        self.fields["guardian"].choices = [("all", "所有监护人"), *one]  # type: ignore[attr-defined]
        self.initial.setdefault("guardian", "all")
        self.initial.setdefault("known_at", this_minute())

    def clean_guardian(self):
        """None: all of them."""
        return self.guardians.get(self.cleaned_data["guardian"])

    def clean_known_at(self):
        return not_later_than_now(self.cleaned_data["known_at"])


class MandatoryReportForm(forms.Form):
    to = forms.ChoiceField(label="报告对象", choices=ReportTo.choices, widget=forms.RadioSelect)
    reported_at = moment_field("报告时间")
    office = forms.CharField(label="单位和接报人", max_length=80, help_text="例如：城东派出所 值班民警")
    channel = forms.ChoiceField(label="方式", choices=ReportChannel.choices)
    receipt = forms.CharField(label="回执或接报编号", max_length=60, required=False)
    content = forms.CharField(
        label="报告内容",
        widget=LONG,
        max_length=4000,
        help_text="加密保存。不要写反映人是谁。保存后不能修改，可再登记一次。",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())
        self.initial.setdefault("reported_at", this_minute())

    def clean_reported_at(self):
        return not_later_than_now(self.cleaned_data["reported_at"])


class LiftForm(forms.Form):
    team_met_on = forms.DateField(label="研判会日期", widget=DAY)
    decision = forms.CharField(label="书面决定", widget=LONG, max_length=2000)
