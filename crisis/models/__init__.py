from .cases import LEADERS, AboutCase, Case, CaseHistory
from .levels import LevelStatement, LoweringRequest
from .notes import CaseNote, NoteKind
from .plan import Cause, PlanItem
from .requests import ClosingKind, ClosingRequest, TwoPersonRequest

__all__ = [
    "LEADERS",
    "AboutCase",
    "Case",
    "CaseHistory",
    "CaseNote",
    "Cause",
    "ClosingKind",
    "ClosingRequest",
    "LevelStatement",
    "LoweringRequest",
    "NoteKind",
    "PlanItem",
    "TwoPersonRequest",
]
