"""The form about a room is made from the standard's data: a new line of the standard is a new field."""

from django import forms

from .actions import RoomValues
from .models import Room
from .queries import RATIO
from .standard import COMPLIANCES, ROOM_TYPES, CheckItem, load_standard


def _field(item: CheckItem, label: str) -> forms.Field:
    if item.at_least is None and item.at_most is None:
        return forms.BooleanField(label=label, required=False)
    unit = f"（{item.unit}）" if item.unit else ""
    most = 100 if item.unit == "%" else 99999
    return forms.FloatField(label=f"{label}{unit}", required=False, min_value=0, max_value=most)


class RulesForm(forms.Form):
    """Named as in standard.RuleSettings; `document` beside them."""

    town_counts_as_rural = forms.BooleanField(label="镇区学校按农村学校计", required=False)
    whole_school_enrolment = forms.BooleanField(
        label="有高中部的学校按全校人数计（不勾选：有高中部人数的按高中部计）", required=False
    )
    model_from = forms.IntegerField(
        label="示范性高中、中职应建示范型：在校学生达到（人）", min_value=100, max_value=20000,
        help_text="默认 1000 人，含本数。",
    )  # fmt: skip
    simple_up_to = forms.IntegerField(
        label="农村中小学可建简易型：在校学生不超过（人）", min_value=0, max_value=5000,
        help_text="默认 600 人，含本数。",
    )  # fmt: skip
    document = forms.CharField(
        label="依据的文件或说明", max_length=200, min_length=4, help_text="例如：本区心理辅导室建设实施办法 2026 版。"
    )

    def rules(self) -> dict[str, int | bool]:
        return {name: value for name, value in self.cleaned_data.items() if name != "document"}


class RoomForm(forms.Form):
    name = forms.CharField(label="名称", max_length=40, initial="心理辅导室")
    built_type = forms.ChoiceField(
        label="已建类型", choices=[(code, room_type.label) for code, room_type in ROOM_TYPES.items()]
    )
    accepted_on = forms.DateField(
        label="验收日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, room: Room | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        standard = load_standard()
        self.asked = [name for name in standard.facts if name != RATIO]
        for name in sorted(self.asked, key=lambda name: _is_yes_or_no(standard.facts[name])):
            self.fields[name] = _field(standard.facts[name], standard.label(standard.facts[name]))
        if room is not None:
            shown = {"name": room.name, "built_type": room.built_type, "accepted_on": room.accepted_on}
            self.initial = {**room.facts, **shown}

    def values(self) -> RoomValues:
        """What was typed; an empty number is left out, so that it stays 未填报."""
        data = self.cleaned_data
        facts = {name: data[name] for name in self.asked if data[name] is not None}
        return RoomValues(data["name"], data["built_type"], data["accepted_on"], facts)


def _is_yes_or_no(item: CheckItem) -> bool:
    return item.at_least is None and item.at_most is None


class RoomFilter(forms.Form):
    compliance = forms.ChoiceField(
        label="类型对照",
        required=False,
        choices=[("", "全部"), *((code, state.label) for code, state in COMPLIANCES.items())],
    )
