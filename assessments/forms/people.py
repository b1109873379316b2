"""Choosing students by name, and where a battery pauses."""

from typing import Any

from django import forms

from assessments.codes import narrow
from assessments.models import Screening
from assessments.queries.people import by_numbers
from xinyu.students.models import Student

#: lines of one list; a whole grade is ticked, not pasted
MOST_LINES = 300
#: wrong lines that are named; who has more has taken the wrong column
MOST_NAMED = 8


class FindForm(forms.Form):
    q = forms.CharField(label="查找学生", required=False, max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = "姓名、拼音、首字母或学号"


class AddPeopleForm(forms.Form):
    """Ticked in a search, or a list of numbers; `students` of cleaned_data holds both. A list with a wrong line adds
    nobody."""

    students = forms.ModelMultipleChoiceField(
        queryset=Student.objects.none(), label="查到的学生", required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label="粘贴学号，一行一个", required=False, max_length=12000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="例如从一份新生名单里复制学号一列。有一行不对，整份都不加入。",
    )  # fmt: skip

    def __init__(self, *args, screening: Screening, **kwargs):
        super().__init__(*args, **kwargs)
        self.screening = screening
        fields: dict[str, Any] = self.fields
        fields["students"].queryset = Student.objects.filter(school_id=screening.school_id, left_on=None)

    def clean_numbers(self) -> list[Student]:
        typed = [(n, narrow(line)) for n, line in enumerate(self.cleaned_data["numbers"].splitlines(), 1)]
        typed = [(n, number) for n, number in typed if number]
        if len(typed) > MOST_LINES:
            raise forms.ValidationError(f"一次最多 {MOST_LINES} 行。人数更多的，请直接勾选班级或年级。")
        known = by_numbers(self.screening, [number for _, number in typed])
        wrong = [f"第 {n} 行的学号“{number[:24]}”在本校在读学生里没有。" for n, number in typed if number not in known]
        if len(wrong) > MOST_NAMED:
            wrong = [*wrong[:MOST_NAMED], f"还有 {len(wrong) - MOST_NAMED} 行也没有找到。"]
        if wrong:
            raise forms.ValidationError(wrong)
        return [known[number] for _, number in typed]

    def clean(self):
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned["students"] = list({one.pk: one for one in [*cleaned["students"], *cleaned["numbers"]]}.values())
            if not cleaned["students"]:
                self.add_error("numbers", "请在查到的学生里勾选，或粘贴学号。")
        return cleaned


class PausesForm(forms.Form):
    """After which parts of the battery the student may rest; never after the last."""

    after = forms.TypedMultipleChoiceField(label="休息点", required=False, coerce=int)

    def __init__(self, *args, versions: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["after"].choices = [(str(pk), str(pk)) for pk in versions[:-1]]
