"""The county's choice of a level scheme."""

from django import forms

from crisis.forms.cases import DAY
from crisis.levels import shipped_schemes


class SchemeForm(forms.Form):
    key = forms.ChoiceField(label="方案", widget=forms.RadioSelect)
    from_on = forms.DateField(
        label="起用日", widget=DAY, help_text="这一天起新作的定级用新方案；以前的定级保留原来的说法。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [  # type: ignore[attr-defined]
            (scheme.key, f"{scheme.title}（{scheme.version} 版）") for scheme in shipped_schemes()
        ]
