"""Forms on and around a result: the counselor's reading, an invitation to answer again, informants, own words."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from assessments.actions.readings import typed_answers
from assessments.choices import Verdict
from assessments.scoring import Definition

#: how long an invitation to answer again may stand open
AGAIN_DAYS, LONGEST_AGAIN = 14, 60


class ReadingForm(forms.Form):
    verdict = forms.ChoiceField(label="结合访谈和观察", choices=Verdict, widget=forms.RadioSelect)
    note = forms.CharField(
        label="依据", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="从哪里看出来的；只有本校心理教师能看到。",
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("verdict") in (Verdict.NOT, Verdict.PARTLY) and not cleaned.get("note"):
            self.add_error("note", "与分数不完全相符时，请写一句依据。")
        return cleaned


class AgainForm(forms.Form):
    until = forms.DateField(
        label="作答码有效到", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择日期。", "invalid": "请写成 2026-09-01 这样的日期。"},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = timezone.localdate() + timedelta(days=AGAIN_DAYS)

    def clean_until(self) -> date:
        until, today = self.cleaned_data["until"], timezone.localdate()
        if not today <= until <= today + timedelta(days=LONGEST_AGAIN):
            raise forms.ValidationError(f"请选择今天起 {LONGEST_AGAIN} 天以内的日期。")
        return until


class OwnWordsForm(forms.Form):
    words = forms.CharField(
        label="您想对他（她）说的话", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不写分数、等级和量表名称。",
    )  # fmt: skip


class WhichForm(forms.Form):
    """Which paper form somebody filled in: "version:order:role"."""

    paper = forms.ChoiceField(label="问卷与填写人")

    def __init__(self, *args, papers: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["paper"].choices = papers


class InformantForm(forms.Form):
    """One paper sheet: who, when, and an answer per printed place; a blank stays a blank."""

    who = forms.CharField(label="与学生的关系", max_length=30, help_text="如母亲、班主任；不写姓名。")
    filled_on = forms.DateField(
        label="填写日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择日期。", "invalid": "请写成 2026-09-01 这样的日期。"},
    )  # fmt: skip

    def __init__(self, *args, scale: Definition, order: str, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = scale.form(order)
        assert chosen is not None  # the choice came from the scale's own orders
        self.count = len(chosen.order)
        for place, number in enumerate(chosen.order, 1):
            item = scale.items[number - 1]
            choices = [(str(option.value), f"{option.label_zh}（{option.value}）") for option in item.options]
            self.fields[f"a{place}"] = forms.ChoiceField(
                label=f"{place}. {item.text_zh or f'（纸面第 {place} 题）'}", required=False,
                choices=[("", "没有答"), *choices], widget=forms.RadioSelect, initial="",
            )  # fmt: skip

    def clean_filled_on(self) -> date:
        if self.cleaned_data["filled_on"] > timezone.localdate():
            raise forms.ValidationError("填写日期不能晚于今天。")
        return self.cleaned_data["filled_on"]

    def clean(self):
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(f"a{n}") for n in range(1, self.count + 1)):
            raise forms.ValidationError("一题也没有答，没有可以保存的内容。")
        return cleaned

    @property
    def answers(self) -> list[int | None]:
        return typed_answers(self.cleaned_data, self.count)

    @property
    def items(self) -> list[forms.BoundField]:
        return [self[f"a{place}"] for place in range(1, self.count + 1)]
