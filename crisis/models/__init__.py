from .cards import ActionCard, CardAnswer, CardFeedback
from .cases import LEADERS, AboutCase, Case, CaseHistory
from .chain import ChainStep, Guidance, Handover
from .conferences import Conference, MinutesCopy, Seat
from .follow_ups import FollowUp
from .levels import LevelStatement, LoweringRequest
from .notes import CaseNote, NoteKind
from .plan import Cause, PlanItem
from .requests import ClosingKind, ClosingRequest, TwoPersonRequest

__all__ = [
    "LEADERS",
    "AboutCase",
    "ActionCard",
    "CardAnswer",
    "CardFeedback",
    "Case",
    "CaseHistory",
    "CaseNote",
    "Cause",
    "ChainStep",
    "ClosingKind",
    "ClosingRequest",
    "Conference",
    "FollowUp",
    "Guidance",
    "Handover",
    "LevelStatement",
    "LoweringRequest",
    "MinutesCopy",
    "NoteKind",
    "PlanItem",
    "Seat",
    "TwoPersonRequest",
]
