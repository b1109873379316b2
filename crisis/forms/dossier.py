"""Forms of 一人一案: one typed section, and the move of an entry to the right student."""

from datetime import date

from django import forms

from crisis.dossier import Section
from crisis.models import Case

LONGEST = 6000


class SectionForm(forms.Form):
    """The fields of one section. `base`: the version that stood on the page when typing began."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, section: Section, **kwargs):
        super().__init__(*args, **kwargs)
        for one in section.fields:
            text: dict = {"label": one.label, "help_text": one.help, "required": one.is_required}
            if one.choices:
                choices = [("", "请选择"), *((choice, choice) for choice in one.choices)]
                self.fields[one.code] = forms.ChoiceField(choices=choices, **text)
            else:
                area = forms.Textarea(attrs={"rows": one.rows})
                self.fields[one.code] = forms.CharField(widget=area, max_length=LONGEST, **text)

    @property
    def texts(self) -> dict[str, str]:
        return {name: text for name, text in self.cleaned_data.items() if name != "base"}


def _who(case: Case, today: date) -> str:
    kid = case.student
    return f"{kid.name}（{kid.klass.name_on(today)}，学号 {kid.number}）"


class EntryMoveForm(forms.Form):
    to_case = forms.TypedChoiceField(label="移到哪名学生的个案", coerce=int)
    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="会留在两名学生的记录里：不要写内容，不要写学生姓名。例如：录入时选错了学生。",
    )

    def __init__(self, *args, cases: list[Case], held: Case, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_case"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *((case.pk, f"{_who(case, today)}{'，已结束' if case.closed_at else ''}") for case in cases),
        ]
        self.names = {case.student.name for case in [held, *cases]}

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if any(name in reason for name in self.names):
            raise forms.ValidationError("请不要写学生姓名：理由会留在两名学生的记录里。")
        return reason
