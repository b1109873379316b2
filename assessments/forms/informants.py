"""Who is asked about a student, with which questionnaire; and what the informant types besides her answers."""

from typing import Any

from django import forms

from assessments.forms.consent import CodeOnPaperForm
from assessments.models import ScaleVersion
from assessments.scale_gate import ROLE_NAMES
from xinyu.lib.phones import PhoneError, normalise
from xinyu.students.models import Guardian

TEACHERS = ("班主任", "任课教师")


class SendForm(forms.Form):
    """`paper`: "version:informant"; `person`: "g:ID" of a guardian or "t:班主任"."""

    paper = forms.ChoiceField(label="问卷", error_messages={"required": "请选择问卷。"})
    person = forms.ChoiceField(
        label="请谁填写", widget=forms.RadioSelect, error_messages={"required": "请选择填写人。"},
        help_text="只列出名册里有电话、现在可以联系的监护人。",
    )  # fmt: skip

    def __init__(self, *args, papers: list[tuple[ScaleVersion, str]], guardians: list[Guardian], **kwargs):
        super().__init__(*args, **kwargs)
        self.papers = {f"{one.pk}:{role}": (one, role) for one, role in papers}
        self.guardians = {f"g:{one.pk}": one for one in guardians}
        fields: dict[str, Any] = self.fields
        roles = {role for _, role in papers}
        fields["paper"].choices = [
            (key, f"{one.title} · {ROLE_NAMES[role]}") for key, (one, role) in self.papers.items()
        ]
        fields["person"].choices = [
            *(
                (key, f"{one.relation or '监护人'} {one.name}")
                for key, one in self.guardians.items()
                if "parent" in roles
            ),
            *((f"t:{name}", name) for name in TEACHERS if "teacher" in roles),
        ]

    def clean(self):
        cleaned = super().clean() or {}
        paper, person = cleaned.get("paper"), cleaned.get("person")
        if paper and person and (self.papers[paper][1] == "parent") != (person in self.guardians):
            self.add_error("person", "家长的问卷请选监护人，教师的问卷请选教师。")
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What `issue_link` takes by name."""
        version, role = self.papers[self.cleaned_data["paper"]]
        guardian = self.guardians.get(self.cleaned_data["person"])
        who = (guardian.relation or "监护人") if guardian else self.cleaned_data["person"][2:]
        return {"version": version, "role": role, "who": who, "guardian": guardian}


class InformantCodeForm(CodeOnPaperForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "纸条上的编号"


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label="您在学校登记的手机号", max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": "请填写您在学校登记的手机号，用来核对是您本人。"},
    )  # fmt: skip

    def clean_phone(self) -> str:
        try:
            return normalise(self.cleaned_data["phone"])
        except PhoneError as error:
            raise forms.ValidationError(f"{error}。") from None
