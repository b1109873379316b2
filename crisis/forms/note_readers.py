"""Whom the owner of a case may name as a reader of its notes."""

from django import forms

from crisis.models import Case
from crisis.queries.people import counselors


class ReaderForm(forms.Form):
    reader_id = forms.TypedChoiceField(label="还可以给谁看", coerce=int)

    def __init__(self, *args, case: Case, named: set[int], **kwargs):
        super().__init__(*args, **kwargs)
        others = [row for row in counselors(case.school_id) if row[0] != case.owner_id and row[0] not in named]
        self.fields["reader_id"].choices = [("", "请选择"), *others]  # type: ignore[attr-defined]
