"""To whom a case may be passed on."""

from django import forms

from crisis.models import Case
from crisis.queries.people import counselors


class PassForm(forms.Form):
    to_id = forms.TypedChoiceField(label="新的责任人", coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, case: Case, **kwargs):
        super().__init__(*args, **kwargs)
        others = [row for row in counselors(case.school_id) if row[0] != case.owner_id]
        self.fields["to_id"].choices = [("", "请选择"), *others]  # type: ignore[attr-defined]
