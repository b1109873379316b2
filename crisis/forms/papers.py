"""What is asked before something of a case goes on paper: what for, and whether it leaves the school."""

from django import forms

from crisis.actions.ledgers import FORMATS
from crisis.ledger import LEDGERS


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label="用途",
        max_length=100,
        min_length=2,
        help_text="例如：研判会使用、教育局检查、校内存档。用途会写在文件上，并留在调阅记录里。",
        error_messages={"required": "请写明用途。", "min_length": "请把用途写清楚，至少两个字。"},
    )


class PaperForm(PurposeForm):
    where = forms.ChoiceField(
        label="给谁看",
        choices=[("inside", "校内使用，含姓名"), ("outside", "离开学校，不含姓名")],
        widget=forms.RadioSelect,
        initial="outside",
    )

    @property
    def values(self) -> dict:
        return {"purpose": self.cleaned_data["purpose"], "is_redacted": self.cleaned_data["where"] == "outside"}


class LedgerForm(PurposeForm):
    ledger = forms.ChoiceField(label="哪一份", widget=forms.RadioSelect, initial="register")
    kind = forms.ChoiceField(label="格式", widget=forms.RadioSelect, choices=list(FORMATS.items()), initial="xlsx")
    field_order = ("ledger", "kind", "purpose")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ledger"].choices = [(one.code, one.label) for one in LEDGERS.values()]  # type: ignore[attr-defined]
