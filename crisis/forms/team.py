"""Forms of the page 研判与帮扶 and of the homeroom teacher's cards."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.utils import timezone

from crisis.card_templates import LONGEST_DAYS
from crisis.looks import level_of
from crisis.models import CardAnswer, Case, Conference, NoteKind
from crisis.queries.people import colleagues
from crisis.queries.schemes import scheme_at

from .cases import DAY, LONG, NoteForm, level_choices

MOMENT = "%Y-%m-%dT%H:%M"


class FollowUpForm(NoteForm):
    """A note of the kinds by which somebody is followed up."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = (NoteKind.TALK, NoteKind.HOME_VISIT, NoteKind.CONTACT, NoteKind.GUARDIAN)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["body"].help_text = "写看到、听到的情况和下一步。保存后自动排出下一次随访。"


class CardForm(forms.Form):
    watch = forms.CharField(label="留意什么", widget=LONG, max_length=1000)
    say = forms.CharField(label="怎么说、怎么做", widget=LONG, max_length=1000)
    call = forms.CharField(label="找谁、什么时候找", widget=LONG, max_length=1000)
    until_on = forms.DateField(label="有效至", widget=DAY, help_text=f"到期自动撤下，最长 {LONGEST_DAYS} 天。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until_on"].initial = timezone.localdate() + timedelta(days=30)


class FeedbackForm(forms.Form):
    answer = forms.ChoiceField(choices=CardAnswer.choices)
    words = forms.CharField(label="看到的情况（可不填）", max_length=500, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)


class ConferenceForm(forms.Form):
    meets_at = forms.DateTimeField(
        label="开会时间",
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    place = forms.CharField(label="地点", max_length=60)
    people = forms.TypedMultipleChoiceField(
        label="参加人员", coerce=int, widget=forms.CheckboxSelectMultiple, help_text="召集人自动列入。"
    )
    expert = forms.CharField(label="校外专家（可不填）", max_length=60, required=False)

    def __init__(self, *args, school_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = colleagues(school_id)  # type: ignore[attr-defined]
        self.fields["meets_at"].initial = timezone.localtime().replace(second=0, microsecond=0)


class MinutesForm(forms.Form):
    present = forms.TypedMultipleChoiceField(label="到会人员", coerce=int, widget=forms.CheckboxSelectMultiple)
    level = forms.ChoiceField(label="研判级别", widget=forms.RadioSelect)
    body = forms.CharField(
        label="会议纪要",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=8000,
        help_text="写清依据、意见和分工。只有到会人员和记录人能看到；保存后不能修改。",
    )
    colour_until = forms.DateField(
        label="班主任可见级别至（可不填）", widget=DAY, required=False, help_text="不填则班主任只看到行动卡。"
    )

    def __init__(self, *args, meeting: Conference, case: Case, **kwargs):
        super().__init__(*args, **kwargs)
        scheme = scheme_at(case.school_id)
        people = [(seat.person_id, seat.person.name) for seat in meeting.seats.select_related("person")]
        self.fields["present"].choices = people  # type: ignore[attr-defined]
        self.fields["present"].initial = [person for person, _ in people]
        self.fields["level"].choices = level_choices(scheme)  # type: ignore[attr-defined]
        self.fields["level"].initial = scheme.same_as(level_of(case.level, case.scheme)).code


def fresh_key() -> str:
    return str(uuid4())
