"""Forms of 家校与就医: a contact, its confirmation, the question about home."""

from uuid import uuid4

from django import forms

from assessments.forms.interviews import DiagnosisHint
from crisis.actions.guardian_dues import open_dues
from crisis.actions.guardians import ContactValues, ProofValues
from crisis.models import Case, ContactChannel, DueCause, GuardianContact, MedicalAdvice, ProofKind, SafetyPlan, Stance
from crisis.queries.people import colleagues
from xinyu.access.uploads import FileRefused, checked_paper, checked_signature
from xinyu.students.holds import held_guardians
from xinyu.students.models import Guardian

from .cases import LONG
from .home_harm import moment_field, not_later_than_now, this_minute

REACHED = [("yes", "联系上了"), ("no", "没有联系上（只登记这一次尝试）")]


class ContactForm(DiagnosisHint):
    text_field = "content"
    guardian = forms.ChoiceField(label="告知哪位监护人", widget=forms.RadioSelect)
    is_reached = forms.ChoiceField(label="结果", choices=REACHED, widget=forms.RadioSelect, initial="yes")
    happened_at = moment_field("时间")
    channel = forms.ChoiceField(label="方式", choices=ContactChannel.choices, widget=forms.RadioSelect)
    told_by = forms.TypedChoiceField(label="告知人", coerce=int)
    beside = forms.TypedChoiceField(
        label="第二位在场老师",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="当面和家访须两人在场；电话、视频请开免提，尽量两人。",
    )
    topics = forms.MultipleChoiceField(label="告知了什么", widget=forms.CheckboxSelectMultiple, required=False)
    content = forms.CharField(
        label="告知的内容",
        widget=LONG,
        max_length=4000,
        required=False,
        help_text="说看到、听到的情况和学校的建议，不说病名。会印在告知书上。",
    )
    stance = forms.ChoiceField(label="监护人的态度", choices=[("", "没有表示"), *Stance.choices], required=False)
    answer = forms.CharField(label="监护人的答复", widget=LONG, max_length=2000, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["guardian", "is_reached", "happened_at", "channel", "told_by", "beside", "topics", "content",
                   "is_from_hospital", "stance", "answer"]  # fmt: skip

    def __init__(self, *args, case: Case, actor, **kwargs):
        super().__init__(*args, **kwargs)
        held = held_guardians(case.student)
        self.guardians = {str(row.pk): row for row in Guardian.objects.filter(student=case.student_id)}
        self.fields["guardian"].choices = [  # type: ignore[attr-defined]
            (pk, f"{row.name}（{row.relation or '关系未填'}）{' · 联系已暂停' if row.pk in held else ''}")
            for pk, row in self.guardians.items()
        ]
        people = colleagues(case.school_id)
        self.fields["told_by"].choices = people  # type: ignore[attr-defined]
        self.fields["beside"].choices = [("", "没有"), *people]  # type: ignore[attr-defined]
        self.advice = MedicalAdvice.objects.filter(case=case).first()
        self.plan = SafetyPlan.objects.filter(case=case).first()
        topics = [("situation", "学生的情况与需要的配合")]
        topics += [("advice", "建议就医")] if self.advice else []
        topics += [("plan", f"安全计划（第 {self.plan.version} 版）")] if self.plan else []
        self.fields["topics"].choices = topics  # type: ignore[attr-defined]
        owed = {due.cause for due in open_dues(case)}
        said = (
            ["advice"] if owed == {DueCause.ADVICE} else ["situation", *(["advice"] if DueCause.ADVICE in owed else [])]
        )
        defaults = {"key": uuid4(), "happened_at": this_minute(), "told_by": actor.pk, "topics": said}
        if len(self.guardians) == 1:
            defaults["guardian"] = next(iter(self.guardians))
        for name, value in defaults.items():
            self.initial.setdefault(name, value)

    def clean_happened_at(self):
        return not_later_than_now(self.cleaned_data["happened_at"])

    def values(self) -> ContactValues:
        said = self.cleaned_data
        return ContactValues(
            guardian=self.guardians[said["guardian"]],
            happened_at=said["happened_at"],
            channel=said["channel"],
            is_reached=said["is_reached"] == "yes",
            told_by=said["told_by"],
            beside=said["beside"],
            content=said["content"],
            answer=said["answer"],
            stance=said["stance"],
            about_situation="situation" in said["topics"],
            advice=self.advice if "advice" in said["topics"] else None,
            safety_plan=self.plan if "plan" in said["topics"] else None,
        )


class ProofForm(forms.Form):
    """One of four ways; only the fields of the chosen one are read."""

    kind = forms.ChoiceField(label="确认方式", choices=ProofKind.choices, widget=forms.RadioSelect)
    drawn = forms.CharField(widget=forms.HiddenInput, required=False)
    scan = forms.FileField(
        label="签好字的告知书",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text="PDF、JPEG 或 PNG，最多 5 MB。加密保存，照片里的位置信息会去掉。",
    )
    witness = forms.CharField(
        label="见证人", max_length=60, required=False, help_text="拒签或不在场时填写：姓名和身份。不能是告知人本人。"
    )
    confirmed_at = moment_field("时间")
    channel = forms.ChoiceField(label="方式", choices=ContactChannel.choices)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, contact: GuardianContact, **kwargs):
        super().__init__(*args, **kwargs)
        defaults = {"key": uuid4(), "confirmed_at": this_minute(), "channel": contact.channel, "kind": "drawn"}
        for name, value in defaults.items():
            self.initial.setdefault(name, value)

    def clean_confirmed_at(self):
        return not_later_than_now(self.cleaned_data["confirmed_at"])

    def clean(self):
        said = super().clean() or self.cleaned_data
        said["file"] = None
        try:
            if said.get("kind") == ProofKind.DRAWN and said.get("drawn"):
                said["file"] = checked_signature(said["drawn"])
            if said.get("kind") == ProofKind.SCAN and said.get("scan"):
                said["file"] = checked_paper(said["scan"].read())
        except FileRefused as why:
            self.add_error(said["kind"], str(why))
        return said

    def values(self) -> ProofValues:
        said = self.cleaned_data
        return ProofValues(said["kind"], said["confirmed_at"], said["channel"], said["witness"], said["file"])


class DenyHomeForm(forms.Form):
    reason = forms.CharField(
        label="为什么可以联系家里",
        widget=LONG,
        max_length=2000,
        help_text="怎样核实的、学生自己怎么说。加密保存。不要写反映人是谁。",
    )
