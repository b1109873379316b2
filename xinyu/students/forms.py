"""Forms about students. Refusals are Chinese sentences at the field; the database has the last word."""

from django import forms
from django.utils import timezone

from xinyu.lib import identity_numbers
from xinyu.lib.names import PersonNameError
from xinyu.lib.names import parse as parse_name
from xinyu.organisations.models import Klass, School

from .actions.decisions import BY_STAFF, needs_witness
from .holds import HELD, held_guardians
from .models import AttentionGroup, Channel, GuardianDecision, GuardianNotice, Student
from .notices import CURRENT, NOTICES
from .queries import beside

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class RosterUploadForm(forms.Form):
    school = forms.ModelChoiceField(School.objects.none(), label="学校", empty_label=None)
    file = forms.FileField(
        label="名册文件",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="支持 .xlsx 和 .csv，不超过 5 MB。必须有学号、姓名、班级三列。",
        error_messages={"required": "请选择名册文件。", "empty": "文件是空的，没有任何内容。"},
    )
    creates_klasses = forms.BooleanField(
        label="班级不存在时按文件新建", required=False, help_text="新建哪些班级，会在下一步先列出来。"
    )

    def __init__(self, *args, schools: set[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = School.objects.filter(pk__in=schools)
        if len(schools) == 1:
            self.fields["school"].initial = next(iter(schools))
            self.fields["school"].widget = forms.HiddenInput()


class StudentForm(forms.ModelForm):
    id_number = forms.CharField(
        label="更正身份证号",
        required=False,
        help_text="不改就留空。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Student
        fields = ["klass", "number", "name", "sex", "birth_on", "is_boarding", "left_on"]
        widgets = {"birth_on": DATE, "left_on": DATE}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        klasses = Klass.objects.filter(grade__school=self.instance.school_id).select_related("grade")
        self.fields["klass"].queryset = klasses
        on = timezone.localdate()
        self.fields["klass"].label_from_instance = lambda klass: klass.name_on(on)

    def clean_name(self) -> str:
        try:
            return parse_name(self.cleaned_data["name"])
        except PersonNameError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        others = Student.objects.filter(school=self.instance.school_id, number=number).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("本校已有学生使用这个学号。")
        return number

    def clean_id_number(self) -> str | None:
        typed = self.cleaned_data["id_number"]
        if not typed:
            return None
        try:
            return identity_numbers.parse(typed).number
        except identity_numbers.IdentityNumberError as error:
            raise forms.ValidationError(str(error)) from error

    def _post_clean(self) -> None:
        """Leave the instance as it is: the action compares old values with the new ones."""


class AttentionForm(forms.Form):
    group = forms.ModelChoiceField(AttentionGroup.objects.filter(is_active=True), label="类别", empty_label="请选择")
    from_on = forms.DateField(label="开始日期", widget=DATE, initial=timezone.localdate)
    source = forms.CharField(label="信息来源", max_length=60, help_text="例如：班主任家访、监护人告知、学籍登记。")


#: the student's own decision among the choices of "who"; nobody is chosen beforehand
HERSELF = "student"


class DecisionForm(forms.ModelForm):
    guardian = forms.ChoiceField(label="谁作的决定")
    channel = forms.ChoiceField(label="方式", choices=[(c.value, c.label) for c in Channel if c in BY_STAFF])
    witness = forms.ChoiceField(
        label="电话：同时在场的另一位老师", required=False,
        help_text="电话里说的同意，须由这位老师本人在平台上确认后才算数；拒绝和撤回马上算数。",
    )  # fmt: skip
    notice_version = forms.ChoiceField(label="告知书版本", initial=CURRENT)
    decided_at = forms.DateTimeField(
        label="决定时间",
        initial=timezone.localtime,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    class Meta:
        model = GuardianDecision
        fields = [
            "guardian",
            "purpose",
            "decision",
            "channel",
            "witness",
            "notice_version",
            "decided_at",
            "is_verified",
        ]

    def __init__(self, *args, student: Student, actor=None, **kwargs):
        super().__init__(*args, **kwargs)
        issued = [(n.version, str(n)) for n in GuardianNotice.objects.filter(school_id=student.school_id)[:20]]
        self.fields["notice_version"].choices = [*((v, f"通用告知书（{v}）") for v in NOTICES), *issued]
        self.people = beside(student, actor)
        if not self.people:
            self.fields["witness"].help_text = "电话里说的同意请由心理教师记录。"
        self.fields["witness"].choices = [("", "—"), *((str(pk), user.name) for pk, user in self.people.items())]
        held = held_guardians(student)
        self.guardians = {str(guardian.pk): guardian for guardian in student.guardians.all() if guardian.pk not in held}
        if held:
            self.fields["guardian"].help_text = HELD
        named = [(pk, f"{one.name}（{one.relation or '关系未填'}）") for pk, one in self.guardians.items()]
        self.fields["guardian"].choices = [("", "请选择"), *named, (HERSELF, "学生本人")]

    def clean_guardian(self):
        """None: the student herself."""
        return self.guardians.get(self.cleaned_data["guardian"])

    def clean_witness(self):
        pk = self.cleaned_data["witness"]
        return self.people[int(pk)] if pk else None

    def clean(self):
        cleaned = super().clean() or {}
        by_two = needs_witness(cleaned.get("channel", ""), cleaned.get("decision", ""))
        if by_two and not cleaned.get("witness") and "witness" not in self.errors:
            self.add_error("witness", "电话同意请选择同时在场的另一位老师。")
        return cleaned

    def clean_decided_at(self):
        at = self.cleaned_data["decided_at"]
        if at > timezone.now():
            raise forms.ValidationError("决定时间不能在将来。")
        return at

    def _post_clean(self) -> None:
        """The action makes the row; nothing is validated against a half-filled instance."""


class SearchForm(forms.Form):
    """q: beginning of a name, pinyin, initials or number; grade and class by id."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    grade = forms.ChoiceField(label="年级", required=False)
    klass = forms.ChoiceField(label="班级", required=False)
    left = forms.BooleanField(label="包括已离校", required=False)

    def __init__(self, *args, klasses: list[Klass], **kwargs):
        super().__init__(*args, **kwargs)
        on = timezone.localdate()
        self.fields["q"].widget.attrs["placeholder"] = "姓名、拼音、首字母或学号"
        grades = {klass.grade_id: klass.grade.name_on(on) for klass in klasses}
        self.fields["grade"].choices = [("", "全部"), *grades.items()]
        self.fields["klass"].choices = [("", "全部"), *((klass.pk, klass.name_on(on)) for klass in klasses)]
