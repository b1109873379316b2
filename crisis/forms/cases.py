"""Forms of the case pages. What the database or the workflow decides is not repeated here."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.utils import timezone

from assessments.forms.interviews import DiagnosisHint
from crisis.levels import LevelScheme
from crisis.models import Cause, NoteKind
from crisis.queries.people import colleagues
from crisis.workflow import STATES

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LONG = forms.Textarea(attrs={"rows": 4})


def level_choices(scheme: LevelScheme, keep=lambda level: True) -> list[tuple[str, str]]:
    return [(level.code, f"{level.label}：{level.criteria}") for level in scheme.levels if keep(level)]


class LevelForm(DiagnosisHint):
    """A level with a reason and an end. `at_least`, `below`: gravities between which levels are offered."""

    text_field = "reason"
    level = forms.ChoiceField(label="级别", widget=forms.RadioSelect)
    reason = forms.CharField(label="定级理由", widget=LONG, max_length=2000, help_text="写看到、听到的事实与依据。")
    until_on = forms.DateField(label="有效至", widget=DAY, help_text="到期须续期，否则不再作为有效级别。")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["level", "reason", "is_from_hospital", "until_on"]

    def __init__(self, *args, scheme: LevelScheme, at_least: int | None = None, below: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = level_choices(  # type: ignore[attr-defined]
            scheme,
            lambda level: (at_least is None or level.gravity <= at_least) and (below is None or level.gravity > below),
        )
        self.fields["until_on"].initial = timezone.localdate() + timedelta(days=90)


class LoweringForm(LevelForm):
    team_met_on = forms.DateField(label="研判会日期", widget=DAY)
    field_order = ["level", "team_met_on", "reason", "is_from_hospital", "until_on"]

    def clean_team_met_on(self):
        day = self.cleaned_data["team_met_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("研判会日期不能晚于今天。")
        return day


class MoveForm(forms.Form):
    reason = forms.CharField(label="理由", widget=LONG, max_length=2000, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


#: written by the platform, or on a page of its own
OWN_PAGES = frozenset({NoteKind.MOVE, NoteKind.GUARDIAN})


class NoteForm(DiagnosisHint):
    text_field = "body"
    kind = forms.ChoiceField(label="类别", choices=[row for row in NoteKind.choices if row[0] not in OWN_PAGES])
    happened_at = forms.DateTimeField(
        label="发生时间", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    body = forms.CharField(
        label="内容",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=8000,
        help_text="告知监护人请在“家校与就医”里登记。保存后不能修改，可再写“更正”。",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["kind", "happened_at", "body", "is_from_hospital"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())
        self.initial.setdefault("happened_at", timezone.localtime().replace(second=0, microsecond=0))

    def clean(self):
        if self.cleaned_data.get("kind") == NoteKind.MEDICAL:  # the kind itself names the source
            self.cleaned_data["is_from_hospital"] = True
        return super().clean()

    def clean_happened_at(self):
        at = self.cleaned_data["happened_at"]
        if at > timezone.now() + timedelta(minutes=5):
            raise forms.ValidationError("发生时间不能晚于现在。")
        return at


class PlanItemForm(forms.Form):
    cause = forms.ChoiceField(label="原因", choices=Cause.choices)
    goal = forms.CharField(label="问题与目标", widget=LONG, max_length=2000)
    action = forms.CharField(
        label="措施",
        widget=LONG,
        max_length=2000,
        required=False,
        help_text="暂时没有措施可以先留空，方案即视为不完整。",
    )
    person_id = forms.TypedChoiceField(label="负责人", coerce=int)
    due_on = forms.DateField(label="完成期限", widget=DAY)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, school_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person_id"].choices = colleagues(school_id)  # type: ignore[attr-defined]


class CaseFilter(forms.Form):
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[
            ("open", "在办"),
            ("all", "全部"),
            *((code, state.label) for code, state in STATES.items() if code != "open"),
        ],
    )
    level = forms.ChoiceField(label="级别", required=False)

    def __init__(self, *args, scheme: LevelScheme, **kwargs):
        super().__init__(*args, **kwargs)
        found = [(level.common_code, level.label) for level in scheme.levels]
        self.fields["level"].choices = [("", "全部"), *found]  # type: ignore[attr-defined]
