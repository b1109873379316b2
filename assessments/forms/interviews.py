"""Forms of the interview pages."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django import forms
from django.http import QueryDict
from django.utils import timezone

from assessments.choices import FlagLevel, Outcome
from assessments.diagnosis_words import diagnosis_words, hint
from assessments.interview_forms import InterviewTemplate
from assessments.models import Flag
from assessments.screeners import NO, REFUSED, YES, IncompleteScreener, asq, cssrs

LATER = timedelta(minutes=5)


class QueueFilter(forms.Form):
    """What part of the queue is shown; an unknown value shows everything."""

    klass = forms.TypedChoiceField(label="班级", required=False, coerce=int, empty_value=None)
    level = forms.ChoiceField(label="紧急程度", required=False, choices=[("", "全部"), *FlagLevel.choices])

    def __init__(self, *args, klasses: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["klass"].choices = [("", "全部班级"), *klasses]  # type: ignore[attr-defined]

    def chosen(self) -> dict:
        """{'klass_id': int | None, 'level': str}."""
        data = self.cleaned_data if self.is_valid() else {}
        return {"klass_id": data.get("klass"), "level": data.get("level", "")}


class RoundForm(forms.Form):
    """How the same-day round is staffed."""

    counselors = forms.IntegerField(label="可参加的心理教师人数", min_value=1, max_value=20, initial=1)
    minutes = forms.IntegerField(label="每人分钟数", min_value=3, max_value=30, initial=5)

    def chosen(self) -> dict[str, int]:
        data = self.cleaned_data if self.is_valid() else {}
        return {"counselors": data.get("counselors", 1), "minutes": data.get("minutes", 5)}


class DiagnosisHint(forms.Form):
    """A form whose text may not carry a diagnosis without its medical source (精神卫生法 §23, 4-workflow D9.14)."""

    is_from_hospital = forms.BooleanField(label="文中的诊断说法由医疗机构提供（监护人转述或有病历）", required=False)
    text_field = ""

    def clean(self):
        data = super().clean() or self.cleaned_data
        words = diagnosis_words(data.get(self.text_field) or "")
        if words and not data.get("is_from_hospital"):
            self.add_error(self.text_field, hint(words))
        return data


ANSWERS = [("", "没有问"), (NO, "否"), (YES, "是"), (REFUSED, "不愿回答")]
ASQ_TOPICS = (
    ("1", "近几周，想过不如死了"),
    ("2", "近几周，觉得自己死了对家人更好"),
    ("3", "近一周，想过结束自己的生命"),
    ("4", "曾经试过结束自己的生命"),
    ("5", "此刻正想结束自己的生命（前四题有“是”或“不愿回答”时必问）"),
)
CSSRS_NUMBERS = (
    ("1", "第 1 题"), ("2", "第 2 题"), ("3", "第 3 题（第 2 题为“是”时问）"), ("4", "第 4 题（同上）"),
    ("5", "第 5 题（同上）"), ("6", "第 6 题，一生中"), ("6m", "第 6 题，近三个月"),
)  # fmt: skip


class TemplateForm(forms.Form):
    """The questions of the bureau's template; what was not asked is kept as not asked."""

    def __init__(self, *args, template: InterviewTemplate, **kwargs):
        super().__init__(*args, **kwargs)
        self.template = template
        for question in template.questions:
            label = f"{question.label}（要问到）" if question.is_core else question.label
            if question.kind == "choice":
                choices = [("", "没有问"), *((option, option) for option in question.options)]
                field: forms.Field = forms.ChoiceField(label=label, choices=choices, required=False)
            else:
                field = forms.CharField(
                    label=label, required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
                )
            self.fields[f"q_{question.code}"] = field

    def kept(self) -> dict:
        """What is sealed with the interview: the questions as they were asked; {} when nothing was filled in."""
        said = [(one.label, self.cleaned_data.get(f"q_{one.code}") or "") for one in self.template.questions]
        if not any(answer for _, answer in said):
            return {}
        answers = [[label, answer or "没有问"] for label, answer in said]
        return {"title": self.template.title, "version": self.template.version, "answers": answers}


class ScreenerForm(forms.Form):
    """ASQ and C-SSRS as a person asked them; both may be left out.

    `words`: the official C-SSRS as the county bound it; without it the school reads it from its own paper.
    """

    def __init__(self, *args, words: Sequence[Sequence[str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.bound_words: dict[str, str] = {pair[0]: pair[1] for pair in words}
        cssrs = [(number, self.bound_words.get(number, topic)) for number, topic in CSSRS_NUMBERS]
        for prefix, rows in (("asq", ASQ_TOPICS), ("cssrs", cssrs)):
            for number, topic in rows:
                label = f"{prefix.upper().replace('CSSRS', 'C-SSRS')} {topic}"
                self.fields[f"{prefix}_{number}"] = forms.ChoiceField(label=label, choices=ANSWERS, required=False)

    def answered(self, prefix: str) -> dict[str, str]:
        start = f"{prefix}_"
        return {n.removeprefix(start): v for n, v in self.cleaned_data.items() if n.startswith(start) and v}

    def clean(self):
        data = super().clean() or self.cleaned_data
        self.readings = []
        for prefix, judge in (("asq", asq), ("cssrs", cssrs)):
            try:
                reading = judge(self.answered(prefix))
            except IncompleteScreener as gap:
                self.add_error(f"{prefix}_{gap.question}", gap.text)
            else:
                self.readings += [reading] if reading else []
        return data

    @property
    def is_acute(self) -> bool:
        return any(reading.is_acute for reading in self.readings)

    def kept(self) -> dict:
        """What is sealed with the interview: answers and readings; {} when nothing was asked."""
        said = {prefix: self.answered(prefix) for prefix in ("asq", "cssrs") if self.answered(prefix)}
        return {"answers": said, "readings": [[r.code, r.label, r.steps] for r in self.readings]} if said else {}


class ShownFlags(forms.Form):
    """Carries which flags stood on the page: a talk answers those and none that came meanwhile."""

    flags = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_flags(self) -> list[int]:
        text = self.cleaned_data["flags"]
        return [int(part) for part in text.split(",") if part.strip().isdecimal()][:200]

    def stand_on(self, flags: Iterable[Flag]) -> None:
        """From now on the page shows these, and what is sent next answers these."""
        shown = ",".join(str(flag.pk) for flag in flags)
        self.initial["flags"] = shown
        if self.is_bound:
            sent = QueryDict(mutable=True)
            sent.update(self.data)  # type: ignore[arg-type]
            sent["flags"] = shown
            self.data = sent


class RoundTalkForm(ShownFlags, DiagnosisHint):
    """Five minutes in three taps: what was heard, the outcome, save. Anything grave goes to the full form."""

    text_field = "note"
    heard = forms.ChoiceField(
        label="听到了什么",
        widget=forms.RadioSelect,
        choices=[
            ("none", "没有伤害自己的想法"),
            ("thought", "有过想法，没有计划、没有工具、没有尝试过"),
            ("grave", "有计划、有工具、尝试过，或不愿回答"),
        ],
    )
    outcome = forms.ChoiceField(
        label="结果",
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in (Outcome.NO_CONCERN, Outcome.WATCH, Outcome.SUPPORT)],
    )
    note = forms.CharField(label="补一句", required=False, max_length=400, widget=forms.TextInput)
    field_order = ["heard", "outcome", "note", "is_from_hospital", "flags"]

    def clean(self):
        data = super().clean()
        if data.get("heard") == "grave":
            self.add_error("heard", "请不要让学生独处，改用“完整访谈”继续。")
        if data.get("heard") == "thought" and data.get("outcome") == Outcome.NO_CONCERN:
            self.add_error("outcome", "有过想法时，请选“持续留意”或“安排辅导”。")
        return data


class InterviewForm(ShownFlags, DiagnosisHint):
    text_field = "summary"
    at = forms.DateTimeField(
        label="访谈时间",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    outcome = forms.ChoiceField(label="结果", choices=Outcome.choices, widget=forms.RadioSelect)
    watch_until = forms.DateField(
        label="留意至",
        required=False,
        help_text="结果为“持续留意”时必填，到期自动提醒复核。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    summary = forms.CharField(
        label="访谈要点",
        max_length=4000,
        help_text="记录学生说的话和您看到的情况；加密保存，仅心理教师可读。",
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    field_order = ["at", "outcome", "watch_until", "summary", "is_from_hospital", "flags"]

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at > timezone.now() + LATER:
            raise forms.ValidationError("访谈时间不能晚于现在。")
        return at

    def clean(self):
        data = super().clean()
        if data.get("outcome") == Outcome.WATCH:
            until = data.get("watch_until")
            if "watch_until" not in self.errors and (until is None or until <= timezone.localdate()):
                self.add_error("watch_until", "请填写今天之后的日期。")
        return data
