"""What can be done with students. Each action is one transaction with one audit entry."""

from .decisions import DecisionRefused, confirm_decision, record_decision
from .lookups import reveal_guardian_phone, reveal_id_number
from .roster import ImportRefused, import_roster, undo_import
from .students import add_attention, edit_student, end_attention, review_attention

__all__ = [
    "DecisionRefused",
    "ImportRefused",
    "add_attention",
    "confirm_decision",
    "edit_student",
    "end_attention",
    "import_roster",
    "record_decision",
    "reveal_guardian_phone",
    "reveal_id_number",
    "review_attention",
    "undo_import",
]
