"""Asking for a file: what it is for is always said."""

from django import forms

from .models import ReportKind

PURPOSES = ("个别辅导准备", "研判会使用", "班主任家校沟通准备", "转介材料准备", "转学移交", "监护人申请查阅")


class GrowthFileForm(forms.Form):
    purpose = forms.CharField(
        label="用途",
        max_length=100,
        min_length=2,
        help_text=f"例如：{'、'.join(PURPOSES)}。用途会写在文件上，并留在调阅记录里。",
        error_messages={"required": "请写明用途。", "min_length": "请把用途写清楚，至少两个字。"},
    )


class CaseFileForm(forms.Form):
    """Which of the two, for what, and for whom outside."""

    kind = forms.ChoiceField(
        label="要哪一种",
        widget=forms.RadioSelect,
        choices=[
            (ReportKind.CASE_FILE.value, "校内完整件：您能看到的全部内容，只在校内使用和归档"),
            (ReportKind.CASE_COPY.value, "对外副本：不含其他人的姓名、记录正文、告知人和监护人电话"),
        ],
    )
    recipient = forms.CharField(
        label="交给谁",
        max_length=40,
        required=False,
        help_text="对外副本必填。例如：市人民医院心理门诊、教育局指派的专家。",
    )
    purpose = forms.CharField(
        label="用途",
        max_length=55,
        min_length=2,
        help_text="用途会写在文件上，并留在调阅记录里。",
        error_messages={"required": "请写明用途。", "min_length": "请把用途写清楚，至少两个字。"},
    )

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("kind") == ReportKind.CASE_COPY and not data.get("recipient") and "recipient" not in self.errors:
            self.add_error("recipient", "请写明对外副本交给谁。")
        return data

    def asked(self) -> dict:
        """{'purpose', 'is_redacted'}; the reader outside stands in the purpose."""
        said, is_redacted = self.cleaned_data, self.cleaned_data["kind"] == ReportKind.CASE_COPY
        purpose = f"交{said['recipient']}：{said['purpose']}" if is_redacted else said["purpose"]
        return {"purpose": purpose, "is_redacted": is_redacted}
