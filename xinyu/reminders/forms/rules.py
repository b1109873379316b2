"""What a county decides about its seasons: a season of its own, one switched off, days of reminding."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from xinyu.access.roles import ROLES
from xinyu.organisations.choices import Stage
from xinyu.reminders.forms.answers import day_field
from xinyu.reminders.menu import MENU, MenuItem, SeasonDraft, Wanted

KINDS = (
    ("dates", "只这一次，从某日到某日"),
    ("months", "每年同样的月日"),
    ("exam", "考试前后"),
    ("before_break", "寒暑假放假前"),
)
GRADES = (("all", "全部年级"), ("entering", "起始年级（新生）"), ("leaving", "毕业年级"))
EXAMS = (("midterm", "期中考试"), ("final", "期末考试"), ("zhongkao", "中考"), ("gaokao", "高考"))
LONGEST = 200


def _days(label: str, most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False, **options)


class FromForm(forms.Form):
    """A change comes into force on a day; `base` is the version that was on the screen."""

    from_on = day_field("从哪一天起生效", help_text="当天起按新的设定提醒；已经签发的报告不变。")
    base = forms.IntegerField(widget=forms.HiddenInput)


class SeasonForm(FromForm):
    """A season of the county's own: when, about whom, and which lines of the menu are owed until when."""

    title = forms.CharField(label="名称", max_length=20, error_messages={"required": "请填写时节名称。"})
    stages = forms.MultipleChoiceField(
        label="学段", choices=Stage.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="一个都不选表示全部学段。",
    )  # fmt: skip
    grades = forms.ChoiceField(label="年级", choices=GRADES)
    kind = forms.ChoiceField(label="时间", choices=KINDS)
    start = day_field("开始日期", required=False, help_text="选“每年同样的月日”时，年份不算。")
    end = day_field("结束日期", required=False)
    exam = forms.ChoiceField(label="哪一场考试", choices=(("", "—"), *EXAMS), required=False)
    days_before = _days("提前几天开始", 60, help_text="考试或放假前几天。")
    days_after = _days("考试后再持续几天", 30)

    field_order = ("title", "stages", "grades", "kind", "start", "end", "exam", "days_before", "days_after")

    def __init__(self, *args, draft: SeasonDraft | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if draft is not None:
            self.initial = {**self.initial, **{name: getattr(draft, name) for name in self.field_order}}
        chosen = {one.item.code: one for one in draft.wanted} if draft else {}
        for item in MENU:
            one = chosen.get(item.code)
            words = "开始后第几天前" if item.anchor == "start" else "结束前几天"
            self.fields[f"ask_{item.code}"] = forms.BooleanField(
                label=f"{ROLES[item.role].label}：{item.title}", required=False, initial=one is not None
            )
            self.fields[f"title_{item.code}"] = forms.CharField(
                label="任务名称", max_length=30, required=False, initial=one.title if one else item.title
            )
            self.fields[f"days_{item.code}"] = _days(words, LONGEST, initial=one.days if one else item.days)

    def menu(self) -> Iterator[tuple[BoundField, BoundField, BoundField]]:
        """Ticked or not, the words of the task, its day."""
        for item in MENU:
            yield self[f"ask_{item.code}"], self[f"title_{item.code}"], self[f"days_{item.code}"]

    def plain(self) -> list[BoundField]:
        return [self[name] for name in self.field_order]

    def clean(self) -> dict:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind in ("dates", "months"):
            self._check_span(data)
        elif kind == "exam" and not data.get("exam"):
            self.add_error("exam", "请选择考试。")
        elif kind == "before_break" and not data.get("days_before"):
            self.add_error("days_before", "请填写放假前几天开始。")
        if not any(data.get(f"ask_{item.code}") for item in MENU):
            self.add_error(None, "请至少选择一项任务：没有任务的时节不会提醒任何人。")
        return data

    def _check_span(self, data: dict) -> None:
        for name in ("start", "end"):
            if name not in self.errors and not data.get(name):
                self.add_error(name, "请选择日期。")
        start, end = data.get("start"), data.get("end")
        if not start or not end:
            return
        if end < start:
            self.add_error("end", "结束日期不能早于开始日期。")
        elif (end - start).days > LONGEST:
            self.add_error("end", f"一个时节最长 {LONGEST} 天。")
        elif data["kind"] == "months" and (
            start.year != end.year or (2, 29) in ((d.month, d.day) for d in (start, end))
        ):
            self.add_error("end", "每年同样的月日应在同一年之内，也不能是 2 月 29 日。")

    def draft(self) -> SeasonDraft:
        data = self.cleaned_data
        return SeasonDraft(
            data["title"], data["kind"], tuple(data["stages"]), data["grades"], data["start"], data["end"],
            data["exam"], data["days_before"] or 0, data["days_after"] or 0,
            tuple(self._wanted(item) for item in MENU if data[f"ask_{item.code}"]),
        )  # fmt: skip

    def _wanted(self, item: MenuItem) -> Wanted:
        days = self.cleaned_data[f"days_{item.code}"]
        return Wanted(item, self.cleaned_data[f"title_{item.code}"] or item.title, item.days if days is None else days)


class SwitchForm(FromForm):
    """Only the day: what is switched stands in the address."""


class HabitsForm(FromForm):
    """Days of reminding, and when 心理健康月 is held."""

    soon_days = forms.IntegerField(
        label="到期前几个工作日提醒", min_value=1, max_value=10, error_messages={"required": "请填写 1–10。"}
    )
    overdue_days = forms.IntegerField(
        label="每一级逾期提醒几次", min_value=1, max_value=10, error_messages={"required": "请填写 1–10。"},
        help_text="逾期后每个工作日提醒一次，提醒这么多次仍未完成，就请上一级一起督促。",
    )  # fmt: skip
    raises = forms.IntegerField(
        label="逾期最多上移几级", min_value=0, max_value=3, error_messages={"required": "请填写 0–3。"}
    )
    month_start = day_field("心理健康月从")
    month_end = day_field("心理健康月到", help_text="从这一年起每年按这个月日；市文件为 3–5 月，省里为 5 月。")

    field_order = ("soon_days", "overdue_days", "raises", "month_start", "month_end")

    def clean(self) -> dict:
        data = super().clean() or {}
        start, end = data.get("month_start"), data.get("month_end")
        if start and end:
            if end < start:
                self.add_error("month_end", "结束日期不能早于开始日期。")
            elif start.year != end.year or (2, 29) in ((day.month, day.day) for day in (start, end)):
                self.add_error("month_end", "应在同一年之内，也不能是 2 月 29 日。")
        return data

    def policy(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in ("soon_days", "overdue_days", "raises")}

    def month(self) -> dict[str, Any]:
        start: date = self.cleaned_data["month_start"]
        end: date = self.cleaned_data["month_end"]
        return {"from_year": start.year, "start": f"{start:%m-%d}", "end": f"{end:%m-%d}", "source": "本区设定"}
