"""What is asked about being reached; an empty address switches its channel off."""

from django import forms

from xinyu.reminders.delivery import addresses
from xinyu.reminders.forms.answers import day_field

TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
WRONG_TIME = {"invalid": "时间写法应为 07:30。", "required": "请填写时间。"}


class SettingsForm(forms.Form):
    mail = forms.EmailField(
        label="电子邮箱", required=False, max_length=120, help_text="留空表示不用邮件。",
        error_messages={"invalid": "邮箱写法应为 name@example.com。"},
    )  # fmt: skip
    phone = forms.CharField(label="手机号码", required=False, max_length=20, help_text="留空表示不用短信。")
    digest_at = forms.TimeField(
        label="每日汇总时间", widget=TIME, error_messages=WRONG_TIME, help_text="普通待办每天只汇总发一次。"
    )
    quiet_from = forms.TimeField(label="免打扰开始", widget=TIME, error_messages=WRONG_TIME)
    quiet_to = forms.TimeField(
        label="免打扰结束", widget=TIME, error_messages=WRONG_TIME,
        help_text="紧急待办不受免打扰限制。开始和结束相同表示不设免打扰。",
    )  # fmt: skip

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        try:
            return addresses.phone(text) if text else ""
        except addresses.AddressRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


class AbsenceForm(forms.Form):
    deputy = forms.TypedChoiceField(
        label="代理人",
        coerce=int,
        error_messages={"required": "请选择代理人。", "invalid_choice": "请选择名单中的同事。"},
    )
    from_on = day_field("从")
    to_on = day_field("到（含）")

    def __init__(self, *args, deputies: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].choices = [("", "请选择"), *deputies]  # type: ignore[attr-defined]


class GroupForm(forms.Form):
    address = forms.CharField(
        label="机器人地址", required=False, max_length=300,
        help_text="企业微信 wecombot://密钥，钉钉 dingtalk://密钥，飞书 feishu://密钥。留空表示不用。",
    )  # fmt: skip

    def clean_address(self) -> str:
        text = self.cleaned_data["address"].strip()
        try:
            return addresses.group(text) if text else ""
        except addresses.AddressRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
