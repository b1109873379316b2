"""Planning a screening, going on duty, approving a scale."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from assessments.capacity import minutes_for, minutes_of
from assessments.models import ScaleVersion
from assessments.queries.scales import offered
from assessments.queries.screenings import grades_with_klasses, own_schools
from assessments.scale_library import definition_of
from xinyu.organisations.models import Klass, School

BASES = (
    ("consent", "逐人征得监护人同意（没有明确同意的学生不作答）"),
    ("duty", "学校法定心理健康筛查职责（明确拒绝的学生不作答，其余学生仍可自己选择不答）"),
)


def moment_field(label: str) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label,
        widget=widget,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": "请写成 2026-09-01 08:00 这样的时间。"},
    )


def _scale_label(version: ScaleVersion) -> str:
    items = len(definition_of(version).items)
    return f"{version.title}　第 {version.version} 版（{items} 题，约 {minutes_of(items)} 分钟）"


class ScreeningForm(forms.Form):
    """`school` is the screening's school when it is edited, else None and the person chooses among her own."""

    title = forms.CharField(label="名称", max_length=60, help_text="学生也会看到，如“初二秋季心理健康普测”。")
    school: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=School.objects.none(), label="学校", empty_label=None
    )
    scales = forms.ModelMultipleChoiceField(
        queryset=ScaleVersion.objects.exclude(text_status="none"), label="量表", widget=forms.CheckboxSelectMultiple
    )
    klasses = forms.ModelMultipleChoiceField(
        queryset=Klass.objects.none(), label="班级", required=False, widget=forms.CheckboxSelectMultiple
    )
    #: without a script a box over classes is an instruction of its own; with one it has ticked them already
    grades = forms.MultipleChoiceField(label="全年级", required=False)
    whole_school = forms.BooleanField(label="全校", required=False)
    by_person = forms.BooleanField(label="还要选（或只选）部分学生", required=False)
    opens_at = moment_field("开始时间")
    closes_at = moment_field("结束时间")
    minutes = forms.IntegerField(
        label="作答时长（分钟）", required=False, min_value=0, max_value=120,
        help_text="结束前这么久不再让人开始，已经开始的可以答完；不填按题量估算。",
    )  # fmt: skip
    makeup_place = forms.CharField(
        label="补测地点和领码", max_length=60, required=False,
        help_text="补测开始时，班主任会读到这句话，如“周四下午三楼机房，作答条在心理教师处领”。不写学生姓名。",
    )  # fmt: skip
    legal_basis = forms.ChoiceField(label="处理依据", choices=BASES, widget=forms.RadioSelect, initial="consent")

    def __init__(self, *args, school=None, **kwargs):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        schools = own_schools("assessments.plan_screening")
        self.place = school or self._chosen_school(schools)
        self.lines = grades_with_klasses(self.place.pk, timezone.localdate()) if self.place else []
        fields["grades"].choices = [(str(line.pk), line.name) for line in self.lines]
        fields["school"].queryset = schools
        fields["klasses"].queryset = Klass.objects.filter(school=self.place).select_related("grade")
        if self.place:
            fields["scales"].queryset = offered(self.place.county_id)
        fields["scales"].label_from_instance = _scale_label
        if school or len(schools) < 2:
            del fields["school"]

    def clean_scales(self):
        """Answers of a sitting are kept by the scale's code: two versions of one scale would share a place."""
        versions = list(self.cleaned_data["scales"])
        if len({version.code for version in versions}) < len(versions):
            raise forms.ValidationError("同一个量表只能选一个版本。")
        return self.cleaned_data["scales"]

    def _chosen_school(self, schools):
        wanted = str(self.data.get("school") or self.initial.get("school") or "")
        return next((school for school in schools if str(school.pk) == wanted), schools.first())

    @property
    def chosen(self) -> set[str]:
        """Ids of ticked classes, whether typed just now or stored."""
        ticked = {str(getattr(value, "pk", value)) for value in self["klasses"].value() or []}
        grades = set(self["grades"].value() or [])
        return ticked | {str(pk) for pk in self._klasses_under(grades, whole=bool(self["whole_school"].value()))}

    def _klasses_under(self, grades: set[str], *, whole: bool) -> set[int]:
        return {pk for line in self.lines if whole or str(line.pk) in grades for pk, _, _ in line.klasses}

    def _clean_who(self, cleaned: dict[str, Any]) -> None:
        under = self._klasses_under(set(cleaned.pop("grades", [])), whole=cleaned.pop("whole_school", False))
        self.wants_people = cleaned.pop("by_person", False)
        klasses = set(cleaned.get("klasses") or []) | set(Klass.objects.filter(pk__in=under, school=self.place))
        if not klasses and not self.wants_people and "klasses" not in self.errors:
            self.add_error("klasses", "请选择全校、年级或班级；只测部分学生的，请勾选“部分学生”。")
        cleaned["klasses"] = sorted(klasses, key=lambda klass: klass.pk)

    def clean(self):
        cleaned = super().clean() or {}
        self._clean_who(cleaned)
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "结束时间应晚于开始时间。")
        elif closes and closes <= timezone.now():
            self.add_error("closes_at", "结束时间已经过去。")
        cleaned.pop("school", None)
        if not cleaned.get("minutes"):
            items = sum(len(definition_of(version).items) for version in cleaned.get("scales") or [])
            cleaned["minutes"] = minutes_for(items)
        if opens and closes and opens < closes and (closes - opens).total_seconds() <= cleaned["minutes"] * 60:
            self.add_error("minutes", "测评时间比作答时长还短。")
        return cleaned


class DutyForm(forms.Form):
    until = forms.TimeField(
        label="值守到",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "请写成 17:30 这样的时间。"},
    )

    def clean_until(self) -> datetime:
        """The time of day as a moment of today."""
        return timezone.make_aware(datetime.combine(timezone.localdate(), self.cleaned_data["until"]))


class UnguardedForm(forms.Form):
    reason = forms.CharField(
        label="理由", max_length=200, min_length=5, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"min_length": "请写清楚理由，至少 5 个字。"},
    )  # fmt: skip


class WatchForm(DutyForm):
    """Who watches the computer room, until when today."""

    watcher = forms.ChoiceField(label="看机房的老师", error_messages={"required": "请选择老师。"})
    field_order = ["watcher", "until"]

    def __init__(self, *args, people: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["until"].label = "看到"
        fields["watcher"].choices = [("", "请选择"), *people]


class StopForm(forms.Form):
    reason = forms.CharField(
        label="停止的理由", max_length=200, min_length=5, widget=forms.Textarea(attrs={"rows": 2, "id": "id_stop"}),
        help_text="例如：家长对内容有疑问、现场秩序混乱、发现量表有误。停止以后不能再打开。",
        error_messages={"min_length": "请写清楚理由，至少 5 个字。"},
    )  # fmt: skip


class ApprovalForm(forms.Form):
    note = forms.CharField(
        label="比对说明", max_length=200, min_length=5, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="与哪一个官方中文版比对过，有哪些不同，如何处理。",
        error_messages={"min_length": "请写清楚比对情况，至少 5 个字。"},
    )  # fmt: skip


class PaceForm(forms.Form):
    """What the school can give to talks: the input of the capacity check."""

    minutes_a_day = forms.IntegerField(
        label="每个在校日可用于访谈的时间（分钟，全部心理教师合计）", min_value=20, max_value=2400,
        help_text="扣除上课、值守和记录的时间，只算真正能谈话的时间。",
    )  # fmt: skip
    minutes_each = forms.IntegerField(label="每次访谈（含记录，分钟）", min_value=10, max_value=120)
    backlog_limit = forms.IntegerField(
        label="访谈积压达到几人时，下一批暂缓", min_value=1, max_value=200,
        help_text="还没有谈过的学生达到这个数，下一批不放行，直到谈完。",
    )  # fmt: skip


class AskApprovalForm(forms.Form):
    reason = forms.CharField(
        label="申请理由", max_length=300, min_length=10,
        widget=forms.Textarea(attrs={"rows": 3, "id": "id_ask_reason"}),
        help_text="为什么现在需要再测、已做过哪些工作。县区教育局只看到这份申请，看不到学生。",
        error_messages={"min_length": "请写清楚理由，至少 10 个字。"},
    )  # fmt: skip


class DecideApprovalForm(forms.Form):
    is_granted = forms.TypedChoiceField(
        label="答复", choices=(("yes", "批准"), ("no", "不批准")), widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    note = forms.CharField(
        label="批复意见", max_length=300, min_length=5, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"min_length": "请写清楚意见，至少 5 个字。"},
    )  # fmt: skip
    until_on = forms.DateField(
        label="批准有效期至", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="过了这一天还没有开始的，须重新申请。",
        error_messages={"invalid": "请写成 2026-09-30 这样的日期。"},
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean() or {}
        until, today = cleaned.get("until_on"), timezone.localdate()
        if cleaned.get("is_granted") and "until_on" not in self.errors:
            if until is None:
                self.add_error("until_on", "批准须写明有效期。")
            elif not today <= until <= today + timedelta(days=180):
                self.add_error("until_on", "有效期应在今天到今后 180 天之间。")
        return cleaned
