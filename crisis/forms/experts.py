"""Forms about experts: an entry of the directory, an assignment, a visit."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.utils import timezone

from crisis.models import Handover, VisitWay
from crisis.queries.experts import available, expert_accounts

LONG = forms.Textarea(attrs={"rows": 4})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
#: an expert looks for two weeks unless somebody says otherwise
USUAL = timedelta(days=14)


class ExpertForm(forms.Form):
    speciality = forms.CharField(label="专长", max_length=80, help_text="例如：青少年抑郁、创伤与哀伤、家庭工作。")
    organisation = forms.CharField(label="所在单位", max_length=80)
    contact = forms.CharField(label="联系方式", max_length=80, help_text="加密保存，只有本局专干能看到。")
    active_until = forms.DateField(label="聘期至", widget=DAY, help_text="过了这一天，专家自动看不到任何移交。")


class NewExpertForm(ExpertForm):
    user_id = forms.TypedChoiceField(label="账号", coerce=int, help_text="先由管理员开通账号并批准专家岗位。")
    field_order = ("user_id", "speciality", "organisation", "contact", "active_until")

    def __init__(self, *args, county_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user_id"].choices = [("", "请选择"), *expert_accounts(county_id)]  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    expert_id = forms.TypedChoiceField(label="专家", coerce=int)
    until_on = forms.DateField(
        label="可以看到哪一天", widget=DAY, help_text="当天结束时专家自动看不到；最晚到移交的可见期和专家的聘期。"
    )
    ask = forms.CharField(label="请专家做什么", widget=LONG, max_length=1000)

    def __init__(self, *args, handover: Handover, **kwargs):
        today = timezone.localdate()
        last = timezone.localdate(handover.open_until)
        super().__init__(*args, **kwargs)
        self.fields["until_on"].initial = min(today + USUAL, last)
        self.experts = {row.pk: row for row in available(handover.county_id, today)}
        named = [(pk, f"{row.user.name}（{row.speciality}，{row.organisation}）") for pk, row in self.experts.items()]
        self.fields["expert_id"].choices = [("", "请选择"), *named]  # type: ignore[attr-defined]


class VisitForm(forms.Form):
    visited_at = forms.DateTimeField(label="时间", widget=MOMENT, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
    way = forms.ChoiceField(label="方式", choices=VisitWay.choices)
    body = forms.CharField(label="见到谁、了解到什么", widget=LONG, max_length=4000)
    advice = forms.CharField(label="给学校的建议", widget=LONG, max_length=2000)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["visited_at"].initial, self.fields["key"].initial = timezone.localtime(), uuid4()
