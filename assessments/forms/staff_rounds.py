"""Planning a round for staff, agreeing to one, and what was done about an alert."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from assessments.choices import AlertOutcome
from assessments.models import ScaleVersion
from assessments.queries.staff_rounds import adult_versions, staff_numbers
from xinyu.lib.phones import PhoneError, normalise
from xinyu.organisations.models import County, School

LONGEST_DAYS, USUAL_DAYS = 60, 14
WORDS = "一个学期过去，大家辛苦了。这份自测帮您看看自己最近的状态，愿意的话，辅导站可以陪您聊一聊。"


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择日期。", "invalid": "请写成 2026-09-01 这样的日期。"},
    )  # fmt: skip


class StaffRoundForm(forms.Form):
    title = forms.CharField(label="名称", max_length=60, help_text="教职工会看到，如“秋季学期教职工心理自测”。")
    versions = forms.ModelMultipleChoiceField(
        queryset=ScaleVersion.objects.none(), label="量表", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个量表。"},
        help_text="只列出成人可以自己作答、并且本县区已经批准文本的量表。",
    )  # fmt: skip
    schools = forms.ModelMultipleChoiceField(
        queryset=School.objects.none(), label="邀请哪些学校的教职工", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一所学校。"},
    )  # fmt: skip
    opens_on, closes_on = _day("开始日期"), _day("结束日期")
    words = forms.CharField(label="邀请的话", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    station = forms.CharField(
        label="辅导站的地址、时间和电话", max_length=120, help_text="印在每个人的结果旁边，想找人谈时照着就能找到。"
    )

    def __init__(self, *args, county: County, station: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.people = staff_numbers(county.pk)
        fields["versions"].queryset = ScaleVersion.objects.filter(pk__in=[one.pk for one in adult_versions(county.pk)])
        fields["versions"].label_from_instance = lambda one: f"{one.title}　第 {one.version} 版"
        fields["schools"].queryset = School.objects.filter(pk__in=self.people)
        fields["schools"].label_from_instance = lambda one: f"{one.name}（{self.people[one.pk]} 人）"
        today = timezone.localdate()
        first = {"opens_on": today, "closes_on": today + timedelta(days=USUAL_DAYS), "words": WORDS, "station": station}
        for name, value in first.items():
            fields[name].initial = value

    def clean_closes_on(self) -> date:
        closes_on, opens_on = self.cleaned_data["closes_on"], self.cleaned_data.get("opens_on")
        if closes_on < timezone.localdate():
            raise forms.ValidationError("结束日期不能早于今天。")
        if opens_on and not opens_on <= closes_on <= opens_on + timedelta(days=LONGEST_DAYS):
            raise forms.ValidationError(f"结束日期应在开始日期之后 {LONGEST_DAYS} 天以内。")
        return closes_on


class AgreeForm(forms.Form):
    contact = forms.CharField(
        label="需要时怎么联系到您（电话）", max_length=30,
        error_messages={"required": "请写一个能联系到您本人的电话。"},
        help_text="加密保存。只在出现安全提醒时，由辅导站心理教师打给您本人，不经过学校。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    is_agreed = forms.BooleanField(
        label="我已读完上面的说明，自愿参加", error_messages={"required": "愿意参加的话，请先勾选这一项。"}
    )

    def clean_contact(self) -> str:
        try:
            return normalise(self.cleaned_data["contact"])
        except PhoneError as wrong:
            raise forms.ValidationError(str(wrong)) from None


class AlertForm(forms.Form):
    outcome = forms.ChoiceField(
        label="怎么处理的", choices=AlertOutcome, widget=forms.RadioSelect,
        error_messages={"required": "请先联系到本人，再选一项。"},
    )  # fmt: skip
