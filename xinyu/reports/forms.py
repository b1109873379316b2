"""Asking for a file: what it is for is always said."""

from django import forms

PURPOSES = ("个别辅导准备", "研判会使用", "班主任家校沟通准备", "转介材料准备", "转学移交", "监护人申请查阅")


class GrowthFileForm(forms.Form):
    purpose = forms.CharField(
        label="用途",
        max_length=100,
        min_length=2,
        help_text=f"例如：{'、'.join(PURPOSES)}。用途会写在文件上，并留在调阅记录里。",
        error_messages={"required": "请写明用途。", "min_length": "请把用途写清楚，至少两个字。"},
    )
