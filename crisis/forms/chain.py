"""Forms of the duty clock."""

from django import forms

LONG = forms.Textarea(attrs={"rows": 4})


class HandoverForm(forms.Form):
    reason = forms.CharField(
        label="移交事由", widget=LONG, max_length=2000, help_text="写需要教育局帮助什么、学校已经做了什么。"
    )


class GuidanceForm(forms.Form):
    body = forms.CharField(label="给学校的指导意见", widget=LONG, max_length=2000)
